using System.Buffers.Binary;
using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using Provisioner.Provider.Errors;

namespace Provisioner.Provider.Flakes;

/// <summary>
/// Just that of a flake's folder which a build is given: as a digest, and as a tar. There is no .git in it and nothing that git
/// ignores, so that nothing else can get into the store; and who built it where makes no difference to the digest.
/// </summary>
internal static class FlakeContent
{
    private const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Executable = Plain | UnixFileMode.UserExecute;

    /// <summary>64 hex digits over paths, kinds and contents, and over what else decides on the result.</summary>
    public static async Task<string> DigestAsync(FlakeFolder flake, HostValues values, CancellationToken cancellation, params IReadOnlyList<string> alongside)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in alongside)
        {
            Append(hash, Encoding.UTF8.GetBytes(text));
        }

        foreach (var file in flake.Built)
        {
            var full = System.IO.Path.Combine(flake.Folder, file.Path);
            Append(hash, Encoding.UTF8.GetBytes(file.Path));
            if (new FileInfo(full).LinkTarget is { } target)
            {
                Append(hash, [(byte)'l', .. Encoding.UTF8.GetBytes(target)]);
                continue;
            }

            await using var content = Open(flake, file, values);
            Append(hash, [(byte)(IsExecutable(full) ? 'x' : 'f'), .. await SHA256.HashDataAsync(content, cancellation)]);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Writes the tar; the same bytes for the same files.</summary>
    public static async Task WriteTarAsync(FlakeFolder flake, HostValues values, Stream target, CancellationToken cancellation)
    {
        await using var tar = new TarWriter(target, TarEntryFormat.Pax, leaveOpen: true);
        foreach (var file in flake.Built)
        {
            var full = System.IO.Path.Combine(flake.Folder, file.Path);
            if (new FileInfo(full).LinkTarget is { } link)
            {
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.SymbolicLink, file.Path) { LinkName = link, ModificationTime = DateTimeOffset.UnixEpoch }, cancellation);
                continue;
            }

            await using var content = Open(flake, file, values);
            await tar.WriteEntryAsync(
                new PaxTarEntry(TarEntryType.RegularFile, file.Path)
                {
                    Mode = IsExecutable(full) ? Executable : Plain,
                    ModificationTime = DateTimeOffset.UnixEpoch,
                    DataStream = content,
                },
                cancellation);
        }
    }

    private static Stream Open(FlakeFolder flake, FlakeFile file, HostValues values)
    {
        var path = System.IO.Path.Combine(flake.Folder, file.Path);
        try
        {
            return file.Path == HostValues.File ? new MemoryStream(values.Overlay(File.ReadAllBytes(path), flake.Folder).Content, writable: false) : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 64 * 1024, useAsync: true);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new InputInvalidException("A file of the flake cannot be read", unreadable) { Where = path, Why = unreadable.Message };
        }
    }

    private static bool IsExecutable(string path) => !OperatingSystem.IsWindows() && File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserExecute);

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
