using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Provisioner.Provider.Images;

/// <summary>A file, folder or link of an ext4 file system.</summary>
/// <param name="Inode">Its number.</param>
/// <param name="Mode">Kind and permissions, as in stat.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Block">The 60 bytes that tell where the content is, or that are a short link's target.</param>
/// <param name="HasExtents">Whether they are an extent tree.</param>
internal sealed record Ext4Node(uint Inode, int Mode, long Size, byte[] Block, bool HasExtents)
{
    public bool IsFolder => (Mode & 0xf000) == 0x4000;

    public bool IsFile => (Mode & 0xf000) == 0x8000;

    public bool IsLink => (Mode & 0xf000) == 0xa000;
}

/// <summary>
/// Reads an ext4 file system inside of an image: no mount, no root, no tool, on every operating system, and quick enough to
/// look into thousands of files. It reads what mke2fs makes today; what it does not know it refuses, and never guesses.
/// </summary>
internal sealed class Ext4Reader
{
    private const int MostLinks = 40;

    // File types in folders, extents, 64 bit, flexible groups, a checksum seed, large folders, a journal to be replayed.
    private const uint Known = 0x2 | 0x4 | 0x40 | 0x80 | 0x200 | 0x2000 | 0x4000;

    private readonly SafeFileHandle _file;
    private readonly long _offset;
    private readonly int _blockSize;
    private readonly int _inodeSize;
    private readonly uint _inodesPerGroup;
    private readonly int _descriptorSize;
    private readonly long _descriptors;
    private readonly uint _inodes;

    /// <param name="file">The image.</param>
    /// <param name="offset">Where the file system begins in it, in bytes.</param>
    /// <exception cref="InvalidDataException">There is no ext4 file system, or one with features that are not known.</exception>
    public Ext4Reader(SafeFileHandle file, long offset)
    {
        (_file, _offset) = (file, offset);
        var super = Bytes(1024, 1024);
        if (U16(super, 0x38) != 0xef53)
        {
            throw new InvalidDataException("there is no ext4 file system");
        }

        var features = U32(super, 0x60);
        if ((features & ~Known) != 0 || (features & 0x40) == 0)
        {
            throw new InvalidDataException($"its ext4 file system has features that are not known here (0x{features:x})");
        }

        _blockSize = 1024 << (int)U32(super, 0x18);
        _inodes = U32(super, 0);
        _inodesPerGroup = U32(super, 0x28);
        _inodeSize = U16(super, 0x58);
        _descriptorSize = (features & 0x80) != 0 ? Math.Max(32, (int)U16(super, 0xfe)) : 32;
        _descriptors = _blockSize == 1024 ? 2048 : _blockSize;
        if (_inodesPerGroup == 0 || _inodeSize < 128 || _blockSize > 65536)
        {
            throw new InvalidDataException("its ext4 file system is damaged");
        }
    }

    /// <summary>What is at a path, with every link followed; null for nothing.</summary>
    public Ext4Node? Find(string path) => Find(path, follow: true);

    /// <summary>What is at a path, the last part not followed.</summary>
    public Ext4Node? FindLink(string path) => Find(path, follow: false);

    /// <summary>A folder's entries without . and ..; none when it is no folder.</summary>
    public IEnumerable<(string Name, Ext4Node Node)> List(string path) =>
        Find(path) is { IsFolder: true } folder ? Entries(folder).Select(entry => (entry.Name, Node(entry.Inode))) : [];

    /// <summary>The names in a folder; none when it is no folder.</summary>
    public IEnumerable<string> Names(string path) => Find(path) is { IsFolder: true } folder ? Entries(folder).Select(entry => entry.Name) : [];

    /// <summary>A file's content up to a limit; null when it is no file, or larger.</summary>
    public byte[]? Read(string path, int limit) => Find(path) is { IsFile: true } node && node.Size <= limit ? Content(node, node.Size) : null;

    /// <summary>A file's first bytes.</summary>
    public byte[] Read(Ext4Node node, int limit) => Content(node, Math.Min(node.Size, limit));

    /// <summary>A file as text; empty when there is none.</summary>
    public string Text(string path) => Read(path, 1 << 24) is { } bytes ? Encoding.UTF8.GetString(bytes) : string.Empty;

    /// <summary>A link's target.</summary>
    public string Target(Ext4Node link) => Encoding.UTF8.GetString(link.Size < 60 ? link.Block.AsSpan(0, (int)link.Size) : Content(link, link.Size));

    private Ext4Node? Find(string path, bool follow)
    {
        var links = 0;
        var names = new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        var trail = new Stack<Ext4Node>([Node(2)]);
        while (names.Count > 0)
        {
            var name = names.Pop();
            if (name is ".")
            {
                continue;
            }

            if (name is "..")
            {
                _ = trail.Count > 1 ? trail.Pop() : null;
                continue;
            }

            if (!trail.Peek().IsFolder || Entries(trail.Peek()).FirstOrDefault(entry => entry.Name == name) is not { Inode: > 0 } found)
            {
                return null;
            }

            var node = Node(found.Inode);
            if (!node.IsLink || (names.Count == 0 && !follow))
            {
                trail.Push(node);
                continue;
            }

            if (++links > MostLinks)
            {
                return null;
            }

            var target = Target(node);
            if (target.StartsWith('/'))
            {
                trail = new Stack<Ext4Node>([Node(2)]);
            }

            foreach (var part in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
            {
                names.Push(part);
            }
        }

        return trail.Peek();
    }

    private Ext4Node Node(uint number)
    {
        if (number == 0 || number > _inodes)
        {
            throw new InvalidDataException("its ext4 file system is damaged");
        }

        var (group, index) = Math.DivRem(number - 1, _inodesPerGroup);
        var descriptor = Bytes(_descriptors + ((long)group * _descriptorSize), _descriptorSize);
        var table = U32(descriptor, 8) | (_descriptorSize >= 64 ? (long)U32(descriptor, 0x28) << 32 : 0);
        var inode = Bytes((table * _blockSize) + ((long)index * _inodeSize), 128);
        return new Ext4Node(number, U16(inode, 0), U32(inode, 4) | ((long)U32(inode, 0x6c) << 32), inode[0x28..0x64], (U32(inode, 0x20) & 0x80000) != 0);
    }

    private IEnumerable<(string Name, uint Inode)> Entries(Ext4Node folder)
    {
        var content = Content(folder, folder.Size);
        for (var at = 0; at + 8 <= content.Length;)
        {
            var (inode, length, nameLength) = (U32(content, at), U16(content, at + 4), content[at + 6]);
            if (length < 8)
            {
                throw new InvalidDataException("its ext4 file system is damaged");
            }

            if (inode != 0 && Encoding.UTF8.GetString(content, at + 8, nameLength) is var name && name is not ("." or ".."))
            {
                yield return (name, inode);
            }

            at += length;
        }
    }

    private byte[] Content(Ext4Node node, long size)
    {
        if (!node.HasExtents)
        {
            throw new InvalidDataException("a file of its ext4 file system is stored in a way that is not known here");
        }

        var content = new byte[size];
        Fill(node.Block, content);
        return content;
    }

    /// <summary>Walks an extent tree; what no extent covers stays zero.</summary>
    private void Fill(byte[] tree, byte[] content)
    {
        var (entries, depth) = (U16(tree, 2), U16(tree, 6));
        if (U16(tree, 0) != 0xf30a || 12 + (entries * 12) > tree.Length)
        {
            throw new InvalidDataException("its ext4 file system is damaged");
        }

        for (var index = 0; index < entries; index++)
        {
            var at = 12 + (index * 12);
            var from = (long)U32(tree, at) * _blockSize;
            if (depth > 0)
            {
                Fill(Bytes((U32(tree, at + 4) | ((long)U16(tree, at + 8) << 32)) * _blockSize, _blockSize), content);
                continue;
            }

            // Above 32768 blocks an extent is allocated and not written yet: zeros.
            var blocks = U16(tree, at + 4);
            var start = U32(tree, at + 8) | ((long)U16(tree, at + 6) << 32);
            if (blocks <= 32768 && from < content.Length)
            {
                ReadInto(start * _blockSize, content.AsSpan((int)from, (int)Math.Min((long)blocks * _blockSize, content.Length - from)));
            }
        }
    }

    private byte[] Bytes(long at, int count)
    {
        var bytes = new byte[count];
        ReadInto(at, bytes);
        return bytes;
    }

    private void ReadInto(long at, Span<byte> target)
    {
        for (var done = 0; done < target.Length;)
        {
            var count = RandomAccess.Read(_file, target[done..], _offset + at + done);
            done += count > 0 ? count : throw new InvalidDataException("its ext4 file system reaches beyond the image's end");
        }
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
