namespace Provisioner.Provider.Images;

/// <summary>Streams of others, of which nobody knows how much comes: a kilobyte may become gigabytes.</summary>
internal static class BoundedRead
{
    private const int Piece = 1 << 16;

    /// <summary>All that a stream gives; null as soon as that is more than the limit, in bytes.</summary>
    public static byte[]? ToEnd(Stream stream, int limit)
    {
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
