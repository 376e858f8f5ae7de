using System.Collections.Immutable;
using System.Formats.Tar;
using System.Security.Cryptography;

namespace Provisioner.Provider.Cards;

/// <summary>The identity card's archive: a tar that any tar unpacks, the same bytes for the same identity.</summary>
internal static class CardArchive
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const int NothingLength = 1024;

    /// <summary>
    /// The archive, filled up with zeros, so that nothing of an older one shows behind it. The caller clears it after use.
    /// </summary>
    /// <exception cref="ArgumentException">It does not fit: a mistake of a rule, for the inputs are limited.</exception>
    public static byte[] Write(CardIdentity identity)
    {
        var archive = new byte[CardLayout.ArchiveLength];
        using var stream = new MemoryStream(archive);
        try
        {
            using var tar = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true);
            foreach (var file in CardFile.Of(identity))
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, file.Path)
                {
                    Uid = 0,
                    Gid = 0,
                    UserName = "root",
                    GroupName = "root",
                    Mode = file.IsPrivate ? Owner : Owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
                    ModificationTime = DateTimeOffset.UnixEpoch,
                    DataStream = new MemoryStream(file.Content),
                });
            }
        }
        catch (NotSupportedException)
        {
            throw new ArgumentException($"{identity} does not fit into {CardLayout.ArchiveLength} bytes.", nameof(identity));
        }

        return archive;
    }

    /// <summary>The archive's files with their modes; null when there is no archive.</summary>
    public static ImmutableArray<(CardFile File, UnixFileMode Mode)>? Read(ReadOnlySpan<byte> archive)
    {
        if (IsErased(archive))
        {
            return null;
        }

        var files = ImmutableArray.CreateBuilder<(CardFile, UnixFileMode)>();
        try
        {
            using var tar = new TarReader(new MemoryStream(archive.ToArray()));
            while (tar.GetNextEntry(copyData: true) is { } entry)
            {
                var content = new MemoryStream();
                entry.DataStream?.CopyTo(content);
                files.Add((new CardFile(entry.Name, content.ToArray(), (entry.Mode & UnixFileMode.OtherRead) == 0), entry.Mode));
            }
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or FormatException or ArgumentException or ArithmeticException or NotSupportedException or InvalidOperationException)
        {
            // What .NET's reader throws depends on which field of a header is spoilt: a time that is none, a mode, a number.
            return null;
        }

        return files.Count == 0 ? null : files.ToImmutable();
    }

    /// <summary>Whether no archive is there, as on a card whose identity was overwritten after the first boot.</summary>
    public static bool IsErased(ReadOnlySpan<byte> archive) => !archive[..NothingLength].ContainsAnyExcept((byte)0);

    /// <summary>
    /// The archive's digest under a key. A plain one would let anybody who sees it try passwords against it: the rest of an
    /// archive may be known.
    /// </summary>
    public static string Digest(string key, ReadOnlySpan<byte> archive) => Convert.ToHexStringLower(HMACSHA256.HashData(Convert.FromHexString(key), archive));
}
