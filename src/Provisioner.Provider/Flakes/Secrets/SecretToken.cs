using System.Security.Cryptography;
using System.Text;

namespace Provisioner.Provider.Flakes.Secrets;

/// <summary>
/// The name by which a finding is accepted: the file, and six digits of a digest of just what was found there. Another text at
/// that place, or that text in another file, is another finding.
/// </summary>
internal static class SecretToken
{
    // The token is printed, and what it is made from may be a password after all. Each guess at it costs some fifty times of what
    // one costs at a handshake of WPA, which the neighbours can record; and of 24 bits, many a wrong guess has the same.
    private const int Iterations = 200_000;
    private const int Digits = 6;

    /// <summary>The token of a hit in a file.</summary>
    public static string Of(string path, SecretHit hit)
    {
        var digest = Rfc2898DeriveBytes.Pbkdf2(hit.Content, Encoding.UTF8.GetBytes($"{hit.Kind} in {path}"), Iterations, HashAlgorithmName.SHA256, 32);
        return $"{path}#{Convert.ToHexStringLower(digest)[..Digits]}";
    }

    /// <summary>What is wrong with a token that somebody wrote; null for nothing.</summary>
    public static string? Problem(string token) =>
        token.LastIndexOf('#') is var at and > 0 && token.Length - at - 1 == Digits && token[(at + 1)..].All(c => char.IsAsciiDigit(c) || c is >= 'a' and <= 'f')
            ? null
            : $"has '{token}': give findings as they are printed, as in hosts/lamp/wifi.nix#3f9a2c";
}
