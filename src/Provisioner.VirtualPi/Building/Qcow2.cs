using System.Buffers.Binary;
using System.Text;

namespace Provisioner.VirtualPi.Building;

/// <summary>The little of QEMU's disk image format that must be known here: what an image lies over.</summary>
internal static class Qcow2
{
    private const uint Magic = 0x514649fb;
    private const int HeaderStart = 20;
    private const uint LongestName = 1023;

    /// <summary>The path of the image below, as it was given when the overlay was made; null for none, and for what is no such image.</summary>
    public static string? BackingFileOf(string image)
    {
        if (!File.Exists(image))
        {
            return null;
        }

        // QEMU may have it open for writing; the name in the header stays.
        using var file = new FileStream(image, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> header = stackalloc byte[HeaderStart];
        if (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length || BinaryPrimitives.ReadUInt32BigEndian(header) != Magic)
        {
            return null;
        }

        var offset = BinaryPrimitives.ReadInt64BigEndian(header[8..]);
        var length = BinaryPrimitives.ReadUInt32BigEndian(header[16..]);
        if (offset <= 0 || length is 0 or > LongestName)
        {
            return null;
        }

        var name = new byte[length];
        file.Seek(offset, SeekOrigin.Begin);
        return file.ReadAtLeast(name, name.Length, throwOnEndOfStream: false) == name.Length ? Encoding.UTF8.GetString(name) : null;
    }

    /// <summary>All images below, the nearest first.</summary>
    public static IEnumerable<string> Below(string image)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (var next = BackingFileOf(image); next is not null && seen.Add(next); next = BackingFileOf(next))
        {
            yield return next;
        }
    }
}
