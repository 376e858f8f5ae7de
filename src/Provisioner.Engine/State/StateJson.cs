using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Provisioner.Engine.State;

/// <summary>JSON as state files need it: texts that look like dates stay texts, and depth has no limit of its own.</summary>
internal static class StateJson
{
    /// <exception cref="JsonReaderException">It is no JSON, or something follows it.</exception>
    public static JToken Parse(string text)
    {
        using var reader = new JsonTextReader(new StringReader(text)) { DateParseHandling = DateParseHandling.None, FloatParseHandling = FloatParseHandling.Double, MaxDepth = 1024 };
        var token = JToken.ReadFrom(reader);
        while (reader.Read())
        {
            if (reader.TokenType != JsonToken.Comment)
            {
                throw new JsonReaderException("Something follows the value.", reader.Path, reader.LineNumber, reader.LinePosition, null);
            }
        }

        return token;
    }

    public static JToken? TryParse(string text)
    {
        try
        {
            return Parse(text);
        }
        catch (JsonReaderException)
        {
            return null;
        }
    }
}
