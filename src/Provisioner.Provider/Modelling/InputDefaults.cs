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

    /// <summary>The map with every property that its record calls secret wrapped as one, however deep it lies.</summary>
    public static PropertyMap MarkSecrets(Type type, PropertyMap given) =>
        RecordShape.Of(type).Properties
            .Where(property => given.TryGetValue(property.WireName, out var value) && value is not PropertyValue.Null)
            .Aggregate(given, (map, property) => map.With(property.WireName, Marked(property, map[property.WireName])));

    /// <summary>The map with the secrets marked that no text may hold: see <see cref="SecretPartsAttribute"/>.</summary>
    public static PropertyMap SecretsOf(Type type, PropertyMap given) =>
        RecordShape.Of(type).Properties.Aggregate(MarkSecrets(type, given), (map, property) =>
            property.Kind is ValueKind.Nested nested && nested.Type.IsDefined(typeof(SecretPartsAttribute), inherit: true)
            && map.TryGetValue(property.WireName, out var value)
            && (value is PropertyValue.Secret whole ? whole.Value : value) is PropertyValue.Object parts
                ? map.With(property.WireName, new PropertyValue.Object(SecretsOf(nested.Type, parts.Properties)))
                : map);

    private static PropertyValue Marked(PropertyShape property, PropertyValue value) =>
        !property.IsSecret ? Marked(property.Kind, value) : value is PropertyValue.Secret ? value : new PropertyValue.Secret(value);

    private static PropertyValue Marked(ValueKind kind, PropertyValue value) => (kind, value) switch
    {
        (ValueKind.Nested nested, PropertyValue.Object map) => new PropertyValue.Object(MarkSecrets(nested.Type, map.Properties)),
        (ValueKind.List list, PropertyValue.Array items) => new PropertyValue.Array([.. items.Items.Select(item => Marked(list.Item, item))]),
        (ValueKind.Map map, PropertyValue.Object entries) => new PropertyValue.Object(
            PropertyMap.Of(entries.Properties.Select(entry => KeyValuePair.Create(entry.Key, Marked(map.Item, entry.Value))))),
        _ => value,
    };
}
