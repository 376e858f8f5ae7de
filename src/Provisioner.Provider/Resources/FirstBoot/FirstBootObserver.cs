using System.Collections.Immutable;
using System.Globalization;
using Provisioner.Provider.Cards;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Resources.WifiProfile;

namespace Provisioner.Provider.Resources.FirstBoot;

/// <summary>Compares what a device should have booted with what an inspection found. Pure.</summary>
internal static class FirstBootObserver
{
    private const string ProfileFolder = "/mnt/etc/NetworkManager/system-connections/";

    // What U-Boot for the Pi reads, and the firmware the first of them.
    private static readonly string[] Bootable = ["vfat", "ext2", "ext3", "ext4", "btrfs"];

    private const int Card = 1;
    private const int Usb = 4;

    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    public static FirstBootState Observe(FirstBootArgs desired, DeviceFacts facts, DateTimeOffset now)
    {
        var installed = facts.Boot.Incarnation == Incarnation.Installed;
        var active = WifiOf(desired, facts);
        return new FirstBootState
        {
            Device = desired.Device,
            Installed = installed,
            BootId = facts.BootId,
            Root = facts.Boot.RootSource,
            Medium = facts.Boot.FirmwareBootMode switch { Card => "card", Usb => "usb", _ => "unknown" },
            Running = facts.System.Current,
            ActiveUuid = active?.Uuid.ToString("D"),
            ConnectedThrough = active is null ? null : SituationFinder.NameOf(active, facts),
            Unproven = Unproven(desired, facts, now).ToImmutableSortedDictionary(doubt => doubt.About, doubt => doubt.Found, StringComparer.Ordinal),
            NotReady = installed ? [] : [.. NotReady(desired, facts)],
            CanAskOnce = facts.System.Tools.Contains("vcmailbox"),
            StartsByUboot = facts.System.Target?.HasExtlinux ?? false,
            CardFirst = facts.System.BootOrder is { } order ? IsCardFirst(order) : null,
            Card = facts.Disks.Where(disk => disk.Name.StartsWith("mmcblk", StringComparison.Ordinal)).Select(disk => CardOf(disk, facts)).OrderByDescending(card => card.Ours).FirstOrDefault(),
        };
    }

    private static NetworkConnection? WifiOf(FirstBootArgs desired, DeviceFacts facts) =>
        WaysIn.Wifi(Guid.TryParse(desired.WifiProfile, out var uuid) ? uuid : null, facts);

    private static IEnumerable<(string About, string Found)> Unproven(FirstBootArgs desired, DeviceFacts facts, DateTimeOffset now)
    {
        var root = $"{desired.Pool}/{desired.RootDataset}";
        if (facts.Boot.RootSource != root || facts.Boot.RootFileSystem != "zfs")
        {
            yield return ("root", $"/ is on {facts.Boot.Words}, not on {root}");
        }
        else if (!facts.Vdevs.Text.Split([' ', '\t', '\n']).Contains(desired.PoolGuid))
        {
            yield return ("pool", $"the pool {desired.Pool} is not the one with the GUID {desired.PoolGuid}");
        }

        if (facts.Boot.FirmwareBootMode == Card)
        {
            yield return ("medium", "the firmware booted from the card");
        }

        if (facts.System.Current != desired.System)
        {
            yield return ("system", $"it runs {facts.System.Current ?? "no NixOS"}, not {desired.System}");
        }

        var active = WifiOf(desired, facts);
        if (desired.WifiProfile is { } uuid && !string.Equals(active?.Uuid.ToString("D"), uuid, StringComparison.OrdinalIgnoreCase))
        {
            yield return ("wifi", active is { } other ? $"the WiFi is up through another profile ({other.Uuid})" : "no WiFi is up");
        }

        var off = (facts.Clock - now).Duration();
        if (off > ClockTolerance)
        {
            yield return ("time", string.Create(CultureInfo.InvariantCulture, $"its clock is off by {off.TotalMinutes:0} min"));
        }
    }

    private static IEnumerable<string> NotReady(FirstBootArgs desired, DeviceFacts facts)
    {
        foreach (var (path, guid) in Namesakes(desired, facts))
        {
            yield return $"{path} has another pool named {desired.Pool}, with the GUID {guid}: a system that starts imports its pool by its name, would find two, and end there; unplug that disk, or import its pool under another name once (zpool import {guid} NAME)";
        }

        if (!facts.Boot.TargetMounted || facts.System.Target is null)
        {
            yield return facts.Mounts.LastOrDefault(mount => mount.Target == "/mnt") is { } other && !facts.Boot.TargetMounted
                ? $"at /mnt something else is mounted ({other.Source}, {other.FileSystem}) than the system that would be booted; unmount it, and run up for the NixosSystem"
                : "nothing is mounted at /mnt, so what would be booted cannot be seen; run up for the NixosSystem first";
            yield break;
        }

        if (facts.System.Target.Profile != desired.System)
        {
            yield return $"the system at /mnt is {facts.System.Target.Profile ?? "not installed"}, not {desired.System}; run up for the NixosSystem first";
        }

        if (desired.WifiProfile is not { } uuid)
        {
            yield break;
        }

        var profile = facts.Profiles.FirstOrDefault(file =>
            file.Path.StartsWith(ProfileFolder, StringComparison.Ordinal) && string.Equals(file.Uuid?.ToString("D"), uuid, StringComparison.OrdinalIgnoreCase));
        if (profile is null)
        {
            yield return $"no WiFi profile with the UUID {uuid} lies in {ProfileFolder}: the installed system could not be reached; let the FirstBoot depend on the WifiProfile";
        }
        else if (!profile.IsAccepted)
        {
            yield return $"NetworkManager would not read {profile.Path}: it has to be a regular file of root's with mode 0600";
        }
    }

    /// <summary>Whole labels of a pool count wherever they are, also where something else was made over the first of them: zpool import finds them.</summary>
    private static IEnumerable<(string Path, string Guid)> Namesakes(FirstBootArgs desired, DeviceFacts facts) => facts.Disks
        .SelectMany(disk => disk.Contents)
        .Where(place => !place.Content.IsOfDestroyedPool && place.Content.Known.Any(known => known.Type == "zfs_member"))
        .Select(place => (place.Path, Name: place.Content.Label ?? place.Content.ZfsLabel.GetValueOrDefault("name"), Guid: place.Content.FileSystemId ?? place.Content.ZfsLabel.GetValueOrDefault("pool_guid")))
        .Where(pool => pool.Name == desired.Pool && pool.Guid is not null && pool.Guid != desired.PoolGuid)
        .Select(pool => (pool.Path, pool.Guid!));

    private static FirstBootCard CardOf(DiskFacts disk, DeviceFacts facts)
    {
        var number = facts.System.Cards.GetValueOrDefault(disk.Name);
        var identity = disk.Partitions.FirstOrDefault(partition => partition.StartSector == CardLayout.IdentitySector && partition.SizeBytes == CardLayout.IdentityLength && partition.Content.FileSystem is null);
        var (from, retired) = (facts.System.FromCard, facts.System.RetiredCard);
        return new FirstBootCard
        {
            Path = disk.Path,
            Id = disk.TableId ?? "none",
            EnvironmentPartition = disk.Partitions.FirstOrDefault(partition => partition is { Number: 1, Content.FileSystem: "vfat" })?.Path,
            FileSystems = [.. disk.Partitions.Where(partition => Bootable.Contains(partition.Content.FileSystem)).Select(partition => partition.Path)],
            IdentityPartition = identity?.Path,
            Number = number,
            Ours = facts.Boot.Incarnation == Incarnation.Installed
                ? number is not null && CardNote.Proves(from, retired, $"{number} {disk.TableId}", identity is null ? CardNote.NoIdentity : identity.Content.Digest)
                : RunsFrom(disk, facts),
            InUse = disk.Content.MountPoints.Length > 0 || disk.Partitions.Any(partition => partition.MountPoints.Length > 0),
            Retired = disk.TableId is { } id && (retired == $"{number} {id} {CardNote.Everything}" || retired == $"{id} {CardNote.Everything}"),
        };
    }

    /// <summary>A system that lies in memory, or came over the network, does not tell whose the card in the slot is.</summary>
    private static bool RunsFrom(DiskFacts disk, DeviceFacts facts) =>
        disk.Partitions.Any(partition => partition.Path == (facts.Boot.Medium ?? facts.Boot.RootSource) || partition.MountPoints.Any(place => place is "/" or "/nix" or "/nix/store" or "/nix/.ro-store"));

    /// <summary>Nibbles from the right: 1 is the card, 4 is USB.</summary>
    private static bool IsCardFirst(uint order)
    {
        for (var rest = order; rest != 0; rest >>= 4)
        {
            switch (rest & 0xf)
            {
                case Card: return true;
                case Usb: return false;
            }
        }

        return false;
    }
}
