using Microsoft.Win32.SafeHandles;

namespace Provisioner.Provider.Cards.Writing;

/// <summary>An image file. It holds secrets, so that only its owner may read it; where it is zero it takes no room.</summary>
internal sealed class FileMedium : IMedium
{
    private readonly SafeFileHandle _handle;

    private FileMedium(string path, SafeFileHandle handle) => (Name, _handle) = (path, handle);

    public string Name { get; }

    public long? Capacity => null;

    /// <exception cref="IOException">It cannot be opened.</exception>
    public static FileMedium Open(string path)
    {
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
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
            UnixCreateMode = owner,
        });
        File.SetUnixFileMode(stream.SafeFileHandle, owner);
        return new FileMedium(path, stream.SafeFileHandle);
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(_handle, bytes, offset);

    /// <summary>Nothing: the file was cut to nothing before, so what is not written is zero.</summary>
    public void WriteZeros(AlignedBuffer zeros, long offset, int length)
    {
        // A rewritten identity card is the one thing that lies over older bytes; the writer never skips there.
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

    public void Clear() => RandomAccess.SetLength(_handle, CardLayout.Block);

    public void Finish(long length) => RandomAccess.SetLength(_handle, length);

    public void Flush() => RandomAccess.FlushToDisk(_handle);

    public void Dispose() => _handle.Dispose();
}
