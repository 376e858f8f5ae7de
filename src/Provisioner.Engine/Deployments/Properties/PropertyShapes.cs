using Pulumi.Wire;

namespace Provisioner.Engine.Deployments.Properties;

/// <summary>Values as each end can read them.</summary>
internal static class PropertyShapes
{
    /// <summary>What a program sent, as the engine works on it: output values become their content, a secret, or an unknown. What they depend on comes beside them.</summary>
    public static PropertyMap Settle(PropertyMap properties) => Map(properties, value => value switch
    {
        PropertyValue.Output { Value: null } => PropertyValue.UnknownValue,
        PropertyValue.Output { IsSecret: true } secret => new PropertyValue.Secret(secret.Value),
        PropertyValue.Output output => output.Value,
        _ => value,
    });

    /// <summary>For ends that know no resource references: the id, or for a component the URN.</summary>
    public static PropertyMap WithoutReferences(PropertyMap properties) => Map(properties, value => value switch
    {
        PropertyValue.ResourceReference { Id: null } component => component.Urn,
        PropertyValue.ResourceReference { Id: "" } => PropertyValue.UnknownValue,
        PropertyValue.ResourceReference reference => reference.Id,
        _ => value,
    });

    /// <summary>Assets with their hashes only: what they hold is no part of an old state.</summary>
    public static PropertyMap WithoutContents(PropertyMap properties) => Map(properties, value => value switch
    {
        PropertyValue.Asset { Hash.Length: > 0 } asset => asset with { Source = null },
        PropertyValue.Archive { Hash.Length: > 0 } archive => archive with { Source = null },
        _ => value,
    });

    /// <summary>For programs that cannot read partly known values: without the top-level properties that are not wholly known.</summary>
    public static PropertyMap WhollyKnown(PropertyMap properties) =>
        PropertyMap.Of(properties.Where(property => !property.Value.ContainsUnknowns()));

    /// <summary>Applies a function to every value, the inner ones first.</summary>
    public static PropertyMap Map(PropertyMap properties, Func<PropertyValue, PropertyValue> change) =>
        PropertyMap.Of(properties.Select(property => KeyValuePair.Create(property.Key, Map(property.Value, change))));

    private static PropertyValue Map(PropertyValue value, Func<PropertyValue, PropertyValue> change) => change(value switch
    {
        PropertyValue.Secret secret => new PropertyValue.Secret(Map(secret.Value, change)),
        PropertyValue.Output { Value: { } inner } output => output with { Value = Map(inner, change) },
        PropertyValue.Array array => new PropertyValue.Array([.. array.Items.Select(item => Map(item, change))]),
        PropertyValue.Object map => new PropertyValue.Object(Map(map.Properties, change)),
        _ => value,
    });
}
