using System.Buffers;
using System.Text.RegularExpressions;

namespace Provisioner.Provider.Flakes.Secrets;

/// <summary>The forms in which people write secrets down, a line at a time.</summary>
internal static partial class SecretPatterns
{
    // Nearly every line has none of these, and is done with.
    private static readonly SearchValues<string> Words = SearchValues.Create(
        ["psk", "passphrase", "presharedkey", "password", "wep", "wpa", "wifi", "wlan", "ssid", "802-1x", "access-points", "key-mgmt", "key_mgmt",
            "private key", "privatekey", "age-secret-key-", "putty-user-key-file", "=="],
        StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a line may matter at all.</summary>
    public static bool MayMatter(ReadOnlySpan<char> line) => line.ContainsAny(Words);

    /// <summary>What <c>password</c> has to stand near to, to be a network's.</summary>
    [GeneratedRegex(@"ssid|802-1x|wi-?fi|wlan|access-points|network=\{|key[-_]mgmt", RegexOptions.IgnoreCase)]
    public static partial Regex WifiContext();

    /// <summary>
    /// A name that only a secret has, and what stands behind it: Nix attributes, keyfiles, wpa_supplicant and hostapd, iwd and
    /// connman, JSON, YAML, TOML and environment files.
    /// </summary>
    [GeneratedRegex(
        @"(?<![A-Za-z0-9-])(?:psk(?:_?raw)?|sae[-_]?password|wpa[-_]?(?:passphrase|psk)|pre-?shared-?key|passphrase|wep[-_]key\d?|leap[-_]password|(?:\w*_)?(?:wi_?fi|wlan)[-_]?(?:pass(?:word|phrase)?|psk|key)|\w+_psk)(?<closed>[""']?)\s*(?<sign>[=:])\s*(?<value>.*)$",
        RegexOptions.IgnoreCase)]
    public static partial Regex WifiKey();

    /// <summary>A name that many things have.</summary>
    [GeneratedRegex(@"(?<![\w-])password(?<closed>[""']?)\s*(?<sign>[=:])\s*(?<value>.*)$", RegexOptions.IgnoreCase)]
    public static partial Regex Password();

    /// <summary>Commands that take the password as an argument.</summary>
    [GeneratedRegex(@"\b(?:nmcli\b.*\b(?:password|wifi-sec\.psk|802-11-wireless-security\.psk)|iwctl\b.*--passphrase[= ]|wpa_passphrase\s+(?:""[^""]*""|'[^']*'|\S+))\s*(?<value>""[^""]*""|'[^']*'|[^\s""']\S*)", RegexOptions.IgnoreCase)]
    public static partial Regex WifiCommand();

    [GeneratedRegex(@"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?<rest>.*)$")]
    public static partial Regex PrivateKeyBegin();

    /// <summary>A line of a key's body, perhaps within quotes or behind a line end written as \n.</summary>
    [GeneratedRegex(@"^(?:\\n|[\s""'#>+])*[A-Za-z0-9+/=]{16,}")]
    public static partial Regex Base64Line();

    /// <summary>A line of a key's head, in PEM and PGP.</summary>
    [GeneratedRegex(@"^\s*(?:(?:[A-Za-z-]+): .*)?$")]
    public static partial Regex KeyHead();

    [GeneratedRegex(@"AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{20,}", RegexOptions.IgnoreCase)]
    public static partial Regex AgeKey();

    [GeneratedRegex(@"^PuTTY-User-Key-File-\d", RegexOptions.IgnoreCase)]
    public static partial Regex PuttyKey();

    [GeneratedRegex(@"(?<![\w-])private-?key[""']?\s*[=:]\s*[""']?[A-Za-z0-9+/]{43}=(?![A-Za-z0-9+/=])", RegexOptions.IgnoreCase)]
    public static partial Regex WireGuardKey();

    /// <summary>A name, and 64 bytes; a public key has 32.</summary>
    [GeneratedRegex(@"(?<![\w.-])[\w.-]+:[A-Za-z0-9+/]{86}==(?![A-Za-z0-9+/=])")]
    public static partial Regex NixSigningKey();
}
