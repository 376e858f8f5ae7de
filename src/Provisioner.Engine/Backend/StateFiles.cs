using System.IO.Compression;
using Provisioner.Engine.Files;
using Provisioner.Engine.State;
using Pulumi.Wire;
using ZstdSharp;

namespace Provisioner.Engine.Backend;

/// <summary>Reads stacks' state files, and replaces them so that a crash between any two operations leaves a whole one.</summary>
internal sealed class StateFiles(IFileOperations files, BackendPaths paths)
{
    // Some kilobytes of gzip or zstd may be made to become any number of bytes; thousands of resources are some megabytes.
    private const int LargestState = 256 << 20;

    private const string Gzip = ".gz";
    private const string Zstandard = ".zst";
    private const string Unsound = ".unsound";

    public bool Exists(string stack) => PathsOf(stack).Any();

    /// <exception cref="StateFileException">It is damaged, or there are several; the message names a whole copy where there is one.</exception>
    public StateDocument Read(string stack)
    {
        var path = PathOf(stack);
        try
        {
            return StateDocument.Parse(path, Content(path));
        }
        catch (StateFileException exception)
        {
            throw new StateFileException($"{exception.Message} {WayOut(stack, path)}", exception);
        }
    }

    /// <summary>The state that was there stays beside it as <c>.bak</c>. One that is compressed stays so: under two names there could be two states.</summary>
    public void Replace(string stack, ReadOnlySpan<byte> content)
    {
        var path = PathOf(stack);
        if (File.Exists(path))
        {
            AtomicFile.ReplaceLazily(files, BackendPaths.Backup(path), File.ReadAllBytes(path));
        }

        AtomicFile.Replace(files, path, Compressed(path, content), AtomicFile.Private);
    }

    /// <summary>Writes a state that cannot be read beside the one that can.</summary>
    /// <returns>Its file.</returns>
    public string Keep(string stack, ReadOnlySpan<byte> content)
    {
        var path = paths.State(stack) + Unsound;
        AtomicFile.Replace(files, path, content, AtomicFile.Private);
        return path;
    }

    /// <summary>The state as the backend's copies have it: not compressed.</summary>
    public byte[] Plain(string stack) => Content(PathOf(stack));

    public void Create(string stack, ReadOnlySpan<byte> content)
    {
        files.CreateDirectory(paths.Stacks);
        AtomicFile.Replace(files, paths.State(stack), content, AtomicFile.Private);
    }

    /// <summary>Removes what a killed process left; only for who holds the stack's lock.</summary>
    public void RemoveLeftovers(string stack)
    {
        AtomicFile.RemoveLeftovers(files, PathOf(stack));
        AtomicFile.RemoveLeftovers(files, BackendPaths.Backup(PathOf(stack)));
    }

    /// <summary>The files that hold a stack's state: one, unless somebody put another beside it.</summary>
    public IReadOnlyList<string> PathsOf(string stack) =>
        [.. ((string[])[string.Empty, Gzip, Zstandard]).Select(extension => paths.State(stack) + extension).Where(File.Exists)];

    /// <summary>The file that holds a stack's state, or will.</summary>
    /// <exception cref="StateFileException">There are several.</exception>
    private string PathOf(string stack) => PathsOf(stack) switch
    {
        [] => paths.State(stack),
        [var path] => path,
        var several => throw new StateFileException($"The stack \"{stack}\" has more than one state file: {string.Join(", ", several)}. Look which one is the right one, and move the other away."),
    };

    private static byte[] Content(string path)
    {
        using var content = new MemoryStream(RegularFile.Read(path, LargestState) ?? throw TooLarge(path));
        using Stream? compressed = Path.GetExtension(path) switch
        {
            Gzip => new GZipStream(content, CompressionMode.Decompress),
            Zstandard => new DecompressionStream(content),
            _ => null,
        };
        if (compressed is null)
        {
            return content.ToArray();
        }

        try
        {
            return BoundedStream.ToEnd(compressed, LargestState) ?? throw TooLarge(path);
        }
        catch (Exception exception) when (exception is InvalidDataException or ZstdException or EndOfStreamException)
        {
            throw new StateFileException($"{path} is damaged: it is not whole, or no {(compressed is GZipStream ? "gzip" : "zstd")}.", exception);
        }
    }

    private static StateFileException TooLarge(string path) => new($"{path} holds more than {LargestState >> 20} MiB of state, which no stack has.");

    private static ReadOnlySpan<byte> Compressed(string path, ReadOnlySpan<byte> content)
    {
        using var result = new MemoryStream();
        using (Stream? compressing = Path.GetExtension(path) switch
        {
            Gzip => new GZipStream(result, CompressionLevel.Fastest, leaveOpen: true),
            Zstandard => new CompressionStream(result, leaveOpen: true),
            _ => null,
        })
        {
            if (compressing is null)
            {
                return content;
            }

            compressing.Write(content);
        }

        return result.ToArray();
    }

    // The newest first: the copy of the save before, then those of whole updates.
    private string WayOut(string stack, string path)
    {
        var folder = paths.Backups(stack);
        IEnumerable<string> copies = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, $"{stack}.*.json") : [];
        return copies.OrderDescending(StringComparer.Ordinal).Prepend(BackendPaths.Backup(path)).FirstOrDefault(IsWhole) is { } whole
            ? $"The file was left as it is. {whole} is whole: look at it, and copy it over the damaged one."
            : "The file was left as it is, and there is no whole copy beside it. Restore it from a backup of your own.";
    }

    private static bool IsWhole(string path)
    {
        try
        {
            StateDocument.Parse(path, Content(path));
            return true;
        }
        catch (Exception exception) when (exception is StateFileException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
