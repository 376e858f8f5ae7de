using System.Runtime.InteropServices;
using System.Text;

namespace Provisioner.Engine.Files;

/// <summary>The real files.</summary>
internal sealed class FileOperations : IFileOperations
{
    public static FileOperations Instance { get; } = new();

    public void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else if (!Directory.Exists(path))
        {
            // The mode is given to the last folder only, so each is made by itself.
            CreateDirectory(Path.GetDirectoryName(path)!);
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public void Write(string path, ReadOnlySpan<byte> content, UnixFileMode? mode, bool durable)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows() && mode is { } atMost)
        {
            options.UnixCreateMode = atMost;
        }

        using var stream = new FileStream(path, options);
        if (!OperatingSystem.IsWindows() && mode is { } exactly)
        {
            // The umask took from what was asked for.
            File.SetUnixFileMode(stream.SafeFileHandle, exactly);
        }

        stream.Write(content);
        stream.Flush(durable);
    }

    public void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    public void SyncDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // NTFS keeps names in its journal, and a folder cannot be flushed.
        }

        var descriptor = NativeMethods.open([.. Encoding.UTF8.GetBytes(path), 0], flags: 0);
        if (descriptor < 0)
        {
            throw new IOException($"Cannot open the folder {path} to make its names durable: error {Marshal.GetLastPInvokeError()}.");
        }

        // Some file systems cannot flush a folder; the rename is then as durable as they make it.
        _ = NativeMethods.fsync(descriptor);
        _ = NativeMethods.close(descriptor);
    }

    public void Delete(string path)
    {
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }

    private static class NativeMethods
    {
        [DllImport("libc", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int open(byte[] path, int flags);

        [DllImport("libc")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int fsync(int descriptor);

        [DllImport("libc")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int close(int descriptor);
    }
}
