using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Provisioner.Provider.Images;
using Provisioner.Provider.Images.Lint;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Tests.Images;
using Provisioner.Provider.Tests.Remote;

namespace Provisioner.Provider.Tests.Hostile;

/// <summary>Images that were made to harm whoever looks into them; mke2fs, debugfs and mtools make them, and then some bytes are changed.</summary>
public sealed partial class HostileImageTests : IDisposable
{
    private const int Block = 1024;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_extent_tree_that_points_to_itself()
    {
        await MakeAsync();
        await ChangeAsync("/file", (image, inode) =>
        {
            // The root names a block as one level flatter, and that block names itself.
            var data = BinaryPrimitives.ReadInt32LittleEndian(image.AsSpan(inode + 0x28 + 12 + 8));
            Extents(image.AsSpan(inode + 0x28), depth: 1, data);
            Extents(image.AsSpan(data * Block), depth: 1, data);
        });

        Refused(files => files.Text("/file")).ShouldContain("damaged (the extents of inode");
    }

    [Fact]
    public async Task An_extent_tree_that_is_as_deep_as_its_header_says()
    {
        await MakeAsync();
        await ChangeAsync("/file", (image, inode) => BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(inode + 0x28 + 6), ushort.MaxValue));

        Refused(files => files.Text("/file")).ShouldContain("damaged");
    }

    [Fact]
    public async Task An_extent_tree_whose_parts_all_lead_to_the_same_part()
    {
        await MakeAsync();
        await ChangeAsync("/file", (image, inode) =>
        {
            var data = BinaryPrimitives.ReadInt32LittleEndian(image.AsSpan(inode + 0x28 + 12 + 8));
            BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(inode + 4), 1 << 20);
            Extents(image.AsSpan(inode + 0x28), depth: 5, [.. Enumerable.Repeat(data, 4)]);
            Extents(image.AsSpan(data * Block), depth: 4, [.. Enumerable.Repeat(data, 84)]);
        });

        Refused(files => files.Text("/file")).ShouldContain("damaged");
    }

    [Theory]
    [InlineData(0x18, 32u, "its superblock")]
    [InlineData(0x18, 0xffffffffu, "its superblock")]
    [InlineData(0x28, 0u, "its superblock")]
    [InlineData(0x58, 0x0001ffffu, "its superblock")]
    [InlineData(0xfe, 0xffffu, "its superblock")]
    [InlineData(0x00, 1u, "damaged (inode 2)")]
    public async Task A_superblock_that_is_believed_in_nothing(int field, uint value, string where)
    {
        await MakeAsync();
        var image = await File.ReadAllBytesAsync(_folder["image"]);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(Block + field), value);
        await File.WriteAllBytesAsync(_folder["image"], image);

        Refused(files => files.Text("/file")).ShouldContain(where);
    }

    [Theory]
    [InlineData("/folder", 0x7fffffffffffffff)]
    [InlineData("/folder", -1)]
    [InlineData("/folder", 1L << 40)]
    [InlineData("/file", -1)]
    [InlineData("/link", -1)]
    [InlineData("/link", 1L << 40)]
    public async Task A_size_that_nothing_has(string path, long size)
    {
        await MakeAsync();
        await ChangeAsync(path, (image, inode) =>
        {
            BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(inode + 4), (int)size);
            BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(inode + 0x6c), (int)(size >> 32));
        });

        Refused(files => _ = (files.Names("/folder").Count(), files.Text("/file"), files.Find("/link"))).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_block_far_behind_the_image_s_end()
    {
        await MakeAsync();
        await ChangeAsync("/file", (image, inode) => BinaryPrimitives.WriteUInt64LittleEndian(image.AsSpan(inode + 0x28 + 12 + 4), 0xffffffffffff0001));

        Refused(files => files.Text("/file")).ShouldContain("reaches beyond the image's end");
    }

    [Fact]
    public async Task A_name_that_is_longer_than_its_place()
    {
        await MakeAsync();
        await ChangeAsync("/folder", (image, inode) =>
        {
            var data = BinaryPrimitives.ReadInt32LittleEndian(image.AsSpan(inode + 0x28 + 12 + 8));
            image[(data * Block) + 6] = 255;
        });

        Refused(files => files.Names("/folder")).ShouldContain("damaged (the folder in inode");
    }

    [Fact]
    public async Task Folders_that_hold_themselves_many_times_are_walked_through_once()
    {
        await MakeAsync();
        await File.WriteAllLinesAsync(_folder["commands"], Enumerable.Range(0, 40).Select(index => $"ln /folder /folder/again{index}"));
        await Tool.RunAsync("debugfs", "-w", "-f", _folder["commands"], _folder["image"]);
        using var file = File.OpenHandle(_folder["image"]);
        var files = new Ext4Reader(file, 0);

        files.Names("/folder").Count().ShouldBe(41);
        files.Walk("/", 100, []).Select(entry => entry.Path).ShouldBe(["/file", "/folder/inside", "/link"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_module_that_becomes_gigabytes_is_not_read()
    {
        var tree = Directory.CreateDirectory(_folder["tree/usr/lib/modules/6.12.34"]).FullName;
        await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(_folder["tree/etc"]).FullName, "os-release"), "ID=debian\n");
        await using (var file = File.Create(Path.Combine(tree, "zfs.ko.zst")))
        await using (var stream = new ZstdSharp.CompressionStream(file))
        {
            var zeros = new byte[1 << 20];
            for (var left = 200; left > 0; left--)
            {
                await stream.WriteAsync(zeros);
            }
        }

        await Tool.RunAsync("mke2fs", "-q", "-t", "ext4", "-d", _folder["tree"], _folder["image"], "4M");
        using var image = File.OpenHandle(_folder["image"]);
        var files = new Ext4Reader(image, 0);
        await using var hub = new RemoteHub(new RemoteOptions(), TimeProvider.System);

        var refused = await Should.ThrowAsync<InvalidDataException>(() => ModulesLint.ReadAsync(files, SystemTree.Of(files, null)!, hub.ForLooking("local:"), default));

        refused.Message.ShouldContain("zfs.ko.zst in it is larger than 64 MiB");
    }

    [Theory]
    [InlineData(".zst")]
    [InlineData(".xz")]
    public async Task A_module_that_is_none_is_told_with_its_place(string ending)
    {
        var tree = Directory.CreateDirectory(_folder["tree/usr/lib/modules/6.12.34"]).FullName;
        await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(_folder["tree/etc"]).FullName, "os-release"), "ID=debian\n");
        await File.WriteAllTextAsync(Path.Combine(tree, "zfs.ko" + ending), "something else");
        await Tool.RunAsync("mke2fs", "-q", "-t", "ext4", "-d", _folder["tree"], _folder["image"], "4M");
        using var image = File.OpenHandle(_folder["image"]);
        var files = new Ext4Reader(image, 0);
        await using var hub = new RemoteHub(new RemoteOptions(), TimeProvider.System);

        var refused = await Should.ThrowAsync<InvalidDataException>(() => ModulesLint.ReadAsync(files, SystemTree.Of(files, null)!, hub.ForLooking("local:"), default));

        refused.Message.ShouldContain("/usr/lib/modules/6.12.34/zfs.ko" + ending);
    }

    [Fact]
    public async Task A_FAT_whose_bytes_are_spoilt_ends_in_findings()
    {
        await SmallImage.MakeAsync(_folder["whole"]);
        var whole = await File.ReadAllBytesAsync(_folder["whole"]);
        await using var hub = new RemoteHub(new RemoteOptions(), TimeProvider.System);
        for (var round = 0; round < 6; round++)
        {
            var random = new Random(round);
            var image = whole.ToArray();
            for (var left = 200; left > 0; left--)
            {
                // The FAT begins at 8 MiB, its tables and folders with it.
                image[(8 << 20) + random.Next(round % 2 == 0 ? 512 : 96 << 10)] = (byte)random.Next(256);
            }

            await File.WriteAllBytesAsync(_folder["image"], image);
            await ImageLint.RunAsync(_folder["image"], ImageBoard.Pi4, Directory.CreateDirectory(_folder[$"work{round}"]).FullName, hub.ForLooking("local:"), default);
        }
    }

    [Fact]
    public async Task Some_hundred_texts_on_the_firmware_partition_are_read_and_some_thousand_are_no_firmware()
    {
        await using var hub = new RemoteHub(new RemoteOptions(), TimeProvider.System);
        foreach (var (count, isRead) in new[] { (150, true), (2100, false) })
        {
            File.Delete(_folder["fat"]);
            Directory.CreateDirectory(_folder[$"texts{count}"]);
            for (var index = 0; index < count; index++)
            {
                // mtools takes long to find a short name for each of many that are alike.
                await File.WriteAllTextAsync(_folder[$"texts{count}/{(isRead ? $"{index} is a rather long name of a text on a firmware partition, which makes a command longer" : $"T{index}")}.TXT"], $"{index}");
            }

            await Tool.RunAsync("mkfs.vfat", "-C", "-F", "32", _folder["fat"], "66000");
            await Tool.RunAsync("sh", "-c", $"mcopy -s -i '{_folder["fat"]}' '{_folder[$"texts{count}"]}' ::/");
            var volume = await FirmwareVolume.ReadAsync(_folder["fat"], 0, Directory.CreateDirectory(_folder[$"work{count}"]).FullName, hub.ForLooking("local:"), default);

            (volume is not null).ShouldBe(isRead);
            volume?.Contents.Count.ShouldBe(count);
        }
    }

    /// <summary>A file system with a file, a folder and a link.</summary>
    private async Task MakeAsync()
    {
        Directory.CreateDirectory(_folder["tree/folder"]);
        await File.WriteAllTextAsync(_folder["tree/file"], new string('x', 3000));
        await File.WriteAllTextAsync(_folder["tree/folder/inside"], "inside");
        File.CreateSymbolicLink(_folder["tree/link"], string.Concat(Enumerable.Repeat("./", 60)) + "file");
        await Tool.RunAsync("mke2fs", "-q", "-t", "ext4", "-b", $"{Block}", "-O", "^has_journal", "-d", _folder["tree"], _folder["image"], "2M");
    }

    /// <summary>Changes the image, given where the inode of a path lies in it.</summary>
    private async Task ChangeAsync(string path, Action<byte[], int> change)
    {
        var told = Place().Match(await Tool.RunAsync("debugfs", "-R", $"imap {path}", _folder["image"]));
        told.Success.ShouldBeTrue();
        var image = await File.ReadAllBytesAsync(_folder["image"]);
        change(image, (int.Parse(told.Groups["block"].ValueSpan, CultureInfo.InvariantCulture) * Block) + int.Parse(told.Groups["offset"].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        await File.WriteAllBytesAsync(_folder["image"], image);
    }

    private string Refused(Action<Ext4Reader> read)
    {
        using var file = File.OpenHandle(_folder["image"]);
        return Should.Throw<InvalidDataException>(() => read(new Ext4Reader(file, 0))).Message;
    }

    private static void Extents(Span<byte> place, ushort depth, params ReadOnlySpan<int> blocks)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(place, 0xf30a);
        BinaryPrimitives.WriteUInt16LittleEndian(place[2..], (ushort)blocks.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(place[4..], (ushort)blocks.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(place[6..], depth);
        for (var index = 0; index < blocks.Length; index++)
        {
            var entry = place[(12 + (index * 12))..];
            entry[..12].Clear();
            BinaryPrimitives.WriteInt32LittleEndian(entry[4..], blocks[index]);
        }
    }

    [GeneratedRegex(@"located at block (?<block>\d+), offset 0x(?<offset>[0-9a-f]+)")]
    private static partial Regex Place();
}
