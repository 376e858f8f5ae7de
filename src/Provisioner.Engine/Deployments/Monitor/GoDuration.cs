using System.Globalization;
using System.Text.RegularExpressions;

namespace Provisioner.Engine.Deployments.Monitor;

/// <summary>Durations as Go writes them and programs send them: <c>300000000000ns</c>, <c>1h30m</c>, <c>1.5s</c>.</summary>
internal static partial class GoDuration
{
    private const int LongestText = 200;

    /// <summary>Null for an empty text.</summary>
    /// <exception cref="FormatException">It is no duration.</exception>
    public static TimeSpan? Parse(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        if (text.Length > LongestText || !Whole().IsMatch(text))
        {
            throw new FormatException($"\"{(text.Length > LongestText ? text[..LongestText] + "…" : text)}\" is no duration; one looks like 5m or 1h30m.");
        }

        try
        {
            var seconds = Part().Matches(text).Sum(part =>
                decimal.Parse(part.Groups[1].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * Seconds(part.Groups[2].Value));
            return TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond));
        }
        catch (OverflowException)
        {
            throw new FormatException($"\"{text}\" is longer than any duration.");
        }
    }

    private static decimal Seconds(string unit) => unit switch
    {
        "h" => 3600m,
        "m" => 60m,
        "s" => 1m,
        "ms" => 0.001m,
        "ns" => 0.000_000_001m,
        _ => 0.000_001m,
    };

    [GeneratedRegex(@"^([0-9]+(\.[0-9]*)?(ns|us|µs|μs|ms|s|m|h))+$|^0$", RegexOptions.ExplicitCapture)]
    private static partial Regex Whole();

    [GeneratedRegex(@"([0-9]+(?:\.[0-9]*)?)(ns|us|µs|μs|ms|s|m|h)")]
    private static partial Regex Part();
}
