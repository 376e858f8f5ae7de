using System.Security.Cryptography;
using System.Text;

namespace Provisioner.VirtualPi.Building;

/// <summary>A short name made from everything that a result depends on: another input, another name.</summary>
internal static class CacheKey
{
    /// <summary>16 hex digits over the texts and the embedded files of these names, in this order.</summary>
    public static string Of(IEnumerable<string> texts, IEnumerable<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in texts)
        {
            Add(hash, Encoding.UTF8.GetBytes(text));
        }

        foreach (var file in files)
        {
            Add(hash, Encoding.UTF8.GetBytes(file));
            Add(hash, Embedded.Content(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }

    // With its length in front, so that no two lists of parts run together to the same bytes.
    private static void Add(IncrementalHash hash, byte[] part)
    {
        hash.AppendData(BitConverter.GetBytes(part.LongLength));
        hash.AppendData(part);
    }
}
