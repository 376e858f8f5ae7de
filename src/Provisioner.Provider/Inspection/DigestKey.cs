using System.Security.Cryptography;
using System.Text;

namespace Provisioner.Provider.Inspection;

/// <summary>
/// A word made for one inspection. Both sides digest a password with it, so that the two can be compared without the password
/// travelling, and a digest that somebody noted down says nothing once the word is forgotten.
/// </summary>
internal sealed class DigestKey
{
    private const int Bytes = 32;

    private DigestKey(string word) => Word = word;

    /// <summary>64 hex digits; it travels to the device by stdin.</summary>
    public string Word { get; }

    public static DigestKey Create(Action<Span<byte>> fillRandom)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        fillRandom(bytes);
        return new DigestKey(Convert.ToHexStringLower(bytes));
    }

    /// <summary>What the device computes for the same content: SHA-256 of word, line break, content, line break, word, line break.</summary>
    public string Digest(ReadOnlySpan<byte> content) =>
        Convert.ToHexStringLower(SHA256.HashData([.. Encoding.ASCII.GetBytes(Word + "\n"), .. content, .. Encoding.ASCII.GetBytes("\n" + Word + "\n")]));

    /// <summary>Never the word.</summary>
    public override string ToString() => "[digest key]";
}
