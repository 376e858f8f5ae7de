using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pulumi.Serialization;

/// <summary>Writes the outputs and inputs inside a value that is made into JSON, and notes what they make of the whole.</summary>
internal sealed class OutputsInJson : JsonConverterFactory
{
    /// <summary>What must be waited for; the text is of no use then.</summary>
    public List<Task> Unsettled { get; } = [];

    public bool IsKnown { get; private set; } = true;

    public bool IsSecret { get; private set; }

    public ImmutableHashSet<Resource> Resources { get; private set; } = [];

    public override bool CanConvert(Type typeToConvert) =>
        typeof(IOutput).IsAssignableFrom(typeToConvert) || typeof(IInput).IsAssignableFrom(typeToConvert);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert), this)!;

    private void Write(Utf8JsonWriter writer, IOutput output, JsonSerializerOptions options)
    {
        var settling = output.GetDataAsync();
        if (!settling.IsCompleted)
        {
            Unsettled.Add(settling);
            writer.WriteNullValue();
            return;
        }

        var data = settling.GetAwaiter().GetResult();
        IsKnown &= data.IsKnown;
        IsSecret |= data.IsSecret;
        Resources = Resources.Union(data.Resources);
        JsonSerializer.Serialize(writer, data.IsKnown ? data.Value : null, options);
    }

    private sealed class Converter<T>(OutputsInJson found) : JsonConverter<T>
    {
        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            found.Write(writer, value as IOutput ?? ((IInput)value!).ToOutput(), options);

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException($"{typeToConvert.Name} cannot be read from JSON; read the plain value.");
    }
}
