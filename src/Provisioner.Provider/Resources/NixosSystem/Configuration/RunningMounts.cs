using System.Text.RegularExpressions;
using Provisioner.Provider.Inspection;

namespace Provisioner.Provider.Resources.NixosSystem.Configuration;

/// <summary>
/// Compares what a configuration mounts with what the machine that it is for has mounted. A system that looks for its root, its
/// store or its boot files elsewhere would not come back from the next start. Pure.
/// </summary>
internal static partial class RunningMounts
{
    // What a start needs, and where boot files may lie.
    private static readonly string[] Needed = ["/", "/nix", "/boot", "/boot/firmware", "/boot/efi", "/efi"];

    private static readonly string[] WithoutDevice = ["tmpfs", "ramfs", "overlay"];

    /// <param name="flake">The configuration.</param>
    /// <param name="device">The machine; null while it cannot be seen.</param>
    public static IEnumerable<PreflightFinding> Compare(ConfigurationFacts flake, DeviceFacts? device)
    {
        if (flake.FileSystems is not { Count: > 0 } mounts || device is not { Os.IsNixos: true })
        {
            yield break;
        }

        foreach (var place in Needed)
        {
            // What an automount waits for is known only once somebody has looked there.
            var here = device.Mounts.LastOrDefault(mount => mount.Target == place && mount.FileSystem is not ("rootfs" or "autofs"));
            var waits = here is null && device.Mounts.Any(mount => mount.Target == place && mount.FileSystem == "autofs");
            if (!waits && Problem(place, mounts.GetValueOrDefault(place), here, device) is { } problem)
            {
                yield return problem;
            }
        }

        foreach (var (place, mount) in mounts.Where(mount => !Needed.Contains(mount.Key)).OrderBy(mount => mount.Key, StringComparer.Ordinal))
        {
            if (!MayBeMissing(mount) && Partition(mount.Device) is { } name && !device.Disks.IsEmpty && BootPartition.Find(name, device).Count == 0)
            {
                yield return PreflightFinding.Warning(
                    About(place), $"the flake mounts {place} from {mount.Device}, which the machine does not have: the next start would wait for it, and end in emergency mode; plug it in, or set \"nofail\" among its options");
            }
        }
    }

    private static PreflightFinding? Problem(string place, ConfiguredMount? flake, MountFacts? here, DeviceFacts device)
    {
        if (flake is null)
        {
            return here is null ? null : PreflightFinding.Blocker(
                About(place), $"the flake mounts nothing at {place}, where the machine has {Described(here, device)} mounted: {Consequence(place)}; {Line(place, here, device)}");
        }

        if (here is null)
        {
            return MayBeMissing(flake) ? null : PreflightFinding.Blocker(
                About(place), $"the flake mounts {place} from {flake.Device ?? flake.Type}, and the machine has nothing mounted there: {Consequence(place)}; take fileSystems.\"{place}\" out of the flake, or mount it on the machine as the flake has it");
        }

        var type = flake.Type is null or "auto" ? here.FileSystem : flake.Type;
        var isSame = WithoutDevice.Contains(type) || WithoutDevice.Contains(here.FileSystem) ? type == here.FileSystem
            : type == "zfs" || here.FileSystem == "zfs" ? type == here.FileSystem && flake.Device == here.Source
            : IsSame(flake.Device, Source(place, here, device), device);
        return isSame switch
        {
            true when type != here.FileSystem => PreflightFinding.Blocker(
                About(place), $"the flake mounts {place} as {type}, and on the machine it is {here.FileSystem} ({here.Source}): {Consequence(place)}; set fileSystems.\"{place}\".fsType = \"{here.FileSystem}\";"),
            true when Subvolume(flake.Options) is { } wanted && Subvolume(here.Options.Split(',')) is { } mounted && wanted != mounted => PreflightFinding.Blocker(
                About(place), $"the flake mounts {place} from the subvolume {wanted}, and the machine has the subvolume {mounted} of {here.Source} there: {Consequence(place)}; set \"subvol={mounted}\" among the options of fileSystems.\"{place}\""),
            true => null,
            false => PreflightFinding.Blocker(
                About(place), $"the flake mounts {place} from {flake.Device ?? type}{Seen(flake.Device, device)}, and the machine has {Described(here, device)} there: {Consequence(place)}; {Line(place, here, device)}"),
            null => PreflightFinding.Warning(
                About(place), $"the flake mounts {place} from {flake.Device}, and the machine has {Described(here, device)} there; whether the two are the same is not seen from here"),
        };
    }

    /// <summary>Whether two names mean the same partition; null when that cannot be told.</summary>
    private static bool? IsSame(string? flake, string here, DeviceFacts device)
    {
        if (flake == here)
        {
            return true;
        }

        var ours = BootPartition.Find(here, device);
        if (Partition(flake) is not { } name || ours is not [var mounted])
        {
            // Something on top of partitions, such as an encrypted or a logical volume, has more names than are seen here.
            return null;
        }

        return BootPartition.Find(name, device) switch
        {
            [var only] => only == mounted,
            [] => false,

            // Which of several it takes is chance.
            _ => false,
        };
    }

    private static string Source(string place, MountFacts here, DeviceFacts device) => place == "/" && here.Source == "/dev/root" ? device.Boot.RootSource : here.Source;

    /// <summary>A name of a partition as udev writes it; null for anything else.</summary>
    private static string? Partition(string? name) => name switch
    {
        null => null,
        _ when name.StartsWith("LABEL=", StringComparison.Ordinal) => "/dev/disk/by-label/" + name[6..],
        _ when name.StartsWith("UUID=", StringComparison.Ordinal) => "/dev/disk/by-uuid/" + name[5..],
        _ when name.StartsWith("PARTUUID=", StringComparison.Ordinal) => "/dev/disk/by-partuuid/" + name[9..],
        _ when name.StartsWith("PARTLABEL=", StringComparison.Ordinal) => "/dev/disk/by-partlabel/" + name[10..],
        _ when PlainName().IsMatch(name) => name,
        _ => null,
    };

    private static string Seen(string? name, DeviceFacts device) => Partition(name) is not { } known ? "" : BootPartition.Find(known, device) switch
    {
        [] => ", which the machine does not have",
        [var only] => only.Path == name ? "" : $" ({only.Path})",
        var several => $", a name that {several.Count} partitions have ({string.Join(", ", several.Select(each => each.Path))})",
    };

    private static string Described(MountFacts here, DeviceFacts device) => $"{(here.Source == "/dev/root" ? device.Boot.RootSource : here.Source)} ({here.FileSystem})";

    /// <summary>What to write into the flake, by a name that stays.</summary>
    private static string Line(string place, MountFacts here, DeviceFacts device)
    {
        var source = Source(place, here, device);
        var name = BootPartition.Find(source, device) is [{ Content.FileSystemId: { } id }] ? $"/dev/disk/by-uuid/{id}" : source;
        return WithoutDevice.Contains(here.FileSystem)
            ? $"set fileSystems.\"{place}\".fsType = \"{here.FileSystem}\";"
            : $"set fileSystems.\"{place}\" = {{ device = \"{name}\"; fsType = \"{here.FileSystem}\"; }}; or take the system that is this machine's";
    }

    private static string Consequence(string place) => place switch
    {
        "/" => "it would not start",
        "/nix" => "it would not find its store, and not start",
        _ => "its boot files would be written where nothing starts from",
    };

    private static bool MayBeMissing(ConfiguredMount mount) => mount.Options?.Any(option => option is "nofail" or "noauto" or "x-systemd.automount") == true;

    private static string? Subvolume(IReadOnlyList<string>? options) =>
        options?.FirstOrDefault(option => option.StartsWith("subvol=", StringComparison.Ordinal)) is { } option ? option[7..].TrimStart('/') : null;

    private static string About(string place) => place == "/" ? "root" : place.TrimStart('/');

    [GeneratedRegex("^/dev/(?:disk/by-(?:partlabel|partuuid|label|uuid|id)/|(?:sd[a-z]+|mmcblk[0-9]+p|nvme[0-9]+n[0-9]+p|vd[a-z]+)[0-9]+$)")]
    private static partial Regex PlainName();
}
