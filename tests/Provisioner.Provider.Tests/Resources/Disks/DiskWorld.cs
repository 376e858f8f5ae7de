using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Resources.Disk;

namespace Provisioner.Provider.Tests.Resources.Disks;

/// <summary>A disk as the device's tools would tell of it.</summary>
internal sealed record WorldDisk(string Name, string? Serial)
{
    public ImmutableArray<string> Links { get; init; } = [];

    /// <summary>Names that lead to its first partition.</summary>
    public ImmutableArray<string> PartitionLinks { get; init; } = [];

    public long Size { get; init; } = 16L << 30;

    public bool ReadOnly { get; init; }

    /// <summary>In blkid's words, such as <c>PTUUID="…" PTTYPE="gpt"</c>; null for nothing.</summary>
    public string? Seen { get; init; }

    /// <summary>zero, or a digest.</summary>
    public string Digest { get; init; } = "zero";

    public string? Mark { get; init; }

    public string Mount { get; init; } = "";

    public ImmutableArray<WorldPartition> Partitions { get; init; } = [];

    /// <summary>Lines of lsblk's for what is built on the disk.</summary>
    public ImmutableArray<string> Holders { get; init; } = [];

    /// <summary>The tools tell no beginnings of a disk in use.</summary>
    public bool IsUsed { get; init; }

    /// <summary>The kernel's name of a partition.</summary>
    public string PartitionName(int number) => char.IsAsciiDigit(Name[^1]) ? $"{Name}p{number}" : $"{Name}{number}";
}

internal sealed record WorldPartition(int Number, long StartMiB, long SizeMiB, string Type, string Id, string Name)
{
    public string? Seen { get; init; }

    public string Digest { get; init; } = "zero";

    public string Mount { get; init; } = "";
}

/// <summary>A device's answer, made of disks, in the format that the inspection has; read by the provider's own parser.</summary>
internal static class DiskWorld
{
    public const string Id = "usb-Samsung_Portable_SSD_T5_S49TNP0KA12345-0:0";

    public const string Serial = "S49TNP0KA12345";

    public static readonly DiskArgs Args = new() { Device = "ssh://root@lamp:22?hostKey=SHA256:x", ById = Id, Serial = Serial };

    public static readonly DiskLayout Layout = DiskLayout.Of(Args);

    /// <summary>The card that the device runs from.</summary>
    public static WorldDisk Card { get; } = new("mmcblk0", "0xdeadbeef")
    {
        Links = ["mmc-QEMU__0xdeadbeef"],
        Size = 4L << 30,
        Seen = "PTUUID=\"0badcafe\" PTTYPE=\"dos\"",
        IsUsed = true,
        Partitions =
        [
            new WorldPartition(1, 8, 256, "0xc", "0badcafe-01", "") { Seen = "LABEL=\"FIRMWARE\" UUID=\"0AB5-939C\" TYPE=\"vfat\"" },
            new WorldPartition(2, 264, 3000, "0x83", "0badcafe-02", "") { Seen = "LABEL=\"SDROOT\" UUID=\"69ee8abb\" TYPE=\"ext4\"", Mount = "/" },
        ],
    };

    /// <summary>The right disk, with nothing on it.</summary>
    public static WorldDisk Blank { get; } = new("sda", Serial) { Links = [Id] };

    /// <summary>The right disk with the layout as it is to be.</summary>
    public static WorldDisk Ours { get; } = Blank with
    {
        Seen = $"PTUUID=\"{Layout.TableId}\" PTTYPE=\"gpt\"",
        Digest = "d0",
        Partitions = [Esp, Pool],
    };

    public static WorldPartition Esp => new(1, 1, 512, DiskLayout.EspType, Layout.EspId, Layout.EspName)
    {
        Seen = $"LABEL=\"BOOT\" UUID=\"{Layout.VolumeUuid}\" VERSION=\"FAT32\" TYPE=\"vfat\"",
        Digest = "e0",
    };

    public static WorldPartition Pool => new(2, 513, (16 << 10) - 1 - 513, DiskLayout.PoolType, Layout.PoolId, Layout.PoolName) { Digest = "p0" };

    /// <summary>The right disk as a person used it before.</summary>
    public static WorldDisk Used { get; } = Blank with
    {
        Seen = "PTUUID=\"11111111-2222-4333-8444-555555555555\" PTTYPE=\"gpt\"",
        Digest = "d1",
        Partitions =
        [
            new WorldPartition(1, 1, 4000, "0fc63daf-8483-4772-8e79-3d69d8477de4", "aaaaaaaa-0000-4000-8000-000000000001", "photos")
            {
                Seen = "LABEL=\"family\" UUID=\"a8e59e62-e0f4-47ac-94c6-db0e5721c5c0\" TYPE=\"ext4\"",
                Digest = "f1",
            },
            new WorldPartition(2, 4001, 12000, DiskLayout.PoolType, "aaaaaaaa-0000-4000-8000-000000000002", "zfs")
            {
                Seen = "LABEL=\"tank\" UUID=\"12238795120241208574\" TYPE=\"zfs_member\"",
                Digest = "f2",
            },
        ],
    };

    public static DeviceFacts Facts(params WorldDisk[] disks) => Facts(disks, "", "/dev/mmcblk0p2 / ext4 rw 0 0\n");

    public static DeviceFacts Facts(IEnumerable<WorldDisk> disks, string vdevs, string mounts)
    {
        var answer = new StringBuilder();
        void Section(string name, string text) => answer.Append(CultureInfo.InvariantCulture, $"\n--w {name}\n{text}");
        Section("account", "uid=0(root) gid=0(root)\n");
        Section("mounts", mounts);
        Section("disk-links", string.Concat(disks.SelectMany(disk => disk.Links.SelectMany(link => disk.Partitions
                .Select(partition => (Link: $"{link}-part{partition.Number}", Target: disk.PartitionName(partition.Number))).Prepend((Link: link, Target: disk.Name)))
                .Concat(disk.PartitionLinks.Select(link => (Link: link, Target: disk.PartitionName(1)))))
            .Select(link => $"lrwxrwxrwx 1 root root 9 Nov 23 02:44 {link.Link} -> ../../{link.Target}\n")));
        Section("vdevs", vdevs + "\n");
        foreach (var disk in disks)
        {
            Section($"disk {disk.Name}", Text(disk));
        }

        Section("end", "");
        return DeviceFactsParser.Parse(answer.ToString(), "w", WifiFacts.Key);
    }

    private static string Text(WorldDisk disk)
    {
        var text = new StringBuilder();
        text.Append(Line(disk.Name, "", "disk", disk.Size, "", disk.ReadOnly, disk.Serial, disk.Mount));
        foreach (var partition in disk.Partitions)
        {
            var start = (partition.StartMiB * DiskLayout.SectorsPerMiB).ToString(CultureInfo.InvariantCulture);
            text.Append(Line(disk.PartitionName(partition.Number), disk.Name, "part", partition.SizeMiB << 20, start, disk.ReadOnly, null, partition.Mount));
        }

        text.AppendJoin("", disk.Holders.Select(holder => holder + "\n"));
        text.Append(disk.Seen is null ? "" : $"/dev/{disk.Name}: {disk.Seen}\n");
        foreach (var partition in disk.Partitions)
        {
            var scheme = disk.Seen?.Contains("gpt", StringComparison.Ordinal) == true ? "gpt" : "dos";
            text.Append(CultureInfo.InvariantCulture, $"/dev/{disk.PartitionName(partition.Number)}: {partition.Seen} PART_ENTRY_SCHEME=\"{scheme}\" PART_ENTRY_NAME=\"{partition.Name}\" PART_ENTRY_UUID=\"{partition.Id}\" PART_ENTRY_TYPE=\"{partition.Type}\" PART_ENTRY_NUMBER=\"{partition.Number}\"\n");
        }

        if (!disk.IsUsed)
        {
            text.Append(CultureInfo.InvariantCulture, $"content {disk.Name} {Content(disk.Digest)}\n");
            text.Append(disk.Mark is null ? "" : $"mark {disk.Name} {disk.Mark}\n");
            text.AppendJoin("", disk.Partitions.Select(partition => $"content {disk.PartitionName(partition.Number)} {Content(partition.Digest)}\n"));
        }

        return text.ToString();
    }

    private static string Content(string digest) => digest == "zero" ? digest : $"{digest}  -";

    private static string Line(string name, string parent, string type, long size, string start, bool readOnly, string? serial, string mount) => string.Create(
        CultureInfo.InvariantCulture,
        $"KNAME=\"{name}\" PKNAME=\"{parent}\" PATH=\"/dev/{name}\" TYPE=\"{type}\" SIZE=\"{size}\" START=\"{start}\" RO=\"{(readOnly ? 1 : 0)}\" RM=\"0\" TRAN=\"usb\" MODEL=\"Portable SSD T5\" SERIAL=\"{serial}\" MOUNTPOINTS=\"{mount}\"\n");
}
