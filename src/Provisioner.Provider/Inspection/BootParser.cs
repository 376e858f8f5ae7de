using System.Buffers.Binary;
using System.Collections.Immutable;
using Provisioner.Provider.Systems;

namespace Provisioner.Provider.Inspection;

/// <summary>Finds out what a device runs from, and whether the system that is being made is mounted. Pure.</summary>
internal static class BootParser
{
    private const string Card = "/dev/mmcblk";

    // Places that a Pi mounts its firmware's partition at, which is on the medium that it started from.
    private static readonly string[] Firmware = ["/boot/firmware", "/boot"];

    // What a system whose / is in memory lies on.
    private static readonly string[] Persistent = ["/nix", "/nix/store", "/usr"];

    private static readonly string[] Network = ["nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "glusterfs", "fuse.sshfs"];

    /// <summary>The Pi firmware's word for the card.</summary>
    private const int CardMode = 1;

    public static BootFacts Parse(Sections sections, ImmutableArray<MountFacts> mounts, OperatingSystemFacts os, ImmutableArray<DiskFacts> disks, ZfsFacts zfs)
    {
        // The last mount of a mount point is the one on top.
        var root = mounts.LastOrDefault(mount => mount.Target == "/" && mount.FileSystem != "rootfs");
        var source = root?.Source ?? "";
        if (source is "" or "/dev/root")
        {
            source = disks.SelectMany(disk => disk.Partitions).FirstOrDefault(partition => partition.MountPoints.Contains("/"))?.Path ?? source;
        }

        var mode = Sections.Bytes(sections["boot-mode"].Trim()) is { Length: 4 } bytes ? BinaryPrimitives.ReadInt32BigEndian(bytes) : (int?)null;
        var medium = Medium(root, source, mode, mounts, disks);
        var isBootstrap = medium.StartsWith(Card, StringComparison.Ordinal) || os.VariantId == "installer" || (root is not null && Network.Contains(root.FileSystem));
        return new BootFacts(source, root?.FileSystem ?? "", mode, isBootstrap ? Incarnation.Bootstrap : Incarnation.Installed, IsTargetMounted(sections, mounts, zfs))
        {
            Medium = medium == source ? null : medium,
            Fleeting = MountTable.Fleeting(mounts, "/"),
        };
    }

    /// <summary>
    /// The device that the running system lies on in the end: what is below an overlay, on which disk a mapped device is, what /nix is on
    /// where / is in memory; empty when it does not show.
    /// </summary>
    private static string Medium(MountFacts? root, string source, int? mode, ImmutableArray<MountFacts> mounts, ImmutableArray<DiskFacts> disks)
    {
        if (root is null || root.FileSystem == "zfs")
        {
            return source;
        }

        if (root.FileSystem == "overlay")
        {
            return MountTable.Lowest(mounts, root) is { } lower && lower.Source.StartsWith("/dev/", StringComparison.Ordinal) ? lower.Source : OfTheFirmware(mode, mounts);
        }

        if (root.FileSystem is "tmpfs" or "ramfs")
        {
            return Persistent.Select(place => mounts.LastOrDefault(mount => mount.Target == place)?.Source).FirstOrDefault(found => found?.StartsWith('/') is true)
                ?? OfTheFirmware(mode, mounts);
        }

        // By a name that udev made, or by one of device mapper: the disk that it is on is what lsblk says.
        var disk = disks.FirstOrDefault(disk => disk.Holders.Any(holder => holder.MountPoints.Contains("/")))?.Path;
        var partition = disks.SelectMany(known => known.Partitions).FirstOrDefault(known => known.MountPoints.Contains("/"))?.Path;
        return source.StartsWith("/dev/disk/", StringComparison.Ordinal) || source.StartsWith("/dev/mapper/", StringComparison.Ordinal) ? partition ?? disk ?? source : source;
    }

    private static string OfTheFirmware(int? mode, ImmutableArray<MountFacts> mounts) =>
        Firmware.Select(place => mounts.LastOrDefault(mount => mount.Target == place)?.Source).FirstOrDefault(source => source?.StartsWith("/dev/", StringComparison.Ordinal) is true)
        ?? (mode == CardMode ? $"{Card}0" : "");

    /// <summary>
    /// Whether what is mounted at /mnt is the system that is being made, and not a disk of somebody's: a file system of a pool that was
    /// imported for that (below /mnt), or one on which the provider has noted that it made a system there.
    /// </summary>
    private static bool IsTargetMounted(Sections sections, ImmutableArray<MountFacts> mounts, ZfsFacts zfs)
    {
        if (mounts.LastOrDefault(mount => mount.Target == SystemScript.Target && mount.FileSystem != "autofs") is not { FileSystem: "zfs" } top)
        {
            return false;
        }

        // While ZFS does not answer, nothing speaks against it.
        var pool = zfs.Pools.FirstOrDefault(known => known.Name == top.Source.Split('/')[0]);
        return pool is null ? zfs.Blind is not null || zfs.Pools.IsEmpty : pool.AltRoot == SystemScript.Target || sections.Values("system target").ContainsKey("made");
    }
}
