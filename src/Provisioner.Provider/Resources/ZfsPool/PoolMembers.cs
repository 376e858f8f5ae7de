using System.Collections.Immutable;
using System.Globalization;
using Provisioner.Provider.Consent;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Resources.Disk;
using Provisioner.Provider.Resources.Zfs;

namespace Provisioner.Provider.Resources.ZfsPool;

/// <summary>Finds the wanted devices among the disks, and says what lies there. Pure.</summary>
internal static class PoolMembers
{
    private const string ByPartUuid = "/dev/disk/by-partuuid/";

    private const string ById = "/dev/disk/by-id/";

    /// <summary>What is wrong with a device's name, as a clause; null when it may be one.</summary>
    public static string? Problem(string path)
    {
        var name = path.StartsWith(ByPartUuid, StringComparison.Ordinal) ? path[ByPartUuid.Length..] : path.StartsWith(ById, StringComparison.Ordinal) ? path[ById.Length..] : "";
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or '+'))
        {
            return $"must be a name that stays, in {ByPartUuid} or {ById}, but is \"{path}\"";
        }

        return path.StartsWith(ById, StringComparison.Ordinal) && Part(name) is null
            ? $"names a whole disk (\"{path}\"); give a partition, such as the poolPartition of a Disk, or {path}-part2"
            : null;
    }

    public static ZfsPoolMember Look(string path, string pool, DeviceFacts facts)
    {
        var found = Find(path, facts).ToList();
        if (found.Count == 0)
        {
            return new ZfsPoolMember { Path = path };
        }

        var (disk, partition) = found[0];
        return new ZfsPoolMember
        {
            Path = path,
            Present = true,
            Node = partition.Path,
            Serial = disk.Serial,
            Size = partition.SizeBytes,
            Holds = Holds(partition.Content, IsFresh(disk, partition)),
            Written = DiskWrites.Of(disk),
            Torn = IsTorn(partition.Content, pool),
            Forbidden = found.Count > 1
                ? $"several partitions have this name: {string.Join(", ", found.Select(one => one.Partition.Path))}; unplug the disk that is a copy"
                : Forbidden(disk, partition, facts),
            Content = partition.Content.Digest,
            Disk = disk.Name,
            DiskDigest = Recheck.DigestOf(disk.Text),
        };
    }

    /// <summary>Every partition on the device whose label belongs to a pool with this GUID, by a name that stays.</summary>
    public static IEnumerable<(string Path, ContentFacts Content)> LabelledWith(string guid, DeviceFacts facts) =>
        facts.Disks.SelectMany(disk => disk.Partitions)
            .Where(partition => partition.Content is { FileSystem: "zfs_member" } content && content.FileSystemId == guid)
            .Select(partition => (partition.PartitionId is { } id ? ByPartUuid + id : partition.Path, partition.Content));

    /// <summary>The devices of a pool, each by the name of its partition that stays, else by its path.</summary>
    public static ImmutableArray<string> StayingNames(PoolFacts pool, DeviceFacts facts)
    {
        var partitions = facts.Disks.SelectMany(disk => disk.Partitions).ToLookup(partition => partition.Path, partition => partition.PartitionId, StringComparer.Ordinal);
        return [.. pool.Vdevs.Select(vdev => vdev.Path).OfType<string>().Select(path => partitions[path].FirstOrDefault() is { } id ? ByPartUuid + id : path)];
    }

    private static IEnumerable<(DiskFacts Disk, PartitionFacts Partition)> Find(string path, DeviceFacts facts)
    {
        var all = facts.Disks.SelectMany(disk => disk.Partitions.Select(partition => (Disk: disk, Partition: partition)));
        if (path.StartsWith(ByPartUuid, StringComparison.Ordinal))
        {
            return all.Where(one => string.Equals(one.Partition.PartitionId, path[ByPartUuid.Length..], StringComparison.OrdinalIgnoreCase));
        }

        var name = path[ById.Length..];
        return Part(name) is var (disk, number) ? all.Where(one => one.Disk.ById.Contains(disk) && one.Partition.Number == number) : [];
    }

    private static (string Disk, int Number)? Part(string name) =>
        name.LastIndexOf("-part", StringComparison.Ordinal) is var at and > 0
        && int.TryParse(name[(at + 5)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (name[..at], number)
            : null;

    /// <summary>A partition that a Disk has made holds in its middle what the disk held: to lose that was agreed to, or it was blank.</summary>
    private static bool IsFresh(DiskFacts disk, PartitionFacts partition) =>
        disk.Serial is { } serial && partition.PartitionId == DiskLayout.Of(new DiskArgs { Device = "", ById = "", Serial = serial }).PoolId;

    private static string? Holds(ContentFacts content, bool isFresh)
    {
        if (content.IsZero || (isFresh && (content with { Beyond = false }).IsZero))
        {
            return null;
        }

        return content.FileSystem switch
        {
            "zfs_member" => $"a device of the pool \"{content.Label}\" (GUID {content.FileSystemId}{LabelWords(content)})",
            ContentFacts.Several => content.SeveralWords,
            { } known => $"{known}{(content.Label is null ? "" : $" \"{content.Label}\"")}",
            null when content.Beyond => "data that is no known file system, behind a beginning of zeros",
            null when content.Digest is null => "something that was not read, because the disk is in use",
            _ => $"data that is no known file system (SHA-256 of its first MiB begins with {content.Digest[..Math.Min(12, content.Digest.Length)]})",
        };
    }

    private static string LabelWords(ContentFacts content)
    {
        var host = content.ZfsLabel.GetValueOrDefault("hostname") is { Length: > 0 } name ? $", last used by {name}" : "";
        return content.ZfsLabel.GetValueOrDefault("state") switch { "1" => $", exported{host}", "2" => $", destroyed{host}", "0" => $", not exported{host}", _ => host };
    }

    /// <summary>A pool's creation writes labels first and the pool with transaction group 1 and later: a label of group 0 never had a pool behind it.</summary>
    private static bool IsTorn(ContentFacts content, string pool) =>
        content is { FileSystem: "zfs_member" } && content.ZfsLabel.GetValueOrDefault("txg") == "0" && content.ZfsLabel.GetValueOrDefault("name", pool) == pool;

    private static string? Forbidden(DiskFacts disk, PartitionFacts partition, DeviceFacts facts)
    {
        if (!disk.Unreadable.IsEmpty)
        {
            return $"its disk could not be read: {string.Join("; ", disk.Unreadable)}";
        }

        if (partition.MountPoints is [var mount, ..])
        {
            return $"it is in use at {mount}";
        }

        if (disk.Holders.FirstOrDefault(holder => holder.On == partition.Name) is { } built)
        {
            return $"{built.Name} ({built.Kind}) is built on it";
        }

        if (disk.Users is [var user, ..])
        {
            return user.ToString();
        }

        if (disk.ReadOnly)
        {
            return "the disk is read-only";
        }

        if (!facts.Vdevs.Known)
        {
            return facts.Zfs.Blind ?? "ZFS does not tell which devices it uses";
        }

        return facts.Vdevs.Devices.FirstOrDefault(device => device.Path == partition.Path) is (not null, { } pool)
            ? $"it is a device of the imported pool {pool}"
            : null;
    }
}
