using System.Buffers;
using System.Text.RegularExpressions;

namespace Provisioner.Provider.Flakes.Secrets;

/// <summary>The forms in which people write secrets down, a line at a time.</summary>
internal static partial class SecretPatterns
{
    // Nearly every line has none of these, and is done with.
    private static readonly SearchValues<string> Words = SearchValues.Create(
        ["psk", "passphrase", "presharedkey", "password", "wep", "wpa", "wifi", "wlan", "ssid", "802-1x", "access-points", "key-mgmt", "key_mgmt",
            "private key", "private-key", "private_key", "privatekey", "age-secret-key-", "putty-user-key-file", "==", "ls0tls1crudjti", "b3blbnnzac1rzxktdje",
            "passwd", "secret", "token", "api_key", "api-key", "apikey", "access_key", "accesskey", "access-key", "://", "akia", "asia", "aiza", "eyj",
            "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "glrt-", "gldt-", "xox", "tskey-", "npm_", "pypi-", "dckr_pat_", "hf_", "sk-"],
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
        @"(?<![A-Za-z0-9-])(?<name>psk(?:_?raw)?|sae[-_]?password|wpa[-_]?(?:passphrase|psk)|pre-?shared-?key|passphrase|wep[-_]key\d?|leap[-_]password|(?:\w*_)?(?:wi_?fi|wlan)[-_]?(?:pass(?:word|phrase)?|psk|key)|\w+_psk)(?<closed>[""']?)\s*(?<sign>[=:])\s*(?<value>.*)$",
        RegexOptions.IgnoreCase)]
    public static partial Regex WifiKey();

    /// <summary>A name that many things have.</summary>
    [GeneratedRegex(@"(?<![\w-])(?<name>password)(?<closed>[""']?)\s*(?<sign>[=:])\s*(?<value>.*)$", RegexOptions.IgnoreCase)]
    public static partial Regex Password();

    /// <summary>A name and its value, as environment files and keyfiles have them.</summary>
    [GeneratedRegex(@"^[A-Za-z_][\w.-]*\s*[=:]\s*(?<value>.*)$")]
    public static partial Regex Assignment();

    /// <summary>Commands that take the password as an argument.</summary>
    [GeneratedRegex(@"\b(?:nmcli\b.*\b(?:password|wifi-sec\.psk|802-11-wireless-security\.psk)|iwctl\b.*--passphrase[= ]|wpa_passphrase\s+(?:""[^""]*""|'[^']*'|\S+))\s*(?<value>""[^""]*""|'[^']*'|[^\s""']\S*)", RegexOptions.IgnoreCase)]
    public static partial Regex WifiCommand();

    /// <summary>A name of YAML, with what is below or behind it.</summary>
    [GeneratedRegex(@"^\s*(?:- |[\w.""'-]+:(?:\s|$))")]
    public static partial Regex NextName();

    /// <summary>Where code begins or ends in Markdown.</summary>
    [GeneratedRegex(@"^\s*(?:>\s*)?(?:```|~~~)")]
    public static partial Regex Fence();

    /// <summary>The first line of a program in a language that has quotes around its texts.</summary>
    [GeneratedRegex(@"^#!.*\b(?:python|ruby|perl|node|deno|bun|lua|php|guile|runghc)")]
    public static partial Regex Interpreter();

    [GeneratedRegex("abcdefgh|12345678|qwertyui", RegexOptions.IgnoreCase)]
    public static partial Regex Alphabet();

    /// <summary>A sentence that tells the password.</summary>
    [GeneratedRegex(@"\b(?<name>(?:wi-?fi|wlan|wireless|network)(?:['’]s)?\s+(?:password|passphrase|key))\s+(?:is|=|:)\s*(?<value>`[^`]+`|""[^""]+""|'[^']+'|\S+)", RegexOptions.IgnoreCase)]
    public static partial Regex WifiSentence();

    /// <summary>A private key's first line in base64, as secrets of Kubernetes and environment files hold it.</summary>
    [GeneratedRegex(@"LS0tLS1CRUdJTi[A-Za-z0-9+/]{38,}={0,2}")]
    public static partial Regex EncodedArmour();

    /// <summary>The beginning of what stands between the armour's lines of an OpenSSH key, where somebody has left those out.</summary>
    [GeneratedRegex(@"(?:^|[\s""'=])b3BlbnNzaC1rZXktdjEA[A-Za-z0-9+/]{40,}")]
    public static partial Regex BareOpenSshKey();

    /// <summary>32 bytes, alone on a line.</summary>
    [GeneratedRegex(@"^[A-Za-z0-9+/]{43}=$")]
    public static partial Regex BareWireGuardKey();

    /// <summary>Names of files that hold a password and nothing else.</summary>
    [GeneratedRegex(@"psk|pass(?:word|phrase|wd)|wi-?fi|wlan|secret|token", RegexOptions.IgnoreCase)]
    public static partial Regex PasswordFile();

    /// <summary>Names of files that hold a tunnel's private key and nothing else.</summary>
    [GeneratedRegex(@"^(?!.*pub).*(?:priv|wg|wireguard|\.key$)", RegexOptions.IgnoreCase)]
    public static partial Regex TunnelKeyFile();

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

    [GeneratedRegex(@"(?<![A-Za-z0-9-])(?:private|pre-?shared)[-_]?key[""']?\s*[=:]\s*[""']?(?<key>[A-Za-z0-9+/]{43}=)(?![A-Za-z0-9+/=])", RegexOptions.IgnoreCase)]
    public static partial Regex WireGuardKey();

    /// <summary>A name, and 64 bytes; a public key has 32.</summary>
    [GeneratedRegex(@"(?<![\w.-])[\w.-]+:[A-Za-z0-9+/]{86}==(?![A-Za-z0-9+/=])")]
    public static partial Regex NixSigningKey();
}
