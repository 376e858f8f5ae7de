using System.Runtime.InteropServices;

namespace Pulumi.Wire;

/// <summary>
/// Files that people name. To open a FIFO waits until somebody writes, to read a terminal waits for a key, and some devices never
/// end; so the kernel is asked what lies there before anything is opened.
/// </summary>
public static class RegularFile
{
    /// <summary>Opens a file to be read. The null device counts as an empty file: people name it for one.</summary>
    /// <exception cref="IOException">It is not there, or it is no regular file.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream OpenRead(string path)
    {
        Require(path);
        return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
    }

    /// <summary>A file's content; null when it has more bytes than the limit.</summary>
    /// <exception cref="IOException">It is not there, or it is no regular file.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[]? Read(string path, int limit)
    {
        using var file = OpenRead(path);
        return BoundedStream.ToEnd(file, limit);
    }

    /// <summary>Refuses what is there and is no regular file; one that is not there whoever opens it will tell.</summary>
    /// <exception cref="IOException">It is of another kind.</exception>
    public static void Require(string path)
    {
        if (Directory.Exists(path))
        {
            throw NotRegular(path, "a folder");
        }

        var told = new byte[Native.Length];
        if (!OperatingSystem.IsLinux() || Native.Statx(Native.WorkingFolder, path, 0, Native.Basics, told) != 0)
        {
            return;
        }

        // struct statx is the same on every processor: the mode, and the numbers of a device.
        var kind = (BitConverter.ToUInt16(told, 28) & 0xf000) switch
        {
            0x1000 => "a FIFO",
            0x2000 => (BitConverter.ToUInt32(told, 128), BitConverter.ToUInt32(told, 132)) is (1, 3) ? null : "a character device",
            0x6000 => "a block device",
            0xc000 => "a socket",
            _ => null,
        };
        if (kind is not null)
        {
            throw NotRegular(path, kind);
        }
    }

    private static IOException NotRegular(string path, string kind) => new($"{path} is {kind}, and not a file.");

    private static class Native
    {
        public const int WorkingFolder = -100;
        public const uint Basics = 0x7ff;
        public const int Length = 256;

        [DllImport("libc", EntryPoint = "statx", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, [Out] byte[] told);
    }
}
