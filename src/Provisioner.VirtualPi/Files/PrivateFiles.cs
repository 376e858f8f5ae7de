using System.Text;

namespace Provisioner.VirtualPi.Files;

/// <summary>Files and folders that only their owner reads, written whole or not at all.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes the folder, and those above it that are missing, for the owner alone.</summary>
    public static string MakeFolder(string path)
    {
        // The framework gives the mode to the last folder only, and what is above would be open to others.
        if (Path.GetDirectoryName(path) is { } parent && !Directory.Exists(parent))
        {
            MakeFolder(parent);
        }

        Directory.CreateDirectory(path, FolderMode);
        return path;
    }

    public static void Write(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Replaces the file in one move: whoever reads it sees the old or the new content.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var draft = $"{path}.{Guid.NewGuid():N}.new";
        try
        {
            using (var file = new FileStream(draft, new FileStreamOptions
            {
                Mode = System.IO.FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = FileMode,
            }))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: true);
        }
        catch
        {
            // What a full disk leaves of it is no file.
            File.Delete(draft);
            throw;
        }
    }

    /// <summary>The last lines of a log, for an error; empty when there is no such file. Control characters are taken out.</summary>
    public static string Tail(string path, int lines = 12)
    {
        const int enough = 16 * 1024;
        if (!File.Exists(path))
        {
            return string.Empty;
        }

        using var file = new FileStream(path, System.IO.FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(-Math.Min(enough, file.Length), SeekOrigin.End);
        using var reader = new StreamReader(file);
        var text = reader.ReadToEnd();
        var clean = string.Concat(text.Where(character => character == '\n' || !char.IsControl(character)));
        return string.Join('\n', clean.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(lines));
    }
}
