using System.Text.RegularExpressions;
using Provisioner.Engine.Projects;

namespace Provisioner.Cli.Commands.Configuration;

/// <summary>Whether a configuration value looks like a secret: by its name, or by what it is. A guess, and so what it refuses can always be done with a flag.</summary>
internal static partial class SecretLooks
{
    // A run of letters without a meaning that is as long as this is a key of some service; a digest in hexadecimal has 32 or more.
    private const int ShortestRandom = 20;
    private const int ShortestHex = 32;

    private static readonly string[] SecretWords =
        ["password", "passwd", "passphrase", "pwd", "secret", "secrets", "token", "tokens", "credential", "credentials", "psk", "apikey", "privatekey", "passwords"];

    // What makes a key of the word "key".
    private static readonly string[] KeyWords = ["api", "private", "access", "secret", "encryption", "signing", "auth", "shared", "service", "account", "wifi", "master", "data", "dataset"];

    // A name that ends so says where the secret is, how long it lives, or what it is called.
    private static readonly string[] AboutSecrets =
    [
        "file", "path", "folder", "name", "id", "ids", "url", "uri", "env", "variable", "length", "policy", "type", "ttl", "age", "lifetime", "expiry", "timeout",
        "enabled", "required", "rotation", "store", "provider", "reference", "ref", "field", "hint", "prompt", "server", "endpoint", "host", "port", "user", "fingerprint", "hash", "command",
    ];

    // Names of what is as random as a key, and no secret.
    private static readonly string[] PublicRandom =
        ["sha", "sha1", "sha256", "sha512", "hash", "digest", "checksum", "fingerprint", "id", "uuid", "guid", "serial", "commit", "rev", "revision", "version", "public", "path", "file", "url", "name"];

    /// <summary>What makes one think so, as a clause; null where nothing does.</summary>
    public static string? Reason(ConfigPath path, string value) =>
        PlainReason(path, value)
        ?? (!Words(Names(path).Last()).Intersect(PublicRandom, StringComparer.Ordinal).Any() && IsRandom(value) ? "it is as random as a key" : null);

    /// <summary>The values of a stack in clear that say by their name or by what they are that they are secrets.</summary>
    public static IEnumerable<Found> In(IEnumerable<KeyValuePair<ConfigKey, StackValue>> config) =>
        config.SelectMany(entry => In(new ConfigPath(entry.Key), entry.Value));

    private static IEnumerable<Found> In(ConfigPath path, StackValue value) => value switch
    {
        StackValue.Scalar scalar => PlainReason(path, scalar.Text) is { } reason ? [new Found(path.Key, scalar.Text, reason)] : [],
        StackValue.List list => list.Items.SelectMany((item, index) => In(path with { Segments = path.Segments.Add(index) }, item)),
        StackValue.Map map => map.Entries.SelectMany(entry => In(path with { Segments = path.Segments.Add(entry.Key) }, entry.Value)),
        _ => [],
    };

    /// <summary>A value in clear that looks like a secret.</summary>
    /// <param name="Key">The key at the top.</param>
    public sealed record Found(ConfigKey Key, string Text, string Reason)
    {
        /// <summary>Never the text.</summary>
        public override string ToString() => $"{Key}: {Reason}";
    }

    private static string? PlainReason(ConfigPath path, string value) => value.Length == 0 ? null
        : Content(value)
        ?? (value is not ("true" or "false") && Names(path).FirstOrDefault(IsSecretName) is { } name ? $"\"{name}\" is the name of one" : null);

    private static IEnumerable<string> Names(ConfigPath path) => path.Segments.OfType<string>().Prepend(path.Key.Name);

    private static string? Content(string value) =>
        PrivateKey().IsMatch(value) ? "it holds a private key"
        : AccessToken().IsMatch(value) ? "it holds an access token"
        : PasswordInUrl().IsMatch(value) ? "it is an address with a password in it"
        : PasswordHash().IsMatch(value) ? "it is the hash of a password"
        : SecretInJson().IsMatch(value) ? "it holds a password, key or token by name"
        : null;

    private static bool IsSecretName(string name)
    {
        var words = Words(name);
        return words.Count > 0
            && !AboutSecrets.Contains(words[^1], StringComparer.Ordinal)
            && (words.Any(IsSecretWord) || words[^1] == "pass" || words.Zip(words.Skip(1)).Any(pair => KeyWords.Contains(pair.First, StringComparer.Ordinal) && pair.Second is "key" or "keys"))
            && !words.Contains("public", StringComparer.Ordinal);
    }

    /// <summary>Also one that is typed wrongly, where it is long enough to be told from others.</summary>
    private static bool IsSecretWord(string word) =>
        SecretWords.Contains(word, StringComparer.Ordinal) || (word.Length >= 6 && SecretWords.Any(known => known.Length >= 6 && Suggestion.Distance(word, known) == 1));

    private static List<string> Words(string name) => [.. Word().Matches(name).Select(match => match.Value.ToLowerInvariant())];

    private static bool IsRandom(string value) =>
        !PublicText().IsMatch(value)
        && Run().Matches(value).Any(run => run.Length >= ShortestHex && Hex().IsMatch(run.Value) || run.Length >= ShortestRandom && IsMixed(run.Value));

    /// <summary>Capital and small letters and digits that take turns, as they do in no word.</summary>
    private static bool IsMixed(string run)
    {
        var turns = run.Zip(run.Skip(1)).Count(pair => KindOf(pair.First) != KindOf(pair.Second));
        return run.Any(char.IsAsciiLetterUpper) && run.Any(char.IsAsciiLetterLower) && run.Count(char.IsAsciiDigit) >= 2 && turns * 4 >= run.Length;
    }

    private static int KindOf(char character) =>
        char.IsAsciiDigit(character) ? 0 : char.IsAsciiLetterUpper(character) ? 1 : char.IsAsciiLetterLower(character) ? 2 : 3;

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[0-9]+")]
    private static partial Regex Word();

    [GeneratedRegex("[A-Za-z0-9+/=]+")]
    private static partial Regex Run();

    [GeneratedRegex("^(?=.*[0-9])(?=.*[A-Fa-f])[0-9A-Fa-f]+$")]
    private static partial Regex Hex();

    [GeneratedRegex(@"-----BEGIN [A-Z0-9 ]*PRIVATE KEY|PuTTY-User-Key-File-|AGE-SECRET-KEY-1|openssh-key-v1|b3BlbnNzaC1rZXktdjE")]
    private static partial Regex PrivateKey();

    [GeneratedRegex(
        @"\b(gh[oprsu]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{15,}|xox[abeoprs]-[A-Za-z0-9-]{10,}|sk-[A-Za-z0-9_-]{20,}|[sr]k_(live|test)_[A-Za-z0-9]{10,}"
        + @"|npm_[A-Za-z0-9]{20,}|pypi-[A-Za-z0-9_-]{20,}|dop_v1_[a-f0-9]{20,}|hf_[A-Za-z0-9]{20,}|pul-[a-f0-9]{20,}|AIza[A-Za-z0-9_-]{30,}|(AKIA|ASIA)[A-Z0-9]{16}|tskey-[A-Za-z0-9-]{10,}"
        + @"|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*)|^(Bearer|Basic) +\S{8,}",
        RegexOptions.ExplicitCapture)]
    private static partial Regex AccessToken();

    [GeneratedRegex(@"[a-z][a-z0-9+.-]*://[^/\s:@]*:[^/\s@]+@", RegexOptions.IgnoreCase)]
    private static partial Regex PasswordInUrl();

    [GeneratedRegex(@"^\$(1|2[abxy]|5|6|7|y|gy|argon2(i|d|id)|scrypt)\$", RegexOptions.ExplicitCapture)]
    private static partial Regex PasswordHash();

    [GeneratedRegex(@"""[A-Za-z_-]*(password|passphrase|secret|token|private_?key|api_?key|psk)""\s*:\s*""[^""]", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex SecretInJson();

    /// <summary>Paths, addresses, digests with their name, and public keys.</summary>
    [GeneratedRegex(@"^(/|~|\.\.?/|[a-z][a-z0-9+.-]*://|(sha|SHA)(1|256|512)[:-]|MD5:|(ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+ AAAA|age1|-----BEGIN (PUBLIC KEY|CERTIFICATE|SSH2 PUBLIC KEY))", RegexOptions.ExplicitCapture)]
    private static partial Regex PublicText();
}
