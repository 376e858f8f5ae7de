using System.Collections.Immutable;
using Provisioner.Provider.Inspection;

namespace Provisioner.Provider.Resources.Disk;

/// <summary>Finds the one disk that is meant, or says why it is not proven to be there. Pure.</summary>
internal static class DiskFinder
{
    /// <summary>The disk, and no doubts; or the disk as far as it is known, with the doubts.</summary>
    public static (DiskFacts? Disk, ImmutableArray<string> Doubts) Find(DiskArgs args, DeviceFacts facts)
    {
        var named = facts.Disks.Where(disk => disk.ById.Contains(args.ById)).ToList();
        var bearers = facts.Disks.Where(disk => disk.Serial == args.Serial).ToList();
        if (named is not [var disk])
        {
            return (null, [named.Count == 0
                ? $"there is no disk /dev/disk/by-id/{args.ById}{Elsewhere(bearers, facts)}"
                : $"/dev/disk/by-id/{args.ById} leads to {named.Count} disks at once"]);
        }

        return (disk, [.. Doubts(args, facts, disk, bearers)]);
    }

    /// <summary>The other disks with the same serial number, as adapters and boxes with two bays have them.</summary>
    public static IEnumerable<DiskTwin> Twins(DiskArgs args, DeviceFacts facts, DiskFacts disk) => facts.Disks
        .Where(other => other.Serial == args.Serial && other.Name != disk.Name)
        .OrderBy(other => other.Name, StringComparer.Ordinal)
        .Select(other => new DiskTwin { Name = other.Name, ById = NameLike(args.ById, other) ?? other.Path, Size = other.SizeBytes });

    /// <summary>A disk's name of the same kind (usb, ata, wwn). Of two for which udev makes the same name one only has it, and none of the kind is left for the other.</summary>
    private static string? NameLike(string byId, DiskFacts disk) => disk.ById.FirstOrDefault(id => id.Split('-')[0] == byId.Split('-')[0]);

    private static IEnumerable<string> Doubts(DiskArgs args, DeviceFacts facts, DiskFacts disk, List<DiskFacts> bearers)
    {
        if (!disk.Unreadable.IsEmpty)
        {
            yield return $"/dev/disk/by-id/{args.ById} leads to a disk that could not be read: {string.Join("; ", disk.Unreadable)}";
            yield break;
        }

        if (disk.Serial is null)
        {
            yield return $"/dev/disk/by-id/{args.ById} leads to a disk that tells no serial number, and {args.Serial} was expected";
        }
        else if (disk.Serial != args.Serial)
        {
            yield return $"/dev/disk/by-id/{args.ById} leads to a disk with the serial number {DiskText.Quoted(disk.Serial)}, and {args.Serial} was expected{Elsewhere(bearers, facts)}";
        }

        if (bearers.Count > 1 && !bearers.TrueForAll(bearer => bearer.Name == disk.Name || NameLike(args.ById, bearer) is not null))
        {
            yield return $"{bearers.Count} disks have the serial number {args.Serial}: {string.Join(", ", bearers.Select(bearer => bearer.ById is [var id, ..] ? id : bearer.Path))}. Not each has a name of its own like {args.ById}, so that the next start may give that to another; unplug the other one";
        }

        if (disk.SizeBytes <= 0)
        {
            yield return "the disk has no size";
        }

        // A copy made with dd: which of the two by-partuuid leads to is anybody's guess.
        var layout = DiskLayout.Of(args);
        foreach (var other in facts.Disks.Where(other => other.Name != disk.Name && other.Partitions.Any(partition => partition.PartitionId == layout.EspId || partition.PartitionId == layout.PoolId)))
        {
            yield return $"the disk {Display(other)} has partitions of the same GUIDs, as a copy has, so that neither can be told by them; unplug it";
        }

        // A name of one's own may be another disk's too, and the boot would take whichever comes first.
        foreach (var label in ((string?[])[args.EspPartitionLabel, args.PoolPartitionLabel]).OfType<string>())
        {
            foreach (var other in facts.Disks.Where(other => other.Name != disk.Name && other.Partitions.Any(partition => partition.PartitionLabel == label)))
            {
                yield return $"the disk {Display(other)} has a partition \"{label}\" too, so that /dev/disk/by-partlabel/{label} may lead to either; unplug it, or take another label";
            }
        }

        if (disk.Partitions.GroupBy(partition => partition.PartitionId).Any(same => same.Key is not null && same.Count() > 1))
        {
            yield return "two of its partitions have the same GUID";
        }
    }

    private static string Elsewhere(List<DiskFacts> bearers, DeviceFacts facts) => bearers.Count > 0
        ? $"; the serial number is that of {string.Join(", ", bearers.Select(Display))}"
        : facts.Disks.Length == 0 ? "; no disk is told at all" : $"; there are: {string.Join(", ", facts.Disks.Select(Display))}";

    private static string Display(DiskFacts disk) =>
        $"{(disk.ById is [var id, ..] ? id : disk.Path)} ({(disk.Serial is null ? "no serial number" : $"serial {DiskText.Quoted(disk.Serial)}")}, {DiskText.Size(disk.SizeBytes)})";
}
