using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Provisioner.Provider.Errors;

namespace Provisioner.Provider.Cards.Writing;

/// <summary>
/// A disk of a Linux machine. O_EXCL: the kernel refuses while anything of it is mounted or in use, whatever we believe. Held so, it
/// keeps its name and its number: what the last look says of them it says of this disk. It is opened to be written only behind
/// that look, and by the descriptor that was held. O_DIRECT: what is read back comes from the disk and from no cache, and the
/// machine's memory is left to others.
/// </summary>
internal sealed class LinuxDisk : IMedium
{
    private const int NotPermitted = 1;
    private const int AccessDenied = 13;
    private const int SmallestStretch = 64 * 1024;

    private SafeFileHandle? _writer;
    private bool _zeroesWell = true;

    private LinuxDisk(string path, SafeFileHandle handle, long capacity, string identity) => (Name, Handle, Capacity, Identity) = (path, handle, capacity, identity);

    public string Name { get; }

    public long? Capacity { get; }

    /// <summary>What holds the disk; it can be read through it.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>The kernel's number of the device, and which of all disks that it has seen since it started this one is (diskseq; <c>-</c> before Linux 5.15).</summary>
    public string Identity { get; }

    private SafeFileHandle Writer => _writer ??= Descriptor.Again(Handle, Descriptor.ReadWrite | Descriptor.Direct) is ({ } writer, _) ? writer : throw Refused(Name, Marshal.GetLastPInvokeError());

    /// <summary>Holds a disk. Nothing is written yet.</summary>
    /// <exception cref="ProviderException">It may not be opened, or is in use.</exception>
    public static LinuxDisk Open(string path)
    {
        var (handle, error) = Descriptor.Open(path, NodeKind.Block, Descriptor.ReadOnly | Descriptor.Exclusive);
        if (handle is null)
        {
            throw error == 0 ? new CardAccessException("The card cannot be used") { Where = path, Why = "it is no disk" } : Refused(path, error);
        }

        ulong bytes = 0;
        if (Native.Size(handle, Native.GetSize, ref bytes) != 0)
        {
            error = Marshal.GetLastPInvokeError();
            handle.Dispose();
            throw new CardAccessException("The card cannot be used") { Where = path, Why = $"it does not tell its size: {Marshal.GetPInvokeErrorMessage(error)}" };
        }

        ulong number = 0;
        var sequence = Native.Size(handle, Native.GetSequence, ref number) == 0 ? number.ToString(CultureInfo.InvariantCulture) : "-";
        return new LinuxDisk(path, handle, (long)bytes, $"{Node.Of(handle).Device} {sequence}");
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(Writer, bytes, offset);

    /// <summary>
    /// BLKZEROOUT, which promises zeros whatever the disk can do (discard alone does not); all of it is read back afterwards.
    /// </summary>
    public void WriteZeros(AlignedBuffer zeros, long offset, int length)
    {
        if (_zeroesWell && length >= SmallestStretch)
        {
            ulong[] range = [(ulong)offset, (ulong)length];
            if (Native.Zero(Writer, Native.ZeroOut, range) == 0)
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
        while (done < bytes.Length && RandomAccess.Read(Writer, bytes[done..], offset + done) is var count and > 0)
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

        // The kernel lets go of the partitions that were: a card that is cut off here has none. It is asked through the descriptor
        // that holds the disk, and who may not ask (only root may) has udev do it when the disk is closed.
        Flush();
        _ = Native.Tell(Handle, Native.ReadTable, 0);
    }

    public void Finish(long length)
    {
        // A disk has the length it has.
    }

    public void Flush() => RandomAccess.FlushToDisk(Writer);

    public void Dispose()
    {
        _writer?.Dispose();
        Handle.Dispose();
    }

    private static CardAccessException Refused(string path, int error) => error switch
    {
        Descriptor.Busy => new CardAccessException("The disk is in use, and was not touched")
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
        public const nuint GetSequence = 0x80081280;
        public const nuint ZeroOut = 0x127f;
        public const nuint ReadTable = 0x125f;

        [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Tell(SafeFileHandle handle, nuint request, nint nothing);

        [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Size(SafeFileHandle handle, nuint request, ref ulong bytes);

        [DllImport("libc", EntryPoint = "ioctl", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Zero(SafeFileHandle handle, nuint request, [In] ulong[] range);
    }
}
