using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Provisioner.Provider.Errors;

namespace Provisioner.Provider.Cards.Writing;

/// <summary>
/// A disk of a Linux machine. O_EXCL: the kernel refuses while anything of it is mounted or in use, whatever we believe.
/// O_DIRECT: what is read back comes from the disk and from no cache, and the machine's memory is left to others.
/// </summary>
internal sealed class LinuxDisk : IMedium
{
    private const int OpenReadWrite = 0x2;
    private const int OpenExclusive = 0x80;
    private const int OpenCloseOnExec = 0x80000;
    private const int NotPermitted = 1;
    private const int AccessDenied = 13;
    private const int Busy = 16;
    private const int SmallestStretch = 64 * 1024;

    private readonly SafeFileHandle _handle;
    private bool _zeroesWell = true;


    private LinuxDisk(string path, SafeFileHandle handle, long capacity) => (Name, _handle, Capacity) = (path, handle, capacity);

    public string Name { get; }

    public long? Capacity { get; }

    // Another number on each family of processors.
    private static int Direct => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x10000 : 0x4000;

    /// <summary>Opens a disk.</summary>
    /// <exception cref="ProviderException">It may not be opened, or is in use.</exception>
    public static LinuxDisk Open(string path)
    {
        const int flags = OpenReadWrite | OpenExclusive | OpenCloseOnExec;
        var descriptor = Native.Open(path, flags | Direct, 0);
        if (descriptor < 0)
        {
            throw Refused(path, Marshal.GetLastPInvokeError());
        }

        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        ulong bytes = 0;
        if (Native.Size(handle, Native.GetSize, ref bytes) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            handle.Dispose();
            throw new CardAccessException("The card cannot be used") { Where = path, Why = $"it is no disk, or does not tell its size: {Marshal.GetPInvokeErrorMessage(error)}" };
        }

        return new LinuxDisk(path, handle, (long)bytes);
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(_handle, bytes, offset);

    /// <summary>
    /// BLKZEROOUT, which promises zeros whatever the disk can do (discard alone does not); all of it is read back afterwards.
    /// </summary>
    public void WriteZeros(AlignedBuffer zeros, long offset, int length)
    {
        if (_zeroesWell && length >= SmallestStretch)
        {
            ulong[] range = [(ulong)offset, (ulong)length];
            if (Native.Zero(_handle, Native.ZeroOut, range) == 0)
            {
                return;
            }

            _zeroesWell = false;
        }

        Write(zeros.Span[..length], offset);
    }

    public int Read(Span<byte> bytes, long offset)
    {
        var done = 0;
        while (done < bytes.Length && RandomAccess.Read(_handle, bytes[done..], offset + done) is var count and > 0)
        {
            done += count;
        }

        return done;
    }

    /// <summary>The last MiB goes: a GPT's second copy, a ZFS label or an md superblock there would make the card look like what it was.</summary>
    public void Clear()
    {
        var zeros = new AlignedBuffer(1024 * 1024);
        var end = Capacity!.Value / CardLayout.Block * CardLayout.Block;
        if (end > zeros.Length + CardLayout.Block)
        {
            Write(zeros.Span, end - zeros.Length);
        }
    }

    public void Finish(long length)
    {
        // A disk has the length it has.
    }

    public void Flush() => RandomAccess.FlushToDisk(_handle);

    public void Dispose() => _handle.Dispose();

    private static CardAccessException Refused(string path, int error) => error switch
    {
        Busy => new CardAccessException("The disk is in use, and was not touched")
        {
            Where = path,
            Why = "the kernel says that something of it is mounted, or belongs to a pool, an array or a mapping",
            Next = "unmount it, and look with: lsblk " + path,
        },
        AccessDenied or NotPermitted => new CardAccessException("The disk may not be written by you")
        {
            Where = path,
            Why = Marshal.GetPInvokeErrorMessage(error),
            Next = "run the same command with sudo -E, or join the group that owns the disk (often \"disk\")",
        },
        _ => new CardAccessException("The disk cannot be opened") { Where = path, Why = Marshal.GetPInvokeErrorMessage(error) },
    };

    private static class Native
    {
        public const nuint GetSize = 0x80081272;
        public const nuint ZeroOut = 0x127f;

        [DllImport("libc", EntryPoint = "open", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, int mode);

        [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Size(SafeFileHandle handle, nuint request, ref ulong bytes);

        [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Zero(SafeFileHandle handle, nuint request, [In] ulong[] range);
    }
}
