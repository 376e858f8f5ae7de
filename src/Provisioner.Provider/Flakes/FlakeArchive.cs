using System.Collections.Immutable;
using System.Formats.Tar;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Flakes;

/// <summary>Which files of a flake's folder are sent.</summary>
internal enum FlakeSource
{
    [Modelling.Doc("What git tracks, as `nix build .` would take it; a folder that is in no git repository as a whole.")]
    GitTracked,

    [Modelling.Doc("Every file of the folder, also what git ignores or does not know, as `nix build path:.` would take it; never the folder .git.")]
    WholeFolder,
}

/// <summary>The files of a flake as they are sent to a device, the same bytes for the same files.</summary>
/// <param name="Digest">SHA-256 over names, kinds and contents, in hex.</param>
/// <param name="Files">Their paths in ordinal order, each from the flake's folder.</param>
/// <param name="Tar">A tar archive of them.</param>
internal sealed record FlakeArchive(string Digest, ImmutableArray<string> Files, ReadOnlyMemory<byte> Tar)
{
    /// <summary>What its <see cref="HostValues.File"/> was given, in words; empty where it has none.</summary>
    public ImmutableSortedDictionary<string, string> Given { get; private init; } = ImmutableSortedDictionary<string, string>.Empty;

    // A flake is text; whoever has more in the folder has something in it that is not meant to be sent.
    private const long Limit = 64L * 1024 * 1024;

    /// <summary>Which files are sent. The lock is, whatever git says of it: without it the flake would be another one tomorrow.</summary>
    public static ImmutableArray<FlakeFile> Select(FlakeFolder folder, FlakeSource source) =>
        [.. folder.Files.Where(file => source == FlakeSource.WholeFolder || file.Place is Secrets.SecretPlace.Tracked or Secrets.SecretPlace.Unversioned || file.Path == FlakeLock.File)
            .OrderBy(file => file.Path, StringComparer.Ordinal)];

    /// <summary>Reads the files.</summary>
    /// <param name="folder">Where they are.</param>
    /// <param name="source">Which of them.</param>
    /// <param name="values">What the copy is given of the machine.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="InputInvalidException">There is no flake.nix among them, or they are too much.</exception>
    public static async Task<FlakeArchive> ReadAsync(FlakeFolder folder, FlakeSource source, HostValues values, CancellationToken cancellation)
    {
        var given = ImmutableSortedDictionary<string, string>.Empty;
        var files = Select(folder, source);
        if (!files.Any(file => file.Path == "flake.nix"))
        {
            throw new InputInvalidException("The flake's flake.nix would not be sent")
            {
                Where = folder.Folder,
                Why = "git does not track it, and only what git tracks is sent",
                Next = $"git -C {folder.Folder} add flake.nix, or set source to \"wholeFolder\"",
            };
        }

        using var tar = new MemoryStream();
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var writer = new TarWriter(tar, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var file in files)
            {
                await AddAsync(writer, digest, folder.Folder, file.Path, Given, cancellation);
                if (tar.Length > Limit)
                {
                    throw new InputInvalidException($"The flake's files are more than {Limit / 1024 / 1024} MiB")
                    {
                        Where = $"{folder.Folder}, with {file.Path}",
                        Next = source == FlakeSource.WholeFolder ? "set source to \"gitTracked\", or move what is no part of the flake elsewhere" : "take what is no part of the flake out of the folder",
                    };
                }
            }
        }

        return new FlakeArchive(Convert.ToHexStringLower(digest.GetHashAndReset()), [.. files.Select(file => file.Path)], tar.ToArray()) { Given = given };

        byte[] Given(string path, byte[] content)
        {
            if (path != HostValues.File)
            {
                return content;
            }

            (content, given) = values.Overlay(content, folder.Folder);
            return content;
        }
    }

    /// <summary>For a script's stdin.</summary>
    public Payload ToPayload() => Payload.Of(Tar.ToArray());

    private static async Task AddAsync(TarWriter writer, IncrementalHash digest, string folder, string path, Func<string, byte[], byte[]> given, CancellationToken cancellation)
    {
        var info = new FileInfo(Path.Combine(folder, path));
        if (info.LinkTarget is { } target)
        {
            Note(digest, "link", path, Encoding.UTF8.GetBytes(target));
            await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.SymbolicLink, path) { LinkName = target, ModificationTime = DateTimeOffset.UnixEpoch }, cancellation);
            return;
        }

        var content = given(path, await File.ReadAllBytesAsync(info.FullName, cancellation));
        var isProgram = !OperatingSystem.IsWindows() && (info.UnixFileMode & UnixFileMode.UserExecute) != 0;
        Note(digest, isProgram ? "program" : "file", path, content);
        using var data = new MemoryStream(content, writable: false);
        await writer.WriteEntryAsync(
            new PaxTarEntry(TarEntryType.RegularFile, path)
            {
                DataStream = data,
                ModificationTime = DateTimeOffset.UnixEpoch,
                Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | (isProgram ? UnixFileMode.UserExecute : UnixFileMode.None),
            },
            cancellation);
    }

    private static void Note(IncrementalHash digest, string kind, string path, ReadOnlySpan<byte> content)
    {
        // With the lengths in front, no two lists of files are one text.
        digest.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{kind} {Encoding.UTF8.GetByteCount(path)} {path} {content.Length}\n")));
        digest.AppendData(content);
    }
}
