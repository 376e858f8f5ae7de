using Provisioner.Provider.Inspection;

namespace Provisioner.Provider.Resources.NixosSystem.Configuration;

/// <summary>Whether two names of a partition mean the same one. Pure.</summary>
internal static class BootPartition
{
    /// <summary>What speaks against it; null when both are the same partition.</summary>
    /// <param name="own">The flake's.</param>
    /// <param name="wanted">Ours, a name that stays; empty while it is not known.</param>
    /// <param name="device">The device; null while it cannot be seen.</param>
    public static PreflightFinding? Compare(string own, string wanted, DeviceFacts? device)
    {
        if (own == wanted)
        {
            return null;
        }

        if (wanted.Length == 0)
        {
            return PreflightFinding.Warning("boot", $"the flake mounts /boot from {own}; whether that is the partition that the boot files go to is known once the disk is{(Label(own) is { Length: > 0 } label ? $":{label[3..]}" : "")}");
        }

        var ours = device is null ? [] : Find(wanted, device);
        var theirs = device is null ? [] : Find(own, device);
        var line = $"set fileSystems.\"/boot\".device = \"{wanted}\";";
        if (ours is [var partition])
        {
            return theirs switch
            {
                [var same] when same == partition => null,
                [_, _, ..] when theirs.Contains(partition) => PreflightFinding.Blocker(
                    "boot",
                    $"the flake mounts /boot from {own}, a name that {theirs.Count} partitions have ({string.Join(", ", theirs.Select(each => each.Path))}): which of them the system takes is chance; unplug the other disk, or {line}"),
                _ => PreflightFinding.Blocker(
                    "boot",
                    $"the flake mounts /boot from {own}{(theirs is [var another] ? $" ({another.Path})" : ", which the device does not have")}, and the boot files go to {wanted} ({partition.Path}{(partition.PartitionLabel is { } label ? $", \"{label}\"" : "")}): the system would wait for it, and end in emergency mode; {line}{Label(own)}"),
            };
        }

        // By the disk's own layout, which may not be there yet, the two can still prove to be one.
        return PreflightFinding.Warning("boot", $"the flake mounts /boot from {own}, and the boot files go to {wanted}; whether the two are the same partition is seen once it is there; to be sure, {line}{Label(own)}");
    }

    /// <summary>Where the disk can be laid out as the flake expects it.</summary>
    private static string Label(string own) => own.StartsWith(ByLabel, StringComparison.Ordinal) ? $" or have the Disk name its partition so: espPartitionLabel = \"{own[ByLabel.Length..]}\"" : "";

    private const string ByLabel = "/dev/disk/by-partlabel/";

    /// <summary>Every partition that has a name, as udev gives them out.</summary>
    internal static List<PartitionFacts> Find(string name, DeviceFacts device)
    {
        var cut = name.LastIndexOf('/');
        var (folder, last) = (name[..(cut + 1)], Plain(name[(cut + 1)..]));
        return [.. device.Disks.SelectMany(disk => disk.Partitions.Where(partition => folder switch
        {
            "/dev/" => partition.Path == name,
            ByLabel => partition.PartitionLabel == last,
            "/dev/disk/by-partuuid/" => string.Equals(partition.PartitionId, last, StringComparison.OrdinalIgnoreCase),
            "/dev/disk/by-label/" => partition.Content.Label == last,
            "/dev/disk/by-uuid/" => string.Equals(partition.Content.FileSystemId, last, StringComparison.OrdinalIgnoreCase),
            "/dev/disk/by-id/" => disk.ById.Any(id => last == $"{id}-part{partition.Number}"),
            _ => false,
        }))];
    }

    /// <summary>udev writes what may not stand in a name as \x20.</summary>
    private static string Plain(string name) => System.Text.RegularExpressions.Regex.Replace(
        name, @"\\x([0-9a-fA-F]{2})", match => ((char)Convert.ToByte(match.Groups[1].Value, 16)).ToString());
}
