using System.Globalization;
using System.Text.RegularExpressions;

namespace Provisioner.Engine.State;

/// <summary>RFC 3339 times, which Go writes with up to nine digits of a second.</summary>
internal static partial class StateTime
{
    public static bool TryParse(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(
            Nanoseconds().Replace(text, "$1"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);

    // .NET counts in hundreds of nanoseconds.
    [GeneratedRegex(@"(\.[0-9]{7})[0-9]+")]
    private static partial Regex Nanoseconds();
}
