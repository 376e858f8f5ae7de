using System.Collections.Immutable;
using System.Globalization;
using Provisioner.Provider.Inspection;

namespace Provisioner.Provider.Resources.Disk;

/// <summary>Why a disk, or its EFI system partition, may not be overwritten, whoever agrees. Pure.</summary>
internal static class DiskObstacles
{
    // One file system on several devices: the mount shows on one of them only.
    private static readonly ImmutableHashSet<string> SpreadOut = ["btrfs", "bcachefs"];

    /// <summary>Reasons against wiping the whole disk.</summary>
    public static ImmutableArray<string> OfDisk(DiskFacts disk, DeviceFacts facts, DiskLayout layout)
    {
        var nodes = Nodes(disk);
        return
        [
            .. Distinct(
            [
                .. ReadOnly(disk),
                .. disk.SizeBytes < layout.SmallestDisk ? [$"it is too small: it has {DiskText.Size(disk.SizeBytes)}, and the layout needs {DiskText.Size(layout.SmallestDisk)}"] : Array.Empty<string>(),
                .. Mounted("the disk itself", disk.Content),
                .. disk.Partitions.SelectMany(partition => Mounted(Number(partition), partition.Content)),
                .. disk.Holders.Select(holder => $"{holder.Name} ({holder.Kind}) is built on {holder.On}{(holder.MountPoints.IsEmpty ? "" : $" and mounted at {string.Join(", ", holder.MountPoints)}")}"),
                .. disk.Users.Select(user => user.ToString()),
                .. MountTable(facts, disk, nodes),
                .. Pools(facts, disk, nodes),
                .. Siblings(facts, disk),
                .. RunningSystem(facts, nodes),
            ]),
        ];
    }

    /// <summary>
    /// Reasons against making the EFI system partition's file system anew. That the other partition belongs to a pool in use is
    /// none; whatever else uses the disk is.
    /// </summary>
    public static ImmutableArray<string> OfEsp(DiskFacts disk, DeviceFacts facts, DiskLayout layout) =>
        disk.Partitions.FirstOrDefault(partition => partition.PartitionId == layout.PoolId) is { } pool
            ? OfDisk(disk with { Partitions = disk.Partitions.Remove(pool), Holders = disk.Holders.RemoveAll(holder => holder.On == pool.Name) }, facts, layout)
            : OfDisk(disk, facts, layout);

    private static IEnumerable<string> Distinct(IEnumerable<string> reasons) => reasons.Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> ReadOnly(DiskFacts disk) => disk.ReadOnly ? ["it is read-only"] : [];

    private static IEnumerable<string> Mounted(string what, ContentFacts content) => content.MountPoints.Select(place => place == "[SWAP]"
        ? $"{what} is in use as swap"
        : $"{what} is mounted at {place}");

    private static IEnumerable<string> MountTable(DeviceFacts facts, DiskFacts disk, ImmutableHashSet<string> nodes) => facts.Mounts
        // bcachefs names all its devices in one source, with colons between them.
        .SelectMany(mount => mount.Source.Split(':').Append(mount.Source).Select(source => (Source: source, mount.Target)))
        .Where(mount => nodes.Contains(mount.Source) || IsLinkOf(disk, mount.Source))
        .Select(mount => $"{Number(disk, mount.Source)} is mounted at {mount.Target}");

    /// <summary>By path, or by a link that zpool did not resolve.</summary>
    private static IEnumerable<string> Pools(DeviceFacts facts, DiskFacts disk, ImmutableHashSet<string> nodes)
    {
        if (!facts.Vdevs.Known)
        {
            yield return "ZFS is loaded but does not tell its pools, so the disk may belong to one";
        }

        foreach (var pool in facts.Vdevs.Devices.Where(vdev => nodes.Contains(vdev.Path) || IsLinkOf(disk, vdev.Path)).Select(vdev => vdev.Pool).Distinct(StringComparer.Ordinal))
        {
            yield return $"it belongs to the imported pool {DiskText.Quoted(pool)}";
        }
    }

    private static IEnumerable<string> Siblings(DeviceFacts facts, DiskFacts disk)
    {
        var ours = disk.Contents.SelectMany(place => place.Content.Known).Where(known => SpreadOut.Contains(known.Type)).Select(known => known.Id).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return facts.Disks
            .SelectMany(other => other.Contents.Select(place => place.Content))
            .Where(content => content.FileSystemId is { } id && ours.Contains(id) && !content.MountPoints.IsEmpty)
            .Select(content => $"it holds a part of the {content.FileSystem} file system {content.FileSystemId}, which is mounted at {string.Join(", ", content.MountPoints)}");
    }

    private static IEnumerable<string> RunningSystem(DeviceFacts facts, ImmutableHashSet<string> nodes)
    {
        var (source, type) = (facts.Boot.Medium ?? facts.Boot.RootSource, facts.Boot.RootFileSystem);
        if (nodes.Contains(source))
        {
            yield return "the running system lies on it";
        }
        else if (source is "" or "/dev/root" || (type == "zfs" && facts.Vdevs.Devices.All(vdev => vdev.Pool != source.Split('/')[0])))
        {
            yield return "the device does not tell on which disk its running system lies";
        }
    }

    /// <summary>Every path of the kernel's for the disk, its partitions, and what is built on them.</summary>
    private static ImmutableHashSet<string> Nodes(DiskFacts disk) =>
    [
        disk.Path, $"/dev/{disk.Name}",
        .. disk.Partitions.SelectMany(partition => new[] { partition.Path, $"/dev/{partition.Name}" }),
        .. disk.Holders.SelectMany(holder => holder.KernelName.Length > 0 ? new[] { holder.Name, $"/dev/{holder.KernelName}" } : [holder.Name]),
    ];

    private static bool IsLinkOf(DiskFacts disk, string path)
    {
        var links = disk.ById.Select(id => $"/dev/disk/by-id/{id}");
        return links.Any(link => path == link || path.StartsWith(link + "-part", StringComparison.Ordinal))
            || disk.Partitions.Any(partition => partition.PartitionId is { } id && path == $"/dev/disk/by-partuuid/{id}")
            || disk.Contents.Any(place => place.Content.FileSystemId is { } id && path == $"/dev/disk/by-uuid/{id}");
    }

    private static string Number(PartitionFacts partition) => $"partition {partition.Number.ToString(CultureInfo.InvariantCulture)}";

    private static string Number(DiskFacts disk, string path) =>
        disk.Partitions.FirstOrDefault(partition => partition.Path == path || $"/dev/{partition.Name}" == path) is { } partition ? Number(partition)
            : path == disk.Path ? "the disk itself" : path;
}
