using System.Text.RegularExpressions;

namespace Provisioner.Provider.Flakes.Secrets;

/// <summary>Values that stand where a secret would stand and are none: variables, references, and what examples say.</summary>
internal static partial class Placeholder
{
    public static bool Is(string value)
    {
        value = value.Trim();
        return value.Length == 0 || Reference().IsMatch(value) || Example().IsMatch(value) || value.All("xX*._-?".Contains);
    }

    // $X, ${x}, $(x), `x`, @x@, %x%, <x>, {{ x }}, !secret x, ext:x: each is filled in elsewhere.
    [GeneratedRegex(@"^(\$\w+|\$\{[^}]*\}|\$\(.*\)|`.*`|@[\w.-]+@|%\w+%|<[^>]*>|\{\{.*\}\}|!\w+ .*|ext:\w+)$")]
    private static partial Regex Reference();

    [GeneratedRegex(
        @"^(true|false|null|none|no|yes|todo|fixme|secret|password|passphrase|redacted|placeholder|change[-_ ]?me|replace[-_ ]?me|example([-_ ]?\w+)?|((insert|put|enter)[-_ ])?(your|my|the)[-_ ]?((wi-?fi|wlan|network|home|house)[-_ ]?)*(password|passphrase|psk|key|secret)([-_ ]?(goes[-_ ])?here)?)$",
        RegexOptions.IgnoreCase)]
    private static partial Regex Example();
}
