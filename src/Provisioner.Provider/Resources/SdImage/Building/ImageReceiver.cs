using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Provisioner.Provider.Resources.SdImage.Building;

/// <summary>Takes what <see cref="ImageBuild"/> writes to stdout: a line, perhaps a lock file, and the image, into a file.</summary>
internal sealed class ImageReceiver(string path, Action<long, long> progress) : IDisposable
{
    private const int LongestHeader = 1024;
    private const int LargestLock = 16 * 1024 * 1024;

    private readonly List<byte> _header = [];
    private readonly MemoryStream _lock = new();
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private FileStream? _file;
    private long _lockLeft;
    private long _size;
    private long _received;

    /// <summary>The image's own file name.</summary>
    public string Name { get; private set; } = string.Empty;

    /// <summary>The lock file that the build made; null when the flake has one, or needs none.</summary>
    public byte[]? Lock => _lock.Length > 0 ? _lock.ToArray() : null;

    /// <exception cref="IOException">It is not what a build writes, or the disk is full.</exception>
    public void Take(ReadOnlyMemory<byte> bytes)
    {
        var rest = bytes.Span;
        while (_file is null && rest.Length > 0)
        {
            var next = rest[0];
            rest = rest[1..];
            if (next == '\n')
            {
                Begin();
            }
            else if (_header.Count >= LongestHeader)
            {
                throw new IOException("what came is not an image");
            }
            else
            {
                _header.Add(next);
            }
        }

        var locked = (int)Math.Min(_lockLeft, rest.Length);
        _lock.Write(rest[..locked]);
        _lockLeft -= locked;
        rest = rest[locked..];
        if (rest.Length == 0)
        {
            return;
        }

        _received += rest.Length;
        if (_received > _size)
        {
            throw new IOException($"more than the {_size} bytes of the image came");
        }

        _file!.Write(rest);
        _hash.AppendData(rest);
        progress(_received, _size);
    }

    /// <summary>The SHA-256 of the whole image.</summary>
    /// <exception cref="IOException">Less or more came than was said.</exception>
    public string Finish()
    {
        if (_file is null || _received != _size || _lockLeft != 0)
        {
            throw new IOException($"of {_size} bytes of the image {_received} came");
        }

        _file.Flush(flushToDisk: true);
        _file.Dispose();
        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    public void Dispose()
    {
        _file?.Dispose();
        _hash.Dispose();
        _lock.Dispose();
    }

    private void Begin()
    {
        var words = Encoding.UTF8.GetString([.. _header]).Split(' ', 4);
        if (words is not [ImageBuild.Header, var size, var locked, var name]
            || !long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out _size)
            || !long.TryParse(locked, NumberStyles.None, CultureInfo.InvariantCulture, out _lockLeft)
            || _lockLeft > LargestLock)
        {
            throw new IOException("what came is not an image");
        }

        Name = name;
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
    }
}
