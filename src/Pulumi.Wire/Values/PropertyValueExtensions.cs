using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Pulumi.Wire;

/// <summary>Questions that every end asks of a value.</summary>
public static class PropertyValueExtensions
{
    /// <summary>Whether a value that is not known yet stands anywhere in it.</summary>
    public static bool ContainsUnknowns(this PropertyValue value) => value switch
    {
        PropertyValue.Unknown => true,
        PropertyValue.Output output => output.Value is null || output.Value.ContainsUnknowns(),
        _ => value.Children().Any(ContainsUnknowns),
    };

    /// <summary>Whether a value that is not known yet stands anywhere in it.</summary>
    public static bool ContainsUnknowns(this PropertyMap properties) => properties.Values.Any(ContainsUnknowns);

    /// <summary>Whether a secret stands anywhere in it.</summary>
    public static bool ContainsSecrets(this PropertyValue value) =>
        value is PropertyValue.Secret or PropertyValue.Output { IsSecret: true } || value.Children().Any(ContainsSecrets);

    /// <summary>The same value with every secret and output replaced by its content, and unknown outputs by unknowns.</summary>
    public static PropertyValue Unwrap(this PropertyValue value) => value switch
    {
        PropertyValue.Secret secret => secret.Value.Unwrap(),
        PropertyValue.Output output => output.Value?.Unwrap() ?? PropertyValue.UnknownValue,
        PropertyValue.Array array => new PropertyValue.Array([.. array.Items.Select(Unwrap)]),
        PropertyValue.Object map => new PropertyValue.Object(map.Properties.Unwrap()),
        _ => value,
    };

    /// <summary>The same map with every secret and output replaced by its content.</summary>
    public static PropertyMap Unwrap(this PropertyMap properties) =>
        PropertyMap.Of(properties.Select(property => KeyValuePair.Create(property.Key, property.Value.Unwrap())));

    /// <summary>The text, when the value is one, looking through secrets and outputs.</summary>
    public static bool TryGetText(this PropertyValue value, [NotNullWhen(true)] out string? text)
    {
        text = (value.Unwrap() as PropertyValue.String)?.Value;
        return text is not null;
    }

    private static IEnumerable<PropertyValue> Children(this PropertyValue value) => value switch
    {
        PropertyValue.Secret secret => [secret.Value],
        PropertyValue.Output output => output.Value is null ? ImmutableArray<PropertyValue>.Empty : [output.Value],
        PropertyValue.Array array => array.Items,
        PropertyValue.Object map => map.Properties.Values,
        PropertyValue.Archive { Source: ArchiveSource.Assets assets } => assets.Entries.Values,
        _ => [],
    };
}
