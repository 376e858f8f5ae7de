using System.Collections.Immutable;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.Disk;

/// <summary>The disk, and how it was found last. Everything that a plan needs is here.</summary>
internal sealed record DiskState
{
    [Doc("The device.")]
    public required string Device { get; init; }

    [Doc("The disk's name in /dev/disk/by-id.")]
    public required string ById { get; init; }

    [Doc("Its serial number.")]
    public required string Serial { get; init; }

    [Doc("Its size in bytes; 0 while it has never been seen.")]
    public long Size { get; init; }

    [Doc("Its model.")]
    public string? Model { get; init; }

    [Doc("The EFI system partition: a path in /dev/disk/by-partuuid.")]
    public required string EspPartition { get; init; }

    [Doc("The partition for the pool: a path in /dev/disk/by-partuuid.")]
    public required string PoolPartition { get; init; }

    [Doc("What was found on the disk.")]
    public DiskFound Found { get; init; } = new();
}

/// <summary>What was found on a disk.</summary>
[Doc("What was found on a disk.")]
internal sealed record DiskFound
{
    [Doc("Why it is not proven that this is the disk; empty when it is. Nothing else here holds while there is a doubt.")]
    public ImmutableArray<string> Doubts { get; init; } = [];

    [Doc("Other disks with the same serial number; which one is meant, its name alone decides then, and a person has to agree to that.")]
    public ImmutableArray<DiskTwin> Twins { get; init; } = [];

    [Doc("Whether the layout is to be made by disko, and the device has none.")]
    public bool LacksDisko { get; init; }

    [Doc("Why the disk may not be wiped, whoever agrees.")]
    public ImmutableArray<string> InUse { get; init; } = [];

    [Doc("Why the file system of the EFI system partition may not be made anew, whoever agrees.")]
    public ImmutableArray<string> EspInUse { get; init; } = [];

    [Doc("Whether nothing is on it.")]
    public bool Blank { get; init; }

    [Doc("The consent under which a wipe of this disk was begun and not finished.")]
    public string? WipeBegun { get; init; }

    [Doc("Whether making this layout was begun on the disk when nothing was on it, and not finished; nothing else has come there since.")]
    public bool LayoutBegun { get; init; }

    [Doc("The partitions that only the table's copy at the end of the disk names, because its beginning is damaged.")]
    public ImmutableArray<DiskPartition> Unseen { get; init; } = [];

    [Doc("How much was written to the disk since it was plugged in; none while it is in use, or when the device does not tell.")]
    public string? Written { get; init; }

    [Doc("The partition table: `gpt`, `dos`; none.")]
    public string? Table { get; init; }

    [Doc("The table's own GUID.")]
    public string? TableId { get; init; }

    [Doc("What lies on the disk itself, without a partition.")]
    public DiskContent Content { get; init; } = new();

    [Doc("The partitions, in the order in which they lie on the disk.")]
    public ImmutableArray<DiskPartition> Partitions { get; init; } = [];

    [Doc("SHA-256 of all that the device said of the disk.")]
    public string? Digest { get; init; }

    [Doc("The same, as it will be when the disk is blank.")]
    public string? BlankDigest { get; init; }
}

/// <summary>Another disk with the same serial number.</summary>
[Doc("Another disk with the same serial number.")]
internal sealed record DiskTwin
{
    [Doc("The kernel's name.")]
    public required string Name { get; init; }

    [Doc("Its name in /dev/disk/by-id.")]
    public required string ById { get; init; }

    [Doc("Bytes.")]
    public long Size { get; init; }
}

/// <summary>A partition.</summary>
[Doc("A partition.")]
internal sealed record DiskPartition
{
    [Doc("Its number in the table.")]
    public int Number { get; init; }

    [Doc("Where it begins, in units of 512 bytes.")]
    public long Start { get; init; }

    [Doc("Bytes.")]
    public long Size { get; init; }

    [Doc("The GUID of its type; in an MBR, the type's number.")]
    public string? Type { get; init; }

    [Doc("Its own GUID.")]
    public string? Id { get; init; }

    [Doc("Its name in the table.")]
    public string? Name { get; init; }

    [Doc("What lies in it.")]
    public DiskContent Content { get; init; } = new();
}

/// <summary>What lies on a disk or in a partition.</summary>
[Doc("What lies on a disk or in a partition.")]
internal sealed record DiskContent
{
    [Doc("`vfat`, `ext4`, `zfs_member`, `swap`, `crypto_LUKS` …; `several` for more than one; none that is known.")]
    public string? FileSystem { get; init; }

    [Doc("All that it could be known by, in words, where that is more than one content.")]
    public string? Several { get; init; }

    [Doc("Its label; of a pool's member, the pool's name.")]
    public string? Label { get; init; }

    [Doc("Its UUID; of a pool's member, the pool's GUID.")]
    public string? Id { get; init; }

    [Doc("SHA-256 of its beginning, or `zero`; none while the disk is in use.")]
    public string? Digest { get; init; }

    [Doc("Whether its beginning (and the end of a disk) holds zeros only, but what lies further on does not.")]
    public bool Beyond { get; init; }

    [Doc("Of a pool's member that nobody uses, what its label says beyond that.")]
    public ImmutableSortedDictionary<string, string> Pool { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}
