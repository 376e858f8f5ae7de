namespace Provisioner.Engine.Files;

/// <summary>Replaces files whole: a reader, or a machine that lost its power, finds the old content or the new one.</summary>
internal static class AtomicFile
{
    /// <summary>What a secret or a state may be read by: its owner.</summary>
    public const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Content first, then the name, then the folder.</summary>
    public static void Replace(IFileOperations files, string path, ReadOnlySpan<byte> content, UnixFileMode? mode)
    {
        Put(files, path, content, mode, durable: true);
        files.SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Like <see cref="Replace"/>, for a copy that may be lost with the power, but never half there.</summary>
    public static void ReplaceLazily(IFileOperations files, string path, ReadOnlySpan<byte> content) => Put(files, path, content, Private, durable: false);

    /// <summary>Removes what a killed process left of its unfinished replacements of one file. Only for who holds the right to write it.</summary>
    public static void RemoveLeftovers(IFileOperations files, string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (var leftover in Directory.EnumerateFiles(folder, $".{Path.GetFileName(path)}.*.tmp"))
        {
            files.Delete(leftover);
        }
    }

    // What a full disk leaves of a file is no file.
    private static void Put(IFileOperations files, string path, ReadOnlySpan<byte> content, UnixFileMode? mode, bool durable)
    {
        var temporary = TemporaryName(path);
        try
        {
            files.Write(temporary, content, mode, durable);
            files.Rename(temporary, path);
        }
        catch
        {
            TryDelete(files, temporary);
            throw;
        }
    }

    // The name starts with a dot and ends in .tmp: neither engine takes it for a stack.
    private static string TemporaryName(string path) =>
        Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");

    private static void TryDelete(IFileOperations files, string path)
    {
        try
        {
            files.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The first failure is the one to tell.
        }
    }
}
