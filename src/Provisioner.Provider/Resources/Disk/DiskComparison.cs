using System.Collections.Immutable;
using System.Globalization;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.Disk;

/// <summary>How a disk of ours differs from the layout, and what mends it.</summary>
internal sealed record DiskDifference
{
    public ImmutableArray<PropertyChange> Changes { get; init; } = [];

    /// <summary>Entries of the table to change: sgdisk's arguments, and the same in words.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    public ImmutableArray<string> Words { get; init; } = [];

    /// <summary>Only a new table would help, and everything on the disk would be lost.</summary>
    public bool IsBeyondRepair { get; init; }

    /// <summary>A file system is to be made in the EFI system partition, which holds none, or an unfinished one of ours.</summary>
    public bool MakesFileSystem { get; init; }

    /// <summary>The partition whose file system is another's, and would be lost.</summary>
    public DiskPartition? Foreign { get; init; }

    /// <summary>The file system has another label.</summary>
    public bool Relabels { get; init; }
}

/// <summary>Compares a disk that is proven to be ours with the layout. Pure.</summary>
internal static class DiskComparison
{
    private const string ByHand = "changed on the device";

    /// <summary>Whether one of our GUIDs is on it.</summary>
    public static bool IsOurs(DiskFound found, DiskLayout layout) =>
        found.Table == "gpt" && (found.TableId == layout.TableId || found.Partitions.Any(partition => partition.Id == layout.EspId || partition.Id == layout.PoolId));

    /// <param name="state">The disk.</param>
    /// <param name="layout">What is wished.</param>
    /// <param name="withTableId">Whether the table's own GUID counts: disko cannot set it.</param>
    public static DiskDifference Compare(DiskState state, DiskLayout layout, bool withTableId)
    {
        var found = state.Found;
        var esp = Match(found, layout.EspId, layout.IsAtEspPlace, layout.PoolId);
        var pool = Match(found, layout.PoolId, partition => layout.IsAtPoolPlace(partition, state.Size), layout.EspId);
        var result = new DiskDifference();
        if (withTableId && found.TableId != layout.TableId)
        {
            result = Amended(result, new PropertyChange("diskGuid", ChangeKind.Update, found.TableId, layout.TableId), $"--disk-guid={layout.TableId}", $"the disk's GUID {layout.TableId}");
        }

        result = esp is null
            ? Missing(result, found, "espPartition", 1, DiskLayout.SectorsPerMiB, (long)layout.EspMiB << 20, DiskScripts.NewEsp(layout, layout.EspName), "the entry of the EFI system partition again")
            : Entry(result, esp, "esp", layout.EspId, DiskLayout.EspType, layout.EspName, layout.UnfinishedName, layout.IsAtEspPlace(esp), 1, layout.EspMiB);
        result = pool is null
            ? Missing(result, found, "poolPartition", 2, (long)layout.PoolStartMiB * DiskLayout.SectorsPerMiB, layout.PoolMiB(state.Size) << 20, DiskScripts.NewPool(layout, state.Size), "the entry of the pool's partition again")
            : Entry(result, pool, "pool", layout.PoolId, DiskLayout.PoolType, layout.PoolName, null, layout.IsAtPoolPlace(pool, state.Size), layout.PoolStartMiB, layout.PoolMiB(state.Size));
        foreach (var extra in found.Partitions.Where(partition => partition != esp && partition != pool))
        {
            result = Beyond(result, new PropertyChange($"partition{Number(extra.Number)}", ChangeKind.Delete, $"{DiskText.Of(extra)}: {DiskText.Of(extra.Content)}")
            {
                Because = "it is not of this layout",
            });
        }

        return FileSystem(result, esp, layout);
    }

    /// <summary>By its GUID, else by its place; never the other one.</summary>
    private static DiskPartition? Match(DiskFound found, string id, Func<DiskPartition, bool> isAtPlace, string other) =>
        found.Partitions.FirstOrDefault(partition => partition.Id == id)
        ?? found.Partitions.FirstOrDefault(partition => partition.Id != other && isAtPlace(partition));

    private static DiskDifference Entry(
        DiskDifference result, DiskPartition partition, string kind, string id, string type, string name, string? unfinished, bool isAtPlace, int startMiB, long sizeMiB)
    {
        var number = Number(partition.Number);
        if (!isAtPlace)
        {
            result = Beyond(result, new PropertyChange($"{kind}Size", ChangeKind.Update, Place(partition.Start, partition.Size), Place((long)startMiB * DiskLayout.SectorsPerMiB, sizeMiB << 20))
            {
                Because = "a partition cannot be moved or resized without its content",
            });
        }

        if (partition.Id != id)
        {
            result = Amended(result, new PropertyChange($"{kind}Guid", ChangeKind.Update, partition.Id ?? "none", id) { Because = "others find the partition by it" }, $"--partition-guid={number}:{id}", $"partition {number} has the GUID {id}");
        }

        if (partition.Type != type)
        {
            result = Amended(result, new PropertyChange($"{kind}Type", ChangeKind.Update, partition.Type ?? "none", type), $"--typecode={number}:{type}", $"partition {number} has the type {type}");
        }

        if (partition.Name != name && (unfinished is null || partition.Name != unfinished))
        {
            result = Amended(result, new PropertyChange($"{kind}Name", ChangeKind.Update, DiskText.Quoted(partition.Name), DiskText.Quoted(name)), $"--change-name={number}:{name}", $"partition {number} is called \"{name}\"");
        }

        return result;
    }

    private static DiskDifference Missing(DiskDifference result, DiskFound found, string path, int number, long start, long size, ImmutableArray<string> arguments, string words)
    {
        var change = new PropertyChange(path, ChangeKind.Add, null, Place(start, size)) { Because = "its entry is missing in the table" };
        var end = start + (size / 512);
        return found.Partitions.Any(other => other.Number == number || (other.Start < end && start < other.Start + (other.Size / 512)))
            ? Beyond(result, change with { Because = "its entry is missing in the table, and its place is taken" })
            : result with { Changes = result.Changes.Add(change), Arguments = result.Arguments.AddRange(arguments), Words = result.Words.Add(words) };
    }

    private static DiskDifference FileSystem(DiskDifference result, DiskPartition? esp, DiskLayout layout)
    {
        if (esp is null)
        {
            // Behind the entry there may still be the file system that was there.
            return result with { MakesFileSystem = true };
        }

        var content = esp.Content;
        var isUnfinished = esp.Name == layout.UnfinishedName;
        var change = new PropertyChange("espFileSystem", ChangeKind.Update, DiskText.Of(content), $"vfat \"{layout.EspLabel}\"");
        return content.FileSystem switch
        {
            "vfat" when isUnfinished && content.Id == layout.VolumeUuid => Made(change with { Old = "unfinished", Because = "making it was cut off" }),
            "vfat" when !isUnfinished && content.Label != layout.EspLabel => result with
            {
                Relabels = true,
                Changes = result.Changes.Add(new PropertyChange("espLabel", ChangeKind.Update, DiskText.Quoted(content.Label), DiskText.Quoted(layout.EspLabel)) { Because = ByHand }),
            },
            "vfat" when !isUnfinished => result,
            null when isUnfinished || content.Digest is null or ContentFacts.Zero => Made(change with { Because = "firmware boots from a FAT file system" }),
            _ => result with { Foreign = esp, Changes = result.Changes.Add(change with { Because = "firmware boots from a FAT file system" }) },
        };

        DiskDifference Made(PropertyChange what) => result with { MakesFileSystem = true, Changes = result.Changes.Add(what) };
    }

    private static DiskDifference Amended(DiskDifference result, PropertyChange change, string argument, string words) => result with
    {
        Changes = result.Changes.Add(change with { Because = change.Because ?? ByHand }),
        Arguments = result.Arguments.Add(argument),
        Words = result.Words.Add(words),
    };

    private static DiskDifference Beyond(DiskDifference result, PropertyChange change) => result with { IsBeyondRepair = true, Changes = result.Changes.Add(change) };

    private static string Place(long start, long size) => $"{DiskText.Size(size)} at {DiskText.Size(start * 512)}";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
