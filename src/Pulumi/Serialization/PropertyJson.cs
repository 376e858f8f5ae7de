using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Pulumi.Wire;

namespace Pulumi.Serialization;

/// <summary>Values as JSON and back, for inputs and outputs that are JSON themselves.</summary>
internal static class PropertyJson
{
    /// <summary>JSON text, with the spacing that Pulumi's own .NET SDK sends, so that changing the SDK is no change of the input.</summary>
    /// <exception cref="InvalidOperationException">A name is empty.</exception>
    public static string ToText(PropertyValue value) => JsonFormatter.Default.Format(PropertyCodec.Encode(value));

    public static JsonElement ToElement(PropertyValue value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, value);
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
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

    private static void Write(Utf8JsonWriter writer, PropertyValue value)
    {
        switch (value)
        {
            case PropertyValue.String text:
                writer.WriteStringValue(text.Value);
                break;
            case PropertyValue.Number number when double.IsFinite(number.Value):
                writer.WriteNumberValue(number.Value);
                break;
            case PropertyValue.Number number:
                // JSON has no such numbers; protobuf's rule is to write their names.
                writer.WriteStringValue(number.Value.ToString(CultureInfo.InvariantCulture));
                break;
            case PropertyValue.Boolean boolean:
                writer.WriteBooleanValue(boolean.Value);
                break;
            case PropertyValue.Array array:
                writer.WriteStartArray();
                foreach (var item in array.Items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case PropertyValue.Object map:
                writer.WriteStartObject();
                foreach (var (name, item) in map.Properties)
                {
                    writer.WritePropertyName(name);
                    Write(writer, item);
                }

                writer.WriteEndObject();
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }
}
