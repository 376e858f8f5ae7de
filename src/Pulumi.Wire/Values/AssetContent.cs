using System.Security.Cryptography;
using System.Text;

namespace Pulumi.Wire;

/// <summary>What assets and archives hold, and the hashes by which Pulumi tells whether that has changed.</summary>
/// <remarks>A relative path begins at a folder that the caller names. What is to be fetched from a URL is not.</remarks>
public static class AssetContent
{
    // Pulumi's own folder of a project belongs to no archive.
    private const string Bookkeeping = ".pulumi";

    private const int TarBlock = 512;

    private static readonly string[] ArchiveFiles = [".tar", ".tgz", ".tar.gz", ".zip", ".jar"];

    /// <summary>The asset with its hash: SHA-256 of its content.</summary>
    /// <exception cref="NotSupportedException">It has to be fetched.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static PropertyValue.Asset WithHash(PropertyValue.Asset asset, string folder)
    {
        ArgumentNullException.ThrowIfNull(asset);
        using var content = Open(asset, folder);
        return asset with { Hash = Convert.ToHexStringLower(SHA256.HashData(content)) };
    }

    /// <summary>
    /// The archive with its hash: SHA-256 of an archive file as it is, of anything else as the tar archive that Pulumi would make of
    /// it. A name in it that is no ASCII or longer than 100 characters makes another hash than Pulumi's: a difference once, when
    /// engines change.
    /// </summary>
    /// <exception cref="NotSupportedException">A part of it has to be fetched or unpacked.</exception>
    /// <exception cref="IOException">A part of it cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A part of it may not be read.</exception>
    public static PropertyValue.Archive WithHash(PropertyValue.Archive archive, string folder)
    {
        ArgumentNullException.ThrowIfNull(archive);
        if (FileOf(archive, folder) is { } file)
        {
            using var content = RegularFile.OpenRead(file);
            return archive with { Hash = Convert.ToHexStringLower(SHA256.HashData(content)) };
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var entry in Entries(archive, folder).DistinctBy(entry => entry.Name, StringComparer.Ordinal))
        {
            using var content = Open(entry.Asset, folder);
            AppendTar(hash, entry.Name, content);
        }

        hash.AppendData(new byte[2 * TarBlock]);
        return archive with { Hash = Convert.ToHexStringLower(hash.GetHashAndReset()) };
    }

    /// <summary>The archive file that an archive is as a whole; null when it is made of files.</summary>
    /// <exception cref="IOException">Its path is neither a folder nor an archive file.</exception>
    public static string? FileOf(PropertyValue.Archive archive, string folder)
    {
        ArgumentNullException.ThrowIfNull(archive);
        if (archive.Source is not ArchiveSource.Path path || Directory.Exists(Path.Combine(folder, path.Value)))
        {
            return null;
        }

        return Array.Exists(ArchiveFiles, ending => path.Value.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            ? Path.Combine(folder, path.Value)
            : throw new IOException($"The archive {path.Value} is neither a folder that is there nor a {string.Join(", ", ArchiveFiles)} file.");
    }

    /// <summary>The files of an archive that is made of files, by their path inside it.</summary>
    /// <exception cref="NotSupportedException">A part of it has to be fetched or unpacked.</exception>
    /// <exception cref="IOException">A part of it cannot be found.</exception>
    public static IEnumerable<(string Name, PropertyValue.Asset Asset)> Entries(PropertyValue.Archive archive, string folder)
    {
        ArgumentNullException.ThrowIfNull(archive);
        return archive.Source switch
        {
            ArchiveSource.Assets assets => assets.Entries.SelectMany(entry => entry.Value.Unwrap() switch
            {
                PropertyValue.Asset asset => [(entry.Key, asset)],
                PropertyValue.Archive inner => Entries(inner, folder).Select(file => ($"{entry.Key}/{file.Name}", file.Asset)),
                _ => throw new IOException($"\"{entry.Key}\" in an archive is neither an asset nor an archive."),
            }),
            ArchiveSource.Path path when FileOf(archive, folder) is null => FilesBelow(Path.Combine(folder, path.Value))
                .Where(file => !file.Split('/').Contains(Bookkeeping, StringComparer.Ordinal))
                .Select(file => (file, new PropertyValue.Asset(new AssetSource.Path(Path.Combine(folder, path.Value, file)), string.Empty))),
            ArchiveSource.Path path => throw new NotSupportedException($"The archive {path.Value} would have to be unpacked into another; give its folder instead."),
            ArchiveSource.Uri uri => throw NotFetched(uri.Value),
            _ => throw new IOException("An archive came without its files."),
        };
    }

    /// <summary>The content of an asset.</summary>
    /// <exception cref="NotSupportedException">It has to be fetched.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static Stream Open(PropertyValue.Asset asset, string folder)
    {
        ArgumentNullException.ThrowIfNull(asset);
        return asset.Source switch
        {
            AssetSource.Text text => new MemoryStream(Encoding.UTF8.GetBytes(text.Value), writable: false),
            AssetSource.Path path => RegularFile.OpenRead(Path.Combine(folder, path.Value)),
            AssetSource.Uri uri => throw NotFetched(uri.Value),
            _ => throw new IOException("An asset came without its content."),
        };
    }

    /// <summary>The files below a folder, with slashes, in the order in which Pulumi walks: links to files among them, links to folders not.</summary>
    /// <exception cref="IOException">A folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be read.</exception>
    public static IEnumerable<string> FilesBelow(string folder)
    {
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            var isFolder = entry.Attributes.HasFlag(FileAttributes.Directory);
            if (!isFolder)
            {
                yield return entry.Name;
            }
            else if (entry.LinkTarget is null)
            {
                foreach (var file in FilesBelow(entry.FullName))
                {
                    yield return $"{entry.Name}/{file}";
                }
            }
        }
    }

    private static NotSupportedException NotFetched(string uri) => new($"{uri} is not fetched by this engine; give a file, a folder or a text, or use Pulumi's own CLI on the same files.");

    /// <summary>An entry as Go's archive/tar writes it for a name, mode 0600 and a size.</summary>
    private static void AppendTar(IncrementalHash hash, string name, Stream content)
    {
        var header = new byte[TarBlock];
        var length = content.Length;
        var encoded = Encoding.UTF8.GetBytes(name);
        Field(0, encoded.Length <= 100 ? name : Convert.ToHexString(SHA256.HashData(encoded)));
        Field(100, "0000600\0");
        Field(108, "0000000\0");
        Field(116, "0000000\0");
        Field(124, Convert.ToString(length, 8).PadLeft(11, '0') + "\0");
        Field(136, "00000000000\0");
        Field(148, "        ");
        Field(156, "0");
        Field(257, "ustar\0" + "00");
        Field(329, "0000000\0");
        Field(337, "0000000\0");
        Field(148, Convert.ToString(header.Sum(value => value), 8).PadLeft(6, '0') + "\0 ");
        hash.AppendData(header);

        var buffer = new byte[64 * 1024];
        while (content.Read(buffer) is var count and > 0)
        {
            hash.AppendData(buffer, 0, count);
        }

        hash.AppendData(new byte[(TarBlock - (length % TarBlock)) % TarBlock]);

        void Field(int offset, string text) => Encoding.UTF8.GetBytes(text).CopyTo(header, offset);
    }
}
