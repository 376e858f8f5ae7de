using Provisioner.Provider.Resources.HostIdentity;

namespace Provisioner.Provider.Cards;

/// <summary>A line of authorized_keys.</summary>
internal static class AuthorizedKey
{
    /// <summary>Whether a word is the name of a kind of key.</summary>
    public static bool IsType(string word) =>
        word.StartsWith("ssh-", StringComparison.Ordinal) || word.StartsWith("ecdsa-sha2-", StringComparison.Ordinal) || word.StartsWith("sk-", StringComparison.Ordinal);

    /// <summary>What is wrong with a line, or null. A private key by mistake is not quoted.</summary>
    public static string? Problem(string line)
    {
        if (line.Contains("PRIVATE KEY", StringComparison.Ordinal))
        {
            return "is a private key; give the public one, the line of the file that ends with .pub";
        }

        if (line.Trim() is "" || line.AsSpan().Trim().ContainsAny('\n', '\r', '\0'))
        {
            return "is empty or has several lines; give one public key for each entry";
        }

        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var type = Array.FindIndex(words, IsType);
        return type >= 0 && type + 1 < words.Length && HostKey.FingerprintOf($"{words[type]} {words[type + 1]}") is not null
            ? null
            : "is no public key of SSH, such as 'ssh-ed25519 AAAA… me@home'; take the line of the file that ends with .pub";
    }
}
