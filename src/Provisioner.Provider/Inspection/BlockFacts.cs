using System.Collections.Immutable;

namespace Provisioner.Provider.Inspection;

/// <summary>A disk with all that is on it.</summary>
internal sealed record DiskFacts
{
    /// <summary>The kernel's name, such as <c>sda</c>; another one after the next boot.</summary>
    public required string Name { get; init; }

    public required string Path { get; init; }

    public long SizeBytes { get; init; }

    public string? Model { get; init; }

    public string? Serial { get; init; }

    /// <summary>usb, sata, nvme, mmc …</summary>
    public string? Transport { get; init; }

    public bool Removable { get; init; }

    public bool ReadOnly { get; init; }

    /// <summary>The links in /dev/disk/by-id that lead here, without the folder.</summary>
    public ImmutableArray<string> ById { get; init; } = [];

    /// <summary>gpt, dos, or null for none.</summary>
    public string? TableType { get; init; }

    /// <summary>The GPT's disk GUID, or the MBR's id.</summary>
    public string? TableId { get; init; }

    /// <summary>What lies on the disk itself, without a partition.</summary>
    public ContentFacts Content { get; init; } = new();

    /// <summary>In the order in which they lie on the disk.</summary>
    public ImmutableArray<PartitionFacts> Partitions { get; init; } = [];

    /// <summary>What lies on the disk itself and in each of its partitions, with where that is.</summary>
    public IEnumerable<(string Path, ContentFacts Content)> Contents => Partitions.Select(partition => (partition.Path, partition.Content)).Prepend((Path, Content));

    /// <summary>What the kernel has built on top of the disk or its partitions: LUKS, LVM, md, multipath.</summary>
    public ImmutableArray<HolderFacts> Holders { get; init; } = [];

    /// <summary>
    /// Who uses the disk and shows in no tree of devices: loop devices that lie on it or on a part of it, and processes that have it
    /// open to write it.
    /// </summary>
    public ImmutableArray<DiskUser> Users { get; init; } = [];

    /// <summary>
    /// The kernel's number of the disk, and which of all disks that it has seen since it started this one is: <c>8:0 17</c>. Another
    /// one, when it is plugged in again. Null when the device does not say.
    /// </summary>
    public string? Kernel { get; init; }

    /// <summary>
    /// The boot, and how many sectors were written to the disk since it was plugged in or the device was started, whoever wrote them.
    /// Null when the device does not say, and while the disk is in use.
    /// </summary>
    public string? Written { get; init; }

    /// <summary>The partitions that only the copy of a GPT names, at the disk's end, because its beginning is damaged: the kernel does not know them.</summary>
    public ImmutableArray<PartitionFacts> Unseen { get; init; } = [];

    /// <summary>
    /// What stands at the beginning of a disk whose wipe or layout was begun and not finished: <see cref="BlockScript.Mark"/> or
    /// <see cref="BlockScript.LayoutMark"/>, and the rest of its line.
    /// </summary>
    public string? Mark { get; init; }

    /// <summary>Why the device could not tell all about it, as clauses; empty when it could. While there is one, nothing else here is proven.</summary>
    public ImmutableArray<string> Unreadable { get; init; } = [];

    /// <summary>All this as the device printed it: <see cref="BlockScript"/>'s <c>disk</c>.</summary>
    public string Text { get; init; } = "";
}

internal sealed record PartitionFacts
{
    /// <summary>The kernel's name, such as <c>sda1</c>.</summary>
    public required string Name { get; init; }

    public required string Path { get; init; }

    /// <summary>Its number in the table; 0 when the device does not say.</summary>
    public int Number { get; init; }

    /// <summary>In units of 512 bytes, whatever the disk's sectors are; null when the device does not say.</summary>
    public long? StartSector { get; init; }

    public long SizeBytes { get; init; }

    /// <summary>The GPT's type GUID in lower case, or the MBR's type such as 0x83.</summary>
    public string? TypeId { get; init; }

    /// <summary>The partition's own GUID in lower case: its name in /dev/disk/by-partuuid.</summary>
    public string? PartitionId { get; init; }

    /// <summary>The partition's name in the table.</summary>
    public string? PartitionLabel { get; init; }

    public ContentFacts Content { get; init; } = new();

    public ImmutableArray<string> MountPoints => Content.MountPoints;
}

/// <summary>What lies on a disk or a partition.</summary>
internal sealed record ContentFacts
{
    /// <summary>What <see cref="FileSystem"/> is when there is more than one content.</summary>
    public const string Several = "several";

    /// <summary>vfat, ext4, zfs_member, swap, crypto_LUKS …; <see cref="Several"/>; null for nothing that is known.</summary>
    public string? FileSystem { get; init; }

    /// <summary>All that could lie here, where it is more than one.</summary>
    public ImmutableArray<SignatureFacts> Signs { get; init; } = [];

    /// <summary>By what it is known: by all of several.</summary>
    public IEnumerable<SignatureFacts> Known => Signs.IsEmpty ? FileSystem is null ? [] : [new SignatureFacts(FileSystem, Label, FileSystemId)] : Signs;

    /// <summary>Several contents in words; null where there is one, or none.</summary>
    public string? SeveralWords => Signs.IsEmpty ? null : $"more than one content: {string.Join(", ", Signs.Select(sign => sign.Words(ZfsLabel.GetValueOrDefault("name"))).Distinct(StringComparer.Ordinal))}";

    /// <summary>The file system's label; of a ZFS member the pool's name.</summary>
    public string? Label { get; init; }

    /// <summary>The file system's UUID; of a ZFS member the pool's GUID in decimal.</summary>
    public string? FileSystemId { get; init; }

    /// <summary>Where it is mounted, each place once; <c>[SWAP]</c> for swap in use.</summary>
    public ImmutableArray<string> MountPoints { get; init; } = [];

    /// <summary>SHA-256 of its beginning (of a disk, of its end too), or <see cref="Zero"/>; null when it is in use and was not read.</summary>
    public string? Digest { get; init; }

    /// <summary>What the ZFS label in it says beyond that: <c>name</c>, <c>state</c>, <c>txg</c>, <c>pool_guid</c>, <c>hostid</c>, <c>hostname</c>; only while no one uses it.</summary>
    public ImmutableSortedDictionary<string, string> ZfsLabel { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Whether it belongs to a pool that was destroyed (POOL_STATE_DESTROYED), which zpool import passes over.</summary>
    public bool IsOfDestroyedPool => ZfsLabel.GetValueOrDefault("state") == "2";

    /// <summary>In <see cref="Digest"/>: every byte read was zero.</summary>
    public const string Zero = "zero";

    /// <summary>What the beginning does not say: that samples across the rest hold something. A beginning of zeros alone is what an overwriting that was stopped leaves.</summary>
    public bool Beyond { get; init; }

    /// <summary>Whether nothing known lies here, and what was read holds nothing but zeros.</summary>
    public bool IsZero => FileSystem is null && MountPoints.IsEmpty && Digest == Zero && !Beyond;
}

/// <summary>Something that the kernel has built on top of a disk.</summary>
/// <param name="Name">Such as /dev/mapper/home or /dev/md0.</param>
/// <param name="Kind">crypt, lvm, raid1, mpath …</param>
/// <param name="MountPoints">Where it is mounted; <c>[SWAP]</c> for swap in use.</param>
/// <param name="On">The kernel names of what it lies on, as far as they belong to the disk.</param>
internal sealed record HolderFacts(string Name, string Kind, ImmutableArray<string> MountPoints, string On)
{
    /// <summary>The kernel's name, such as dm-0.</summary>
    public string KernelName { get; init; } = "";
}

/// <summary>Somebody who uses a disk past every tree of devices.</summary>
/// <param name="Kind"><c>loop</c> or <c>open</c>.</param>
/// <param name="Detail">Of a loop device its node and where it begins in the disk or partition; of a process its number and name.</param>
internal sealed record DiskUser(string Kind, string Detail)
{
    public override string ToString() => (Kind, Detail.Split(' ', 2)) switch
    {
        ("loop", [var node, var place]) => $"the loop device {node} lies on it (from byte {place}); unmount that, and run losetup -d {node}",
        ("open", [var process, var name]) => $"the process {process} ({name}) has it open to write it",
        _ => $"it is in use ({Kind} {Detail})",
    };
}

/// <summary>The devices of the imported pools, as <c>zpool list -vHPL -o name,guid</c> tells.</summary>
/// <param name="Text">As the device printed it.</param>
internal sealed record VdevFacts(string Text)
{
    /// <summary>Each device and the name of its pool.</summary>
    public ImmutableArray<(string Path, string Pool)> Devices { get; init; } = [];

    /// <summary>False when ZFS is loaded but does not tell: then any disk may belong to a pool.</summary>
    public bool Known { get; init; } = true;
}
