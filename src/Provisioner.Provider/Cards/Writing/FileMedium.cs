using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Provisioner.Provider.Errors;

namespace Provisioner.Provider.Cards.Writing;

/// <summary>An image file. It holds secrets, so that only its owner may read it; where it is zero it takes no room.</summary>
internal sealed class FileMedium : IMedium
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private FileMedium(string path, SafeFileHandle handle) => (Name, Handle) = (path, handle);

    public string Name { get; }

    public long? Capacity => null;

    /// <summary>What is written through.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Opens a file, or makes it. Links are not followed: the path is one without.</summary>
    /// <exception cref="CardAccessException">It is no regular file, or somebody else has it open.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static FileMedium Open(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return OpenElsewhere(path);
        }

        var (handle, error) = Descriptor.Open(path, NodeKind.File, Descriptor.ReadWrite);
        if (handle is null && error == Descriptor.NotThere)
        {
            (handle, error) = Descriptor.Make(path);
        }

        if (handle is null)
        {
            throw Refused(path, error);
        }

        if (!Descriptor.TryLock(handle) || Descriptor.IsOpenElsewhere(handle))
        {
            handle.Dispose();
            throw new CardAccessException("The image file is in use, and was not touched")
            {
                Where = path,
                Why = "another program, a loop device or a virtual machine has it open",
                Next = "end that, and look with: losetup -j FILE; fuser -v FILE",
            };
        }

        if (File.GetUnixFileMode(handle) != Owner)
        {
            File.SetUnixFileMode(handle, Owner);
        }

        return new FileMedium(path, handle);
    }

    /// <summary>Opens a file to look at it.</summary>
    public static SafeFileHandle OpenToRead(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }

        var (handle, error) = Descriptor.Open(path, NodeKind.File, Descriptor.ReadOnly);
        return handle ?? throw Refused(path, error);
    }

    private static Exception Refused(string path, int error) => error == 0
        ? new CardAccessException("The image file was not touched") { Where = path, Why = "it is no regular file", Next = "correct \"target\"" }
        : new IOException(Marshal.GetPInvokeErrorMessage(error));

    private static FileMedium OpenElsewhere(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return new FileMedium(path, File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }

        // A stream makes the file with its mode, so that there is no moment in which others could open it.
        var stream = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
            UnixCreateMode = Owner,
        });
        if (!stream.CanSeek)
        {
            stream.Dispose();
            throw Refused(path, 0);
        }

        File.SetUnixFileMode(stream.SafeFileHandle, Owner);
        return new FileMedium(path, stream.SafeFileHandle);
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(Handle, bytes, offset);

    /// <summary>Nothing: the file was cut to nothing before, so what is not written is zero.</summary>
    public void WriteZeros(AlignedBuffer zeros, long offset, int length)
    {
        // A rewritten identity card is the one thing that lies over older bytes; the writer never skips there.
    }

    public int Read(Span<byte> bytes, long offset)
    {
        var done = 0;
        while (done < bytes.Length && RandomAccess.Read(Handle, bytes[done..], offset + done) is var count and > 0)
        {
            done += count;
        }

        return done;
    }

    public void Clear() => RandomAccess.SetLength(Handle, CardLayout.Block);

    public void Finish(long length) => RandomAccess.SetLength(Handle, length);

    public void Flush() => RandomAccess.FlushToDisk(Handle);

    public void Dispose() => Handle.Dispose();
}
