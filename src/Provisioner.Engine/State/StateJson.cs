using System.Globalization;
using System.Numerics;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Provisioner.Engine.State;

/// <summary>JSON as state files need it: texts that look like dates stay texts, and depth has no limit of its own.</summary>
internal static class StateJson
{
    // The beginning of what the parser says, too, when something follows the value.
    private const string SurplusText = "Additional text";

    /// <exception cref="JsonReaderException">It is no JSON, or something follows it.</exception>
    public static JToken Parse(string text)
    {
        using var reader = new JsonTextReader(new StringReader(text)) { DateParseHandling = DateParseHandling.None, FloatParseHandling = FloatParseHandling.Double, MaxDepth = 1024 };
        var token = JToken.ReadFrom(reader);
        while (reader.Read())
        {
            if (reader.TokenType != JsonToken.Comment)
            {
                throw new JsonReaderException(SurplusText, reader.Path, reader.LineNumber, reader.LinePosition, null);
            }
        }

        return token;
    }

    /// <summary>Whether a text that is no JSON could go on to be some.</summary>
    public static bool IsCutOff(string text, JsonReaderException exception)
    {
        if (exception.Message.StartsWith(SurplusText, StringComparison.Ordinal))
        {
            return false;
        }

        var lineStart = 0;
        for (var line = 1; line < exception.LineNumber; line++)
        {
            lineStart = text.IndexOf('\n', lineStart) + 1;
        }

        return lineStart + exception.LinePosition >= text.Length;
    }

    /// <summary>A number of any size as the nearest double.</summary>
    public static double Number(JValue number) => number.Value is BigInteger integer
        ? double.Parse(integer.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) // A cast would cut digits off.
        : Convert.ToDouble(number.Value, CultureInfo.InvariantCulture);

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
