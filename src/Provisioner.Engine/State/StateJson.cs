using System.Globalization;
using System.Numerics;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Provisioner.Engine.State;

/// <summary>JSON as state files need it: texts that look like dates stay texts, and the depth is that of the deepest value a program can send, not any.</summary>
internal static class StateJson
{
    /// <summary>Objects and lists in each other. A value of the wire has a hundred at most; a secret's text is counted by itself.</summary>
    public const int MostLevels = 512;

    // The beginning of what the parser says, too, when something follows the value.
    private const string SurplusText = "Additional text";

    /// <exception cref="JsonReaderException">It is no JSON, or something follows it.</exception>
    public static JToken Parse(string text)
    {
        using var reader = new JsonTextReader(new StringReader(text)) { DateParseHandling = DateParseHandling.None, FloatParseHandling = FloatParseHandling.Double, MaxDepth = MostLevels };
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

    /// <summary>Whether what is wrong is the depth.</summary>
    public static bool IsTooDeep(JsonReaderException exception) => exception.Message.Contains("MaxDepth", StringComparison.Ordinal);

    /// <summary>A text; empty where there is none, or something else.</summary>
    public static string TextOf(JToken? token) => token is JValue { Value: string text } ? text : string.Empty;

    /// <summary>A whole number that fits; null where there is none, or something else.</summary>
    public static int? WholeOf(JToken? token) => token is JValue { Value: long number } && number is >= int.MinValue and <= int.MaxValue ? (int)number : null;

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
