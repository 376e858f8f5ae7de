using System.Collections.Immutable;
using Provisioner.Provider.Inspection;

namespace Provisioner.Provider.Resources.NixosSystem.Configuration;

/// <summary>Compares what a configuration says with what is wanted and with the device: all that does not fit, each with the line that settles it. Pure.</summary>
internal static class Comparison
{
    private const string ZfsUtil = "zfsutil";

    /// <param name="flake">The configuration.</param>
    /// <param name="wanted">What is wanted; what is empty in it is not known yet, and not compared.</param>
    /// <param name="login">How we come in.</param>
    /// <param name="device">The device; null while it cannot be seen.</param>
    public static ImmutableArray<PreflightFinding> Of(ConfigurationFacts flake, NixosSystemArgs wanted, Login login, DeviceFacts? device) =>
    [
        .. Identity(flake, wanted),
        .. wanted.TakesOver ? RunningMounts.Compare(flake, device) : Mounts(flake, wanted, device),
        .. Build(flake),
        .. LoginGuard.Of(flake, login, !wanted.TakesOver && device?.Boot.Incarnation != Incarnation.Installed),
        .. NetworkGuard.Of(flake, login, device),
    ];

    private static IEnumerable<PreflightFinding> Identity(ConfigurationFacts flake, NixosSystemArgs wanted)
    {
        if (wanted.Hostname is { Length: > 0 } name && flake.HostName is { Length: > 0 } other && name != other)
        {
            yield return PreflightFinding.Blocker("hostName", $"the flake is for the host {other}, and {name} is wanted; set networking.hostName = \"{name}\"; in it, or name the Pi {other} in the program, or take another attribute");
        }

        if (wanted.HostId is { Length: 0 } && flake.HostId is { Length: > 0 } given)
        {
            yield return PreflightFinding.Warning("hostId", $"the flake sets the host id {given}, and that of the identity is made by up: have the identity take the flake's, hostId = \"{given}\" of the HostIdentity, or take networking.hostId out of the flake");
        }

        if (wanted.HostId is { Length: > 0 } id && flake.HostId is { Length: > 0 } own && id != own)
        {
            yield return PreflightFinding.Blocker(
                "hostId",
                $"the flake sets the host id {own}, and {id} is wanted: the pool would belong to another machine; set networking.hostId = \"{id}\"; in it, or have the identity take the flake's: hostId = \"{own}\" of the HostIdentity");
        }
    }

    private static IEnumerable<PreflightFinding> Mounts(ConfigurationFacts flake, NixosSystemArgs wanted, DeviceFacts? device)
    {
        if (flake.FileSystems is not { } mounts)
        {
            yield break;
        }

        foreach (var (mountPoint, dataset) in wanted.Datasets)
        {
            var source = $"{wanted.Pool}/{dataset}";
            var about = mountPoint == "/" ? "root" : mountPoint.TrimStart('/');
            if (!mounts.TryGetValue(mountPoint, out var mount))
            {
                yield return mountPoint == "/"
                    ? PreflightFinding.Warning(about, "the flake does not say what is mounted at /")
                    : PreflightFinding.Blocker(
                        about,
                        $"the flake mounts nothing at {mountPoint}, where the dataset {source} belongs: what is installed there would be hidden, or missed; set fileSystems.\"{mountPoint}\" = {{ device = \"{source}\"; fsType = \"zfs\"; }}; or take it from the datasets");
                continue;
            }

            if (wanted.Pool?.Length > 0 && mount.Device is { Length: > 0 } own && own != source)
            {
                yield return PreflightFinding.Blocker(
                    about,
                    $"the flake mounts {mountPoint} from {own}, and {source} is what it would be installed to: {(mountPoint == "/" ? "it would not boot" : "it would start with what is not there")}; set fileSystems.\"{mountPoint}\".device = \"{source}\"; or name pool and datasets as the flake does");
            }

            if (mount.Options?.Contains(ZfsUtil) == true)
            {
                yield return PreflightFinding.Blocker(
                    about,
                    $"the flake mounts {mountPoint} with the option zfsutil, which fails for a dataset whose mountpoint is legacy, as that of {source} is; take it out of fileSystems.\"{mountPoint}\".options");
            }
        }

        foreach (var (mountPoint, mount) in mounts.Where(mount => mount.Value.Type == "zfs" && !wanted.Datasets.ContainsKey(mount.Key)).OrderBy(mount => mount.Key, StringComparer.Ordinal))
        {
            if (wanted.Pool?.Length > 0 && mount.Device?.StartsWith(wanted.Pool + "/", StringComparison.Ordinal) == true && mount.Options?.Contains("nofail") != true
                && device?.Zfs.Datasets.Any(dataset => dataset.Name == mount.Device) != true)
            {
                yield return PreflightFinding.Warning(
                    mountPoint.TrimStart('/'),
                    $"the flake mounts {mountPoint} from {mount.Device}, which is not among the datasets: the start waits for it unless it is made until then; add it to the datasets, or set \"nofail\" among its options");
            }
        }

        if (mounts.TryGetValue("/boot", out var boot) && boot.Device is { Length: > 0 } ownBoot)
        {
            if (BootPartition.Compare(ownBoot, wanted.BootPartition ?? "", device) is { } problem)
            {
                yield return problem;
            }
        }
        else if (!mounts.ContainsKey("/boot") && mounts.Count > 0 && wanted.BootPartition?.Length > 0)
        {
            yield return PreflightFinding.Blocker(
                "boot",
                $"the flake mounts nothing at /boot: the next update would write kernel and boot files where nothing starts from; set fileSystems.\"/boot\" = {{ device = \"{wanted.BootPartition}\"; fsType = \"vfat\"; options = [ \"umask=0077\" ]; }};");
        }

        if (flake.FirmwarePath is { Length: > 0 } path && path != "/boot" && !mounts.ContainsKey(path))
        {
            yield return PreflightFinding.Blocker(
                "firmware",
                $"the flake writes the Pi's firmware to {path}, where no partition is mounted: the board would not find it; set boot.loader.raspberry-pi.firmwarePath = \"/boot\";");
        }
    }

    private static IEnumerable<PreflightFinding> Build(ConfigurationFacts flake)
    {
        if (flake.ZfsIsBroken == true)
        {
            yield return PreflightFinding.Blocker("zfs", $"the flake's ZFS does not know its kernel {flake.Kernel} (marked as broken); take an older kernel, such as boot.kernelPackages = pkgs.linuxPackages;");
        }

        foreach (var assertion in flake.FailedAssertions ?? [])
        {
            yield return PreflightFinding.Blocker("assertion", $"the configuration refuses itself: {string.Join(' ', assertion.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}");
        }
    }
}
