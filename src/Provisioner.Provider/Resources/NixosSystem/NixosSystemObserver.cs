using System.Collections.Immutable;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Resources.Zfs;
using Provisioner.Provider.Systems;

namespace Provisioner.Provider.Resources.NixosSystem;

/// <summary>Compares what a system should be with what an inspection found. Pure.</summary>
internal static class NixosSystemObserver
{
    /// <param name="desired">What is wanted.</param>
    /// <param name="wanted">The digest of what is wanted.</param>
    /// <param name="facts">The device.</param>
    /// <param name="now">Our clock.</param>
    public static NixosSystemState Observe(NixosSystemArgs desired, string wanted, DeviceFacts facts, DateTimeOffset now)
    {
        var installed = desired.TakesOver || facts.Boot.Incarnation == Incarnation.Installed;
        var found = installed ? facts.System.Running : facts.System.Target;
        var mounted = Missing(desired, facts, installed).ToList();
        return new NixosSystemState
        {
            Device = desired.Device,
            Installed = installed,
            Mounted = mounted.Count == 0,
            Installation = !desired.TakesOver && facts.Zfs.Pools.Any(pool => pool.Name == desired.Pool && pool.Guid == desired.PoolGuid)
                ? facts.Zfs.Datasets.FirstOrDefault(dataset => dataset.Name == desired.RootDataset)?.Local.GetValueOrDefault(FileSystemProperties.Installation)
                : null,
            Platform = $"{facts.Os.Architecture}-linux",
            Wanted = wanted,
            WantedOf = desired.WantedOf,
            MadeFrom = found?.MadeFrom,
            Made = found?.Made,
            Profile = found?.Profile,
            Generation = found?.Generation ?? 0,
            Generations = found?.Generations ?? 0,
            Running = installed ? facts.System.Current : null,
            Booted = installed ? facts.System.Booted : null,
            HostKeyFingerprint = found?.HostKey is { } line ? HostIdentity.HostKey.FingerprintOf(line) : null,
            HostId = found?.HostId,
            Drift = Drift(desired, facts, found, mounted, installed).ToImmutableSortedDictionary(drift => drift.About, drift => drift.Found, StringComparer.Ordinal),
            NeedsFirmware = facts.Board is { Source: "device-tree", Model: { } model } && model.StartsWith("Raspberry Pi", StringComparison.Ordinal),
            Findings = Preflight.Of(desired, facts, now),
        };
    }

    private static IEnumerable<(string About, string Found)> Drift(NixosSystemArgs desired, DeviceFacts facts, NixosFacts? found, List<string> missing, bool installed)
    {
        if (missing.Count > 0)
        {
            yield return ("mounts", $"not mounted: {string.Join(", ", missing)}");
        }

        if (facts.System.Unconfirmed is { } unconfirmed)
        {
            yield return ("unconfirmed", unconfirmed);
        }

        if (found?.Profile is null)
        {
            yield break;
        }

        if (!found.IsNixos)
        {
            yield return ("nixos", "/etc/NIXOS is missing");
        }

        // What we install is started by U-Boot; another machine may have another boot loader.
        if (!found.HasExtlinux && !desired.TakesOver)
        {
            yield return ("bootFiles", "extlinux.conf is missing");
        }

        if (desired.HostKey is { } key && HostIdentity.HostKey.Parse(key, "").Key is { } wanted
            && (found.HostKey is null ? null : HostIdentity.HostKey.FingerprintOf(found.HostKey)) is var fingerprint && fingerprint != wanted.Fingerprint)
        {
            yield return ("hostKey", fingerprint ?? "missing");
        }

        if (desired.HostId is { } id && found.HostId != id)
        {
            yield return ("hostId", found.HostId ?? "missing");
        }

        if (found.Made is not null && found.Made != found.Profile)
        {
            yield return ("profile", found.Profile);
        }

        if (installed && facts.System.Current != found.Profile)
        {
            yield return ("running", facts.System.Current ?? "nothing");
        }
    }

    /// <summary>Mount points whose file system is not mounted; on an installed system NixOS itself sees to them.</summary>
    private static IEnumerable<string> Missing(NixosSystemArgs desired, DeviceFacts facts, bool installed)
    {
        if (installed)
        {
            yield break;
        }

        foreach (var (mountPoint, dataset) in desired.Datasets)
        {
            var at = SystemScript.Target + mountPoint.TrimEnd('/');
            if (facts.System.Mounts.GetValueOrDefault(at) != $"{desired.Pool}/{dataset}")
            {
                yield return at;
            }
        }

        if (!facts.System.Mounts.ContainsKey(SystemScript.Target + "/boot"))
        {
            yield return SystemScript.Target + "/boot";
        }
    }
}
