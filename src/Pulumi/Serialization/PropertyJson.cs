using System.Collections.Immutable;
using System.Text.Json;
using Google.Protobuf;
using Pulumi.Wire;

namespace Pulumi.Serialization;

/// <summary>Values as JSON and back, for inputs and outputs that are JSON themselves.</summary>
internal static class PropertyJson
{
    /// <summary>JSON text, with the spacing that Pulumi's own .NET SDK sends, so that changing the SDK is no change of the input.</summary>
    public static string ToText(PropertyValue value) => JsonFormatter.Default.Format(PropertyCodec.Encode(value));

    public static JsonElement ToElement(PropertyValue value)
    {
        using var document = JsonDocument.Parse(ToText(value));
        return document.RootElement.Clone();
    }

    public static PropertyValue FromElement(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => new PropertyValue.String(element.GetString()!),
        JsonValueKind.Number => new PropertyValue.Number(element.GetDouble()),
        JsonValueKind.True => new PropertyValue.Boolean(true),
        JsonValueKind.False => new PropertyValue.Boolean(false),
        JsonValueKind.Array => new PropertyValue.Array([.. element.EnumerateArray().Select(FromElement)]),
        JsonValueKind.Object => new PropertyValue.Object(
            element.EnumerateObject().Aggregate(PropertyMap.Empty, (map, entry) => map.With(entry.Name, FromElement(entry.Value)))),
        _ => PropertyValue.NullValue,
    };
}
