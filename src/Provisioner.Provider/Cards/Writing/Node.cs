using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Provisioner.Provider.Cards.Writing;

/// <summary>What lies at a path.</summary>
internal enum NodeKind
{
    /// <summary>A regular file.</summary>
    File,

    /// <summary>A block device: a disk, a partition, or what the kernel makes look like one.</summary>
    Block,

    Folder,

    /// <summary>A character device, a FIFO or a socket.</summary>
    Other,
}

/// <summary>
/// What the kernel says of a file or of an open descriptor. Names prove nothing: a disk has as many as anybody gives it, by links,
/// by mounts and by nodes of one's own.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Identity">Which file it is: its file system and its number there. The same for all of its names.</param>
/// <param name="Device">Of a device, its number: <c>8:0</c>.</param>
/// <param name="Changed">When anything about it was last changed, as nobody can set it back: seconds and nanoseconds (ctime).</param>
internal sealed record Node(NodeKind Kind, string Identity, string Device, string Changed = "")
{
    private const int TypeMask = 0xf000;
    private const int BlockType = 0x6000;
    private const int FolderType = 0x4000;
    private const int RegularType = 0x8000;

    /// <summary>What a path leads to, through links; null when nothing is there, or it may not be looked at.</summary>
    public static Node? Of(string path) => OperatingSystem.IsLinux()
        ? Native.Stat(Native.WorkingFolder, path, 0) is { } told ? Read(told) : null
        : OfElsewhere(path);

    /// <summary>What an open descriptor leads to, whatever its name leads to by now.</summary>
    public static Node Of(SafeFileHandle handle) => !OperatingSystem.IsLinux() ? new Node(NodeKind.File, "", "")
        : Native.StatOpen(handle) is { } told ? Read(told)
        : throw new IOException(Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()));

    /// <summary>The path without links, dots and doubled slashes; null when nothing is there.</summary>
    public static string? Resolve(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return Path.Exists(path) ? Path.GetFullPath(path) : null;
        }

        var found = Native.RealPath(path, 0);
        if (found == 0)
        {
            return null;
        }

        try
        {
            return Marshal.PtrToStringUTF8(found);
        }
        finally
        {
            Native.Free(found);
        }
    }

    // Disks are written to on Linux only: elsewhere it is enough that none is taken for a file.
    private static Node? OfElsewhere(string path) => Resolve(path) is not { } resolved ? null
        : Directory.Exists(resolved) ? new Node(NodeKind.Folder, resolved, "")
        : resolved.StartsWith("/dev/", StringComparison.Ordinal) ? new Node(NodeKind.Block, resolved, resolved)
        : new Node(NodeKind.File, resolved, "");

    private static Node Read(byte[] told)
    {
        // struct statx: the same on every processor.
        uint At(int place) => BitConverter.ToUInt32(told, place);
        var kind = (BitConverter.ToUInt16(told, 28) & TypeMask) switch
        {
            RegularType => NodeKind.File,
            BlockType => NodeKind.Block,
            FolderType => NodeKind.Folder,
            _ => NodeKind.Other,
        };
        return new Node(
            kind,
            string.Create(CultureInfo.InvariantCulture, $"{At(136)}:{At(140)}/{BitConverter.ToUInt64(told, 32)}"),
            string.Create(CultureInfo.InvariantCulture, $"{At(128)}:{At(132)}"),
            string.Create(CultureInfo.InvariantCulture, $"{BitConverter.ToInt64(told, 96)}.{At(104):d9}"));
    }

    private static class Native
    {
        public const int WorkingFolder = -100;
        private const int EmptyPath = 0x1000;
        private const uint BasicFacts = 0x7ff;
        private const int Length = 256;

        public static byte[]? Stat(int folder, string path, int flags)
        {
            var told = new byte[Length];
            return Statx(folder, path, flags, BasicFacts, told) == 0 ? told : null;
        }

        public static byte[]? StatOpen(SafeFileHandle handle)
        {
            var told = new byte[Length];
            return StatxOpen(handle, "", EmptyPath, BasicFacts, told) == 0 ? told : null;
        }

        [DllImport("libc", EntryPoint = "realpath", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern nint RealPath([MarshalAs(UnmanagedType.LPUTF8Str)] string path, nint buffer);

        [DllImport("libc", EntryPoint = "free")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern void Free(nint memory);

        [DllImport("libc", EntryPoint = "statx", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern int Statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, [Out] byte[] told);

        [DllImport("libc", EntryPoint = "statx", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern int StatxOpen(SafeFileHandle handle, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, [Out] byte[] told);
    }
}
