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
/// <remarks>
/// Nothing that the image says is believed before it is compared: every position lies in the image, every size has a bound, an
/// extent tree becomes flatter with each step and never goes back, and a walk enters a folder once. An image may be made to
/// harm; whatever it holds, the answer is a value or an <see cref="InvalidDataException"/>, and the work is in proportion to it.
/// </remarks>
internal sealed class Ext4Reader
{
    private const int MostLinks = 40;
    private const int LongestTarget = 4096;
    private const int LargestFolder = 16 << 20;
    private const int LargestBlock = 1 << 15;
    private const int DeepestTree = 5;

    // All folders that are kept: a store of NixOS has some hundred kilobytes.
    private const int MostFolders = 32 << 20;

    // Files may share their blocks, so that little can be made to look like much. Whoever asks reads a file once or twice.
    private const long LeastToRead = 1 << 28;
    private const int TimesToRead = 8;

    // File types in folders, extents, 64 bit, flexible groups, a checksum seed, large folders, a journal to be replayed.
    private const uint Known = 0x2 | 0x4 | 0x40 | 0x80 | 0x200 | 0x2000 | 0x4000;

    private readonly SafeFileHandle _file;
    private readonly long _offset;
    private readonly long _length;
    private readonly int _blockSize;
    private readonly int _inodeSize;
    private readonly uint _inodesPerGroup;
    private readonly int _descriptorSize;
    private readonly long _descriptors;
    private readonly uint _inodes;
    private readonly Dictionary<uint, Dictionary<string, uint>> _folders = [];
    private long _foldersLeft = MostFolders;
    private long _left;

    /// <param name="file">The image.</param>
    /// <param name="offset">Where the file system begins in it, in bytes.</param>
    /// <exception cref="InvalidDataException">There is no ext4 file system, or one with features that are not known.</exception>
    public Ext4Reader(SafeFileHandle file, long offset)
    {
        (_file, _offset) = (file, offset);
        _length = RandomAccess.GetLength(file) - offset;
        _left = Math.Max(LeastToRead, _length * TimesToRead);
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

        _blockSize = U32(super, 0x18) is <= 5 and var shift ? 1024 << (int)shift : 0;
        _inodes = U32(super, 0);
        _inodesPerGroup = U32(super, 0x28);
        _inodeSize = U16(super, 0x58);
        _descriptorSize = (features & 0x80) != 0 ? Math.Max(32, (int)U16(super, 0xfe)) : 32;
        _descriptors = _blockSize == 1024 ? 2048 : _blockSize;
        if (_blockSize is 0 or > LargestBlock || _inodesPerGroup == 0 || _inodeSize < 128 || _inodeSize > _blockSize || _descriptorSize > 1024)
        {
            throw Damaged("its superblock");
        }
    }

    /// <summary>What is at a path, with every link followed; null for nothing.</summary>
    public Ext4Node? Find(string path) => Find(path, follow: true);

    /// <summary>What is at a path, the last part not followed.</summary>
    public Ext4Node? FindLink(string path) => Find(path, follow: false);

    /// <summary>A folder's entries without . and ..; none when it is no folder.</summary>
    public IEnumerable<(string Name, Ext4Node Node)> List(string path) =>
        Find(path) is { IsFolder: true } folder ? Entries(folder).Select(entry => (entry.Key, Node(entry.Value))) : [];

    /// <summary>The names in a folder; none when it is no folder.</summary>
    public IEnumerable<string> Names(string path) => Find(path) is { IsFolder: true } folder ? Entries(folder).Keys : [];

    /// <summary>
    /// All that lies at a path and below it but the folders themselves. A folder is entered once: one that holds itself has no
    /// end otherwise. Links below the path are not followed.
    /// </summary>
    /// <param name="path">A file, or a folder.</param>
    /// <param name="deepest">How many folders below it are entered.</param>
    /// <param name="entered">The folders that were entered before; those of this walk are added.</param>
    /// <param name="follow">Whether a link at the path itself is followed.</param>
    public IEnumerable<(string Path, Ext4Node Node)> Walk(string path, int deepest, HashSet<uint> entered, bool follow = false)
    {
        var left = new Stack<(string Path, Ext4Node Node, int Depth)>();
        if (Find(path, follow) is { } start)
        {
            left.Push((path, start, 0));
        }

        while (left.TryPop(out var next))
        {
            if (!next.Node.IsFolder)
            {
                yield return (next.Path, next.Node);
            }
            else if (next.Depth <= deepest && entered.Add(next.Node.Inode))
            {
                foreach (var (name, inode) in Entries(next.Node).Reverse())
                {
                    left.Push(($"{next.Path.TrimEnd('/')}/{name}", Node(inode), next.Depth + 1));
                }
            }
        }
    }

    /// <summary>A file's content up to a limit; null when it is no file, or larger.</summary>
    public byte[]? Read(string path, int limit) => Find(path) is { IsFile: true } node && node.Size <= limit ? Content(node, (int)node.Size) : null;

    /// <summary>A file's first bytes.</summary>
    public byte[] Read(Ext4Node node, int limit) => Content(node, (int)Math.Min(node.Size, limit));

    /// <summary>A file as text; empty when there is none.</summary>
    public string Text(string path) => Read(path, 1 << 24) is { } bytes ? Encoding.UTF8.GetString(bytes) : string.Empty;

    /// <summary>A link's target.</summary>
    public string Target(Ext4Node link) => Encoding.UTF8.GetString(
        link.Size < 60 ? link.Block.AsSpan(0, (int)link.Size)
        : link.Size <= LongestTarget ? Content(link, (int)link.Size)
        : throw Damaged($"the link in inode {link.Inode}"));

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

            if (!trail.Peek().IsFolder || !Entries(trail.Peek()).TryGetValue(name, out var inode))
            {
                return null;
            }

            var node = Node(inode);
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
            throw Damaged($"inode {number}");
        }

        var (group, index) = Math.DivRem(number - 1, _inodesPerGroup);
        var descriptor = Bytes(_descriptors + ((long)group * _descriptorSize), _descriptorSize);
        var table = Position(U32(descriptor, 8) | (_descriptorSize >= 64 ? (ulong)U32(descriptor, 0x28) << 32 : 0));
        var inode = Bytes(table + ((long)index * _inodeSize), 128);
        var size = U32(inode, 4) | ((ulong)U32(inode, 0x6c) << 32);
        return size <= long.MaxValue
            ? new Ext4Node(number, U16(inode, 0), (long)size, inode[0x28..0x64], (U32(inode, 0x20) & 0x80000) != 0)
            : throw Damaged($"inode {number}");
    }

    private Dictionary<string, uint> Entries(Ext4Node folder)
    {
        if (_folders.TryGetValue(folder.Inode, out var known))
        {
            return known;
        }

        _foldersLeft -= folder.Size;
        if (folder.Size > LargestFolder || _foldersLeft < 0)
        {
            throw new InvalidDataException($"its ext4 file system has larger folders than are read here (inode {folder.Inode})");
        }

        var entries = new Dictionary<string, uint>(StringComparer.Ordinal);
        var content = Content(folder, (int)folder.Size);
        for (var at = 0; at + 8 <= content.Length;)
        {
            var (inode, length, nameLength) = (U32(content, at), U16(content, at + 4), content[at + 6]);
            if (length < 8 + nameLength || at + length > content.Length)
            {
                throw Damaged($"the folder in inode {folder.Inode}");
            }

            if (inode != 0 && Encoding.UTF8.GetString(content, at + 8, nameLength) is var name && name is not ("." or ".."))
            {
                entries.TryAdd(name, inode);
            }

            at += length;
        }

        return _folders[folder.Inode] = entries;
    }

    private byte[] Content(Ext4Node node, int size)
    {
        if (!node.HasExtents)
        {
            throw new InvalidDataException("a file of its ext4 file system is stored in a way that is not known here");
        }

        var content = new byte[size];
        Fill(new Tree(node.Inode, content), node.Block, U16(node.Block, 6), 0, long.MaxValue);
        return content;
    }

    /// <summary>
    /// Walks an extent tree; what no extent covers stays zero. A tree is one level flatter with each step, and its parts follow
    /// each other in the file without an overlap: so none is read twice, and none more than there are blocks to be filled.
    /// </summary>
    /// <param name="tree">Whose it is, and what is filled.</param>
    /// <param name="part">This part of it.</param>
    /// <param name="depth">What its header must say.</param>
    /// <param name="from">The first block of the file that it may tell of.</param>
    /// <param name="end">The block of the file behind the last.</param>
    private void Fill(Tree tree, byte[] part, int depth, long from, long end)
    {
        var entries = U16(part, 2);
        if (U16(part, 0) != 0xf30a || 12 + (entries * 12) > part.Length || depth > DeepestTree || U16(part, 6) != depth)
        {
            throw Damaged($"the extents of inode {tree.Inode}");
        }

        for (var index = 0; index < entries; index++)
        {
            var at = 12 + (index * 12);
            var first = (long)U32(part, at);

            // Above 32768 blocks an extent is allocated and not written yet: zeros.
            var written = U16(part, at + 4);
            var blocks = written > 32768 ? written - 32768 : written;
            if (first < from || first >= end)
            {
                throw Damaged($"the extents of inode {tree.Inode}");
            }

            if (first * _blockSize >= tree.Content.Length)
            {
                return;
            }

            if (depth > 0)
            {
                var behind = index + 1 < entries ? U32(part, at + 12) : end;
                Fill(tree, Bytes(Position(U32(part, at + 4) | ((ulong)U16(part, at + 8) << 32)), _blockSize), depth - 1, first, behind);
                from = first + 1;
                continue;
            }

            if (written <= 32768)
            {
                var start = (int)(first * _blockSize);
                ReadInto(Position(U32(part, at + 8) | ((ulong)U16(part, at + 6) << 32)), tree.Content.AsSpan(start, (int)Math.Min((long)blocks * _blockSize, tree.Content.Length - start)));
            }

            from = first + Math.Max(1, blocks);
        }
    }

    /// <summary>Where a block lies in the file system, in bytes.</summary>
    private long Position(ulong block) => block < (ulong)(_length / _blockSize) + 1 ? (long)block * _blockSize : throw Beyond();

    private byte[] Bytes(long at, int count)
    {
        var bytes = new byte[count];
        ReadInto(at, bytes);
        return bytes;
    }

    private void ReadInto(long at, Span<byte> target)
    {
        if (at < 0 || at > _length - target.Length)
        {
            throw Beyond();
        }

        _left -= target.Length;
        if (_left < 0)
        {
            throw new InvalidDataException("its ext4 file system says to hold many times what the image holds");
        }

        for (var done = 0; done < target.Length;)
        {
            var count = RandomAccess.Read(_file, target[done..], _offset + at + done);
            done += count > 0 ? count : throw Beyond();
        }
    }

    private static InvalidDataException Damaged(string where) => new($"its ext4 file system is damaged ({where})");

    private static InvalidDataException Beyond() => new("its ext4 file system reaches beyond the image's end");

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private readonly record struct Tree(uint Inode, byte[] Content);
}
