namespace Pulumi.Wire;

/// <summary>Streams of others, of which nobody knows how much comes: a pipe does not tell its length, a file may grow, and a compressed kilobyte may become gigabytes.</summary>
public static class BoundedStream
{
    private const int Piece = 1 << 16;

    /// <summary>All that a stream gives; null as soon as that is more than the limit.</summary>
    /// <param name="stream">Read from where it is.</param>
    /// <param name="limit">In bytes.</param>
    public static byte[]? ToEnd(Stream stream, int limit)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var content = new MemoryStream();
        var piece = new byte[Piece];
        while (stream.Read(piece) is var count and > 0)
        {
            if (content.Length + count > limit)
            {
                return null;
            }

            content.Write(piece, 0, count);
        }

        return content.ToArray();
    }
}
