using System.Formats.Tar;
using System.Text;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Remote;
using Pulumi.Wire;

namespace Provisioner.CommandProvider.Remote;

/// <summary>What is copied, as the script and the stdin of one run. It arrives whole in a file of its own beside its place before anything there is touched.</summary>
internal sealed class CopySource : IAsyncDisposable
{
    private readonly Payload _payload;
    private readonly string? _name;
    private readonly FileStream? _tar;

    private CopySource(Payload payload, string? name, FileStream? tar) => (_payload, _name, _tar) = (payload, name, tar);

    /// <exception cref="InputInvalidException">It cannot be read.</exception>
    public static async Task<CopySource> OpenAsync(PropertyValue source, bool isSecret, CancellationToken cancellation)
    {
        var folder = Directory.GetCurrentDirectory();
        try
        {
            switch (source)
            {
                case PropertyValue.Asset { Source: AssetSource.Text text }:
                    return new CopySource(isSecret ? Payload.Secret(text.Value) : Payload.Plain(text.Value), string.Empty, null);
                case PropertyValue.Asset { Source: AssetSource.Path path }:
                    return OfFile(Path.Combine(folder, path.Value));
                case PropertyValue.Archive archive when AssetContent.FileOf(archive, folder) is { } file:
                    return OfFile(file);
                case PropertyValue.Archive archive:
                    return await OfFilesAsync(archive, folder, cancellation);
                default:
                    throw new IOException("it came without its content");
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new InputInvalidException("What is to be copied cannot be read") { Where = "source", Why = failure.Message };
        }
    }

    /// <summary>The script that puts it in its place.</summary>
    public Script Script(string remotePath) => Provisioner.Provider.Remote.Script.Of(_name is null ? Unpack(remotePath) : Write(remotePath, _name)) with
    {
        Stdin = _payload,
        AsIs = true,
        NeedsRoot = false,
        Deadline = Timeout.InfiniteTimeSpan,
    };

    public async ValueTask DisposeAsync()
    {
        if (_tar is not null)
        {
            await _tar.DisposeAsync();
        }
    }

    private static CopySource OfFile(string file)
    {
        // The length is told first, and of what is no file there is none.
        RegularFile.Require(file);
        return new(Payload.Streamed(new FileInfo(file).Length, () => RegularFile.OpenRead(file)), Path.GetFileName(file), null);
    }

    /// <summary>As a tar archive in a file that only this user can read, and that goes with its last handle.</summary>
    private static async Task<CopySource> OfFilesAsync(PropertyValue.Archive archive, string folder, CancellationToken cancellation)
    {
        // rsync's rule: without a slash at its end a path means the folder itself, with one what is in it.
        var prefix = archive.Source is ArchiveSource.Path path && !path.Value.EndsWith('/') ? $"{Path.GetFileName(Path.GetFullPath(path.Value, folder))}/" : string.Empty;
        var file = Path.Join(Path.GetTempPath(), Path.GetRandomFileName());
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var tar = new FileStream(file, options);
        try
        {
            await using (var writer = new TarWriter(tar, TarEntryFormat.Pax, leaveOpen: true))
            {
                foreach (var (name, asset) in AssetContent.Entries(archive, folder))
                {
                    await using var content = AssetContent.Open(asset, folder);
                    await writer.WriteEntryAsync(
                        new PaxTarEntry(TarEntryType.RegularFile, prefix + name) { DataStream = content, Mode = (UnixFileMode)0b110_110_110 },
                        cancellation);
                }
            }

            await tar.FlushAsync(cancellation);
            return new CopySource(Payload.Streamed(tar.Length, () => new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)), null, tar);
        }
        catch
        {
            await tar.DisposeAsync();
            throw;
        }
    }

    /// <summary>One file, into what is there if it is a file, so that its owner and mode stay.</summary>
    private static Shell Write(string path, string name) => Shell.Of($$"""
        set -eu
        place={{path}}
        name={{name}}
        if [ -d "$place" ]; then
          [ -n "$name" ] || { printf '%s is a folder, and a text has no name of its own: give the path of a file\n' "$place" >&2; exit 1; }
          place=${place%/}/$name
        fi
        case $place in
          */*) folder=${place%/*}/ ;;
          *) folder=./ ;;
        esac
        mkdir -p -- "$folder"
        {{Receive}}
        cat "$kept" >"$place"

        """);

    private static Shell Unpack(string path) => Shell.Of($$"""
        set -eu
        folder={{path}}
        if [ -e "$folder" ] && [ ! -d "$folder" ]; then
          printf '%s is there and is no folder\n' "$folder" >&2
          exit 1
        fi
        mkdir -p -- "$folder"
        folder=${folder%/}/
        {{Receive}}
        tar -x -f "$kept" -C "$folder" --overwrite --no-same-owner --no-same-permissions

        """);

    private static Shell Receive { get; } = Shell.Of($$"""
        kept=$(mktemp -- "${folder}.copy-XXXXXXXX")
        trap 'rm -f -- "$kept"' EXIT
        cat >"$kept"
        if [ "$(wc -c <"$kept")" -ne "$stdin_bytes" ]; then
          echo 'it did not arrive whole' >&2
          exit 1
        fi
        """);
}
