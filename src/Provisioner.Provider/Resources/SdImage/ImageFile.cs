using Provisioner.Provider.Cards.Writing;

namespace Provisioner.Provider.Resources.SdImage;

/// <summary>Image files on this machine.</summary>
internal static class ImageFile
{
    private const int Piece = 1 << 20;

    /// <summary>Where images are kept.</summary>
    public static string FolderOf(string? given)
    {
        if (given is not null)
        {
            return Path.GetFullPath(Remote.HomePath.Expand(given));
        }

        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } own ? own : Remote.HomePath.Expand("~/.cache");
        return Path.Combine(cache, "provisioner", "images");
    }

    /// <summary>Milliseconds since 1970, of the file that a link leads to; 0 when there is no file.</summary>
    public static long WrittenOf(string path)
    {
        if (!File.Exists(path))
        {
            return 0;
        }

        // By the open file: by its name it would be the link's own time, and another image behind the link would not be seen.
        using var file = File.OpenHandle(path);
        return new DateTimeOffset(File.GetLastWriteTimeUtc(file), TimeSpan.Zero).ToUnixTimeMilliseconds();
    }

    /// <summary>Bytes, of the file that a link leads to.</summary>
    public static long SizeOf(string path)
    {
        using var file = File.OpenHandle(path);
        return RandomAccess.GetLength(file);
    }

    /// <summary>How a file is compressed, by its name.</summary>
    public static string CompressionOf(string path) =>
        path.EndsWith(".zst", StringComparison.OrdinalIgnoreCase) ? "zstd" : path.EndsWith(".xz", StringComparison.OrdinalIgnoreCase) ? "xz" : "none";

    /// <summary>The end of an image's name that says how it is compressed.</summary>
    public static string EndingOf(string name) => CompressionOf(name) switch
    {
        "zstd" => ".img.zst",
        "xz" => ".img.xz",
        _ => ".img",
    };

    /// <summary>
    /// Reads an image to its end, decompressing on the way, and tells the file's SHA-256. What is decompressed goes into a file
    /// when one is named; its empty regions take no room.
    /// </summary>
    public static async Task<(string Sha256, long ImageSize)> ReadAsync(string path, string? raw, Action<double?> progress, CancellationToken cancellation)
    {
        await using var source = ImageSource.Open(path);
        await using var target = raw is null ? null : new FileStream(raw, FileMode.Create, FileAccess.Write, FileShare.None, 0, useAsync: true);
        var buffer = new byte[Piece];
        long size = 0;
        while (await source.ReadAsync(buffer, cancellation) is var count and > 0)
        {
            if (target is not null && buffer.AsSpan(0, count).ContainsAnyExcept((byte)0))
            {
                target.Position = size;
                await target.WriteAsync(buffer.AsMemory(0, count), cancellation);
            }

            size += count;
            progress(source.Share);
        }

        target?.SetLength(size);
        return (await source.DigestAsync(cancellation), size);
    }
}
