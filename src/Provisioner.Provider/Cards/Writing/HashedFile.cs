using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Provisioner.Provider.Cards.Writing;

/// <summary>A file read from its beginning to its end, with the SHA-256 of what was read.</summary>
internal sealed class HashedFile(SafeFileHandle handle) : Stream
{
    private const int RestBuffer = 64 * 1024;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly FileStream _file = new(handle, FileAccess.Read, bufferSize: 0);

    /// <summary>0 when it is not known, as with a pipe.</summary>
    public long Total => _file.CanSeek ? _file.Length : 0;

    public long Done { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => Done; set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var count = _file.Read(buffer);
        _hash.AppendData(buffer[..count]);
        Done += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await _file.ReadAsync(buffer, cancellationToken);
        _hash.AppendData(buffer.Span[..count]);
        Done += count;
        return count;
    }

    /// <summary>The digest of the whole file: what a decompressor left unread counts.</summary>
    public async Task<string> DigestAsync(CancellationToken cancellation)
    {
        var rest = new byte[RestBuffer];
        while (await ReadAsync(rest, cancellation) > 0)
        {
        }

        return Convert.ToHexStringLower(_hash.GetCurrentHash());
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }
}
