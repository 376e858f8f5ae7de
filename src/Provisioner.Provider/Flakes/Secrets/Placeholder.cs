using System.Text.RegularExpressions;

namespace Provisioner.Provider.Flakes.Secrets;

/// <summary>
/// Values that stand where a secret would stand and are none: references, which are filled in elsewhere; what encrypts and hashes
/// leave; and what examples say.
/// </summary>
internal static partial class Placeholder
{
    // Whatever is longer is no word of an example, and not worth the search.
    private const int LongestExample = 100;

    /// <summary>Whether a value is no secret.</summary>
    public static bool Is(string value)
    {
        value = value.Trim();
        return value.Length == 0 || value.Distinct().Count() == 1 || value.All("xX*._-?…/ ".Contains) || IsReference(value) || IsSealed(value)
            || (value.Length <= LongestExample && (Nothing().IsMatch(value) || IsExample(value)));
    }

    /// <summary>
    /// Why a value may be an example although somebody may have taken it for a password; null when it does not look like one.
    /// </summary>
    public static string? Doubt(string value)
    {
        value = value.Trim();
        return value switch
        {
            { Length: > LongestExample } => null,
            _ when Sequence().IsMatch(value) => "it is a row of keys, as examples have them, and as some passwords are",
            _ when value.Count(char.IsAsciiDigit) <= 4 && Words().IsMatch(value) => "it is made of words that examples are made of, and some passwords too",
            _ => null,
        };
    }

    private static bool IsExample(string value) => Words().Match(value) is { Success: true } words && words.Groups["core"].Success && !value.Any(char.IsAsciiDigit);

    private static bool IsReference(string value)
    {
        if (Reference().IsMatch(value))
        {
            return true;
        }

        // "prefix-${name}": what is written out is no password by itself.
        var literal = Interpolation().Replace(value, string.Empty);
        return literal.Length < value.Length && (literal.Length < 8 || literal.StartsWith('/'));
    }

    private static bool IsSealed(string value) => Sealed().IsMatch(value);

    // $X, ${x}, $(x), `x`, @x@, %x%, <x>, [x], {{ x }}, !secret x, ext:x, a path, an address in a password store.
    [GeneratedRegex(
        @"^(?:\$\w+|\$\w*\{.*|\$\$?\(.*|`.*`?|%[sdq]|%\(\w+\)s|@[^@\s]+@|%\w+%|%env\(.*\)%|\#\w+\#|<[^<>]*>|\[[^\]]*\]|\{\{?.*\}?\}|!\w+ .*|ext:[\w.-]+|(?:~|\.{1,2})?(?:/[\w.@+-]+){2,}/?|\.{1,2}/[\w.@+-]+|(?:(?:env|file|vault|ref\+\w+):|(?:op|pass|gopass|keyring|secret|bws?):/)/?/?[\w./@#?=&+-]+|(?:config|cfg|secrets|vars|age|sops|inputs|builtins|lib|process\.env|os\.environ|ENV)[.\[][\w.""'\[\]-]+)$",
        RegexOptions.IgnoreCase)]
    private static partial Regex Reference();

    [GeneratedRegex(@"\$\w*\{[^}]*(?:\}+|$)|\$\([^)]*(?:\)|$)|\$[A-Za-z_]\w*|%\([^)]*\)[sd]|%[sdqv](?!\w)|\{\{[^}]*\}\}|\{[A-Za-z_][\w.:\[\]-]*\}|@[A-Za-z_][\w-]*@")]
    private static partial Regex Interpolation();

    // ENC[…] of sops and eyaml, ansible-vault, openssl's and transcrypt's salt, transit of Vault, armours of age and PGP; salted hashes
    // that are slow: those of crypt and argon2.
    [GeneratedRegex(@"^(?:ENC\[|\$ANSIBLE_VAULT;|U2FsdGVkX1|vault:v\d+:|-----BEGIN (?:AGE ENCRYPTED FILE|PGP MESSAGE|CERTIFICATE|(?:[A-Z]+ )?PUBLIC KEY)|age-encryption\.org/|\$(?:[256]|2[abxy]|y|gy|7|argon2\w*|scrypt|pbkdf2[\w-]*)\$|\{(?:CRYPT|SSHA\d*|ARGON2)\})")]
    private static partial Regex Sealed();

    [GeneratedRegex(@"^(?:true|false|null|none|nil|no|yes|on|off|n/?a|tbd|undefined|unset|empty|str|string|text|bool|int)$", RegexOptions.IgnoreCase)]
    private static partial Regex Nothing();

    // Written apart or together, in any order. One of the core has to be among them, so that "home network" is none.
    [GeneratedRegex(
        @"^(?:(?:(?<core>pass[-_ ]?(?:word|phrase|code)|passwd|pass|passw|psk|pre[-_ ]?shared|secret|key|pwd|pw|token|change[-_ ]?(?:me|it)|replace(?:[-_ ]?me|d)?|example|sample|place[-_ ]?holder|redacted|removed|hidden|censored|dummy|fake|your?s?|insert|enter|todo|fixme|goes|here|supersecret|geheim|nixos|raspberry|foo|bar|baz)|my|the|an|our|some|any|this|that|with|for|from|put|use|set|add|type|fill|in|is|to|me|it|wi-?fi|wireless|wlan|network|net|ssid|ap|wpa\d?|home|house|office|guest|router|very|super|strong|real|actual|own|private|value|new|old|default|test|testing|demo|user|admin|root|login|name|and|or|of|not|a)[-_. !,:\d]*)+$",
        RegexOptions.IgnoreCase)]
    private static partial Regex Words();

    [GeneratedRegex(@"^(?:0?1234\d*|(?:0123456789abcdef)+|0?12345678\w{0,2}|abcd\w{0,4}|qwert\w{0,5}|(?<unit>\w{1,4})\k<unit>{2,})$", RegexOptions.IgnoreCase)]
    private static partial Regex Sequence();
}
