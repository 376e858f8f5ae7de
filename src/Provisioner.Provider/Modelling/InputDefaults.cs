using Pulumi.Wire;

namespace Provisioner.Provider.Modelling;

/// <summary>Inputs as they were given, with the record's defaults filled in and its secrets marked.</summary>
internal static class InputDefaults
{
    public static PropertyMap Complete(Type argsType, PropertyMap given)
    {
        var result = given;
        foreach (var property in RecordShape.Of(argsType).Properties)
        {
            if (!given.TryGetValue(property.WireName, out var value) || value is PropertyValue.Null)
            {
                // A null is "not given": it goes, so that writing null and writing nothing are no difference.
                value = RecordEncoder.Value(property.Kind, property.Default);
                result = value is null ? result.Without(property.WireName) : result.With(property.WireName, value);
            }

        }

        return MarkSecrets(argsType, result);
    }

    /// <summary>The map with every property that its record calls secret wrapped as one.</summary>
    public static PropertyMap MarkSecrets(Type type, PropertyMap given) =>
        RecordShape.Of(type).Properties
            .Where(property => property.IsSecret && given.TryGetValue(property.WireName, out var value) && value is not (PropertyValue.Null or PropertyValue.Secret))
            .Aggregate(given, (map, property) => map.With(property.WireName, new PropertyValue.Secret(map[property.WireName])));
}
