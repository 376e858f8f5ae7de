using System.Collections.Immutable;
using Provisioner.Provider.Inspection;

namespace Provisioner.Provider.Resources.Disk;

/// <summary>What an inspection tells of the disk that is meant. Pure: the same for the device and for generated disks.</summary>
internal static class DiskObserver
{
    public static DiskState Observe(DiskArgs args, DiskState? known, DeviceFacts facts)
    {
        var layout = DiskLayout.Of(args);
        var (disk, doubts) = DiskFinder.Find(args, facts);
        var state = new DiskState
        {
            Device = args.Device,
            ById = args.ById,
            Serial = args.Serial,
            Size = known?.Size ?? 0,
            Model = known?.Model,
            EspPartition = layout.EspPath,
            PoolPartition = layout.PoolPath,
        };
        if (disk is null || !doubts.IsEmpty)
        {
            return state with { Found = new DiskFound { Doubts = doubts } };
        }

        ImmutableArray<DiskTwin> twins = [.. DiskFinder.Twins(args, facts, disk)];
        return state with
        {
            Size = disk.SizeBytes,
            Model = disk.Model,
            Found = new DiskFound
            {
                Twins = twins,
                LacksDisko = args.Tool == DiskTool.Disko && !facts.Tools.Contains("disko"),
                InUse = DiskObstacles.OfDisk(disk, facts, layout),
                EspInUse = DiskObstacles.OfEsp(disk, facts, layout),
                Blank = disk.Partitions.IsEmpty && disk.Holders.IsEmpty && disk.TableType is null && disk.Content.IsZero,
                WipeBegun = Begun(disk, BlockScript.Mark) is { } token && disk.TableType is null ? token : null,
                LayoutBegun = Begun(disk, BlockScript.LayoutMark) == layout.TableId && disk.Partitions.IsEmpty && disk.Holders.IsEmpty,
                Unseen = [.. disk.Unseen.Select(Partition)],
                Written = DiskWrites.Of(disk),
                Table = disk.TableType,
                TableId = disk.TableId,
                Content = Content(disk.Content),
                Partitions = [.. disk.Partitions.Select(Partition)],
                Digest = DiskLook.Digest(disk, facts.Vdevs, twins),
                BlankDigest = DiskLook.BlankDigest(disk, twins),
            },
        };
    }

    private static string? Begun(DiskFacts disk, string mark) =>
        disk.Content.FileSystem is null && disk.Mark?.StartsWith(mark, StringComparison.Ordinal) is true ? disk.Mark[mark.Length..].Trim() : null;

    private static DiskPartition Partition(PartitionFacts partition) => new()
    {
        Number = partition.Number,
        Start = partition.StartSector ?? 0,
        Size = partition.SizeBytes,
        Type = partition.TypeId,
        Id = partition.PartitionId,
        Name = partition.PartitionLabel,
        Content = Content(partition.Content),
    };

    private static DiskContent Content(ContentFacts content) => new()
    {
        FileSystem = content.FileSystem,
        Several = content.SeveralWords,
        Label = content.Label,
        Id = content.FileSystemId,
        Digest = content.Digest,
        Beyond = content.Beyond,
        Pool = content.ZfsLabel,
    };
}
