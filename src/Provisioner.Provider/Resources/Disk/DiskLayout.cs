using System.Globalization;
using System.Text;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.Disk;

/// <summary>
/// The layout that is wished for: whole MiB, so that the disk's sector size does not matter, and GUIDs that are made from the
/// serial number, so that a disk of ours is known again after a lost state. The last MiB stays free for the table's copy.
/// </summary>
internal sealed record DiskLayout
{
    public const string EspType = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b";

    /// <summary>Solaris /usr, which ZFS on Linux gives to its own partitions too.</summary>
    public const string PoolType = "6a898cc3-1dd2-11b2-99a6-080020736631";

    public const int SectorsPerMiB = 2048;

    /// <summary>A GPT name holds 36 characters.</summary>
    public const int NameLength = 36;

    /// <summary>ZFS wants 64 MiB; a pool of less than this is of no use.</summary>
    private const int SmallestPoolMiB = 128;

    public required string TableId { get; init; }

    public required string EspId { get; init; }

    public required string PoolId { get; init; }

    public required string EspName { get; init; }

    public required string PoolName { get; init; }

    /// <summary>
    /// The EFI system partition's name until its file system is whole: a file system of ours under this name is made anew after
    /// a power cut, with no consent.
    /// </summary>
    public required string UnfinishedName { get; init; }

    /// <summary>The FAT's serial number: 8 hex digits.</summary>
    public required string VolumeId { get; init; }

    public required string EspLabel { get; init; }

    public required int EspMiB { get; init; }

    /// <summary>The partitions are others' work: only that they are there, and what they hold, is looked at.</summary>
    public bool IsTakenOver { get; init; }

    public string EspPath => $"/dev/disk/by-partuuid/{EspId}";

    public string PoolPath => $"/dev/disk/by-partuuid/{PoolId}";

    public int PoolStartMiB => 1 + EspMiB;

    /// <summary>Bytes that a disk must have.</summary>
    public long SmallestDisk => (long)(PoolStartMiB + SmallestPoolMiB + 1) << 20;

    /// <summary>The FAT's serial number as blkid writes it.</summary>
    public string VolumeUuid => $"{VolumeId[..4]}-{VolumeId[4..]}".ToUpperInvariant();

    public static DiskLayout Of(DiskArgs args)
    {
        string Id(string part) => NameBasedUuid.Create(Encoding.UTF8.GetBytes($"disk\0{args.Serial}\0{part}")).ToString("D");
        return new DiskLayout
        {
            TableId = Id("table"),
            EspId = Canonical(args.EspPartitionId) ?? Id("esp"),
            PoolId = Canonical(args.PoolPartitionId) ?? Id("pool"),
            EspName = args.EspPartitionLabel ?? Name("esp", args.Serial),
            PoolName = args.PoolPartitionLabel ?? Name("zfs", args.Serial),
            UnfinishedName = Name("unfinished", args.Serial),
            VolumeId = Id("fat")[..8],
            EspLabel = args.EspLabel,
            EspMiB = args.EspSizeMiB,
            IsTakenOver = args.EspPartitionId is not null,
        };
    }

    /// <summary>How many MiB the pool's partition has on a disk of this size.</summary>
    public long PoolMiB(long diskSize) => (diskSize >> 20) - 1 - PoolStartMiB;

    public bool IsAtEspPlace(DiskPartition partition) =>
        partition.Start == SectorsPerMiB && partition.Size == (long)EspMiB << 20;

    public bool IsAtPoolPlace(DiskPartition partition, long diskSize) =>
        partition.Start == (long)PoolStartMiB * SectorsPerMiB && partition.Size == PoolMiB(diskSize) << 20;

    private static string? Canonical(string? id) => id is null ? null : Guid.Parse(id, CultureInfo.InvariantCulture).ToString("D");

    /// <summary>The serial number is in the name, so that no two disks have the same; of a long one the end, which differs most.</summary>
    private static string Name(string kind, string serial)
    {
        var plain = string.Concat(serial.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '_'));
        var room = NameLength - kind.Length - 1;
        return $"{kind}-{(plain.Length > room ? plain[^room..] : plain)}";
    }
}
