using System.Text.Json;
using Pulumi.Serialization;

namespace Pulumi;

public static partial class Output
{
    /// <summary>
    /// The value as JSON text. Outputs and inputs may stand anywhere inside it: the text is known when all of them are, and
    /// secret when one is.
    /// </summary>
    public static Output<string> JsonSerialize<T>(Output<T> value, JsonSerializerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new Output<string>(SerializeAsync());

        async Task<OutputData<string>> SerializeAsync()
        {
            var data = await value.Data.ConfigureAwait(false);
            if (!data.IsKnown)
            {
                return OutputData<string>.Unknown(data.IsSecret, data.Resources);
            }

            // A converter cannot wait, so that what is not settled is noted, waited for, and then written in another go.
            while (true)
            {
                var found = new OutputsInJson();
                var text = JsonSerializer.Serialize(data.Value, Options(options, found));
                if (found.Unsettled.Count == 0)
                {
                    return found.IsKnown
                        ? new OutputData<string>(text, isKnown: true, data.IsSecret || found.IsSecret, data.Resources.Union(found.Resources))
                        : OutputData<string>.Unknown(data.IsSecret || found.IsSecret, data.Resources.Union(found.Resources));
                }

                await Task.WhenAll(found.Unsettled).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The value that a JSON text holds. It fails the run when the text is no JSON of that shape.</summary>
    public static Output<T> JsonDeserialize<T>(Output<string> json, JsonSerializerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        return json.Apply(text => JsonSerializer.Deserialize<T>(text, options)!);
    }

    private static JsonSerializerOptions Options(JsonSerializerOptions? options, OutputsInJson found)
    {
        var own = options is null ? new JsonSerializerOptions() : new JsonSerializerOptions(options);
        own.Converters.Add(found);
        return own;
    }
}
