using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;

namespace Provisioner.Provider.Cards.Writing;

/// <summary>
/// The digest of all of a card but its identity card, whose content must not be guessed from a digest. It finds what went wrong
/// on the way to a medium, and is quicker than any medium; who made the image is proven by the image's SHA-256.
/// </summary>
internal sealed class ContentHash
{
    private readonly XxHash128 _hash = new();

    /// <summary>Adds the bytes at a position; positions rise, without a gap.</summary>
    public void Add(ReadOnlySpan<byte> bytes, long offset)
    {
        var before = (int)Math.Clamp(CardLayout.IdentityOffset - offset, 0, bytes.Length);
        var behind = (int)Math.Clamp(CardLayout.IdentityEnd - offset, 0, bytes.Length);
        _hash.Append(bytes[..before]);
        _hash.Append(bytes[behind..]);
    }

    public override string ToString() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>The digest of a whole card in a file.</summary>
    public static string OfFile(SafeFileHandle handle, CancellationToken cancellation)
    {
        var hash = new ContentHash();
        var buffer = new byte[AlignedBuffer.Size];
        long offset = 0;
        while (RandomAccess.Read(handle, buffer, offset) is var count and > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            hash.Add(buffer.AsSpan(0, count), offset);
            offset += count;
        }

        return hash.ToString();
    }
}
