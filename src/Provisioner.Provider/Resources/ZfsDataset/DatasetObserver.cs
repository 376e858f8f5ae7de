using System.Collections.Immutable;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Resources.Zfs;
using Provisioner.Provider.Resources.Zfs.Mounts;
using Provisioner.Provider.Systems;

namespace Provisioner.Provider.Resources.ZfsDataset;

/// <summary>Finds the file system in an inspection: by its GUID, or, when none is known yet, by its name in the right pool. Pure.</summary>
internal static class DatasetObserver
{
    public static string FullName(ZfsDatasetArgs desired) => $"{desired.Pool}/{desired.Name}";

    public static ZfsDatasetState Observe(ZfsDatasetArgs desired, ZfsDatasetState? known, DeviceFacts facts)
    {
        var name = FullName(desired);
        var pool = facts.Zfs.Pools.FirstOrDefault(candidate => candidate.Guid == desired.PoolGuid);
        var state = new ZfsDatasetState
        {
            Device = desired.Device,
            Name = name,
            PoolGuid = desired.PoolGuid,
            Guid = known?.Guid ?? "",
            Key = known?.Key,
            Installation = known?.Installation,
            UserProperties = known?.UserProperties ?? [],
            Situation = new ZfsDatasetSituation
            {
                Blocked = Blocked(desired, pool, facts),
                PoolImported = pool is not null,
                Checkpoint = pool?.HasCheckpoint ?? false,
                AltRoot = pool?.AltRoot ?? "",
                PoolDevices = pool is null ? [] : ZfsPool.PoolMembers.StayingNames(pool, facts),
            },
        };
        if (pool is null || state.Situation.Blocked is not null)
        {
            return WithDrift(desired, state with { Situation = state.Situation with { Missing = true } });
        }

        var inPool = facts.Zfs.Datasets.Where(dataset => dataset.Pool == pool.Name).ToList();
        var named = inPool.FirstOrDefault(dataset => dataset.Name == name);
        var found = state.Guid.Length > 0 ? inPool.FirstOrDefault(dataset => dataset.Guid == state.Guid) : named;
        state = state with
        {
            Situation = state.Situation with { Missing = found is null, Namesake = named is not null && named.Guid != found?.Guid ? named.Guid : null },
        };
        state = found is null ? state : With(state, desired, found, pool, facts);
        return WithDrift(desired, state with { Situation = state.Situation with { Mounting = Mounting(desired, state, pool, facts) } });
    }

    /// <summary>What the change mounts, and moves, by creation, change, inheritance, renaming or canmount.</summary>
    private static ZfsMounting Mounting(ZfsDatasetArgs desired, ZfsDatasetState state, PoolFacts pool, DeviceFacts facts)
    {
        var before = MountTree.Of(pool, facts.Zfs.Datasets);
        var name = FullName(desired);
        if (state.Situation.Namesake is not null)
        {
            return new ZfsMounting();
        }

        if (state.Situation.Missing)
        {
            return before.To(before.With(name, null, desired.Properties), null);
        }

        var found = state.Situation.FoundAs ?? state.Name;
        if (!DatasetDrift.Fixed(desired, state).Any())
        {
            var now = before.Nodes[found];
            var isSame = now.Mountpoint == desired.Properties.GetValueOrDefault("mountpoint") && now.CanMount == desired.Properties.GetValueOrDefault("canmount", "on");
            var renamed = before.Renamed(found, name);
            return before.To(isSame ? renamed : renamed.With(name, found, desired.Properties), isSame ? null : name);
        }

        // What is set aside goes away from where it is, and is not mounted in the place of the new one.
        var aside = ZfsDatasetPlanner.Aside(found, state.Guid);
        var after = found == name ? before.Renamed(found, aside) : before;
        if (found == name && before.Nodes.TryGetValue(found, out var old) && old.Mountpoint?.StartsWith('/') is true)
        {
            after = after with { Nodes = after.Nodes.SetItem(aside, after.Nodes[aside] with { Mountpoint = "none" }) };
        }

        var mounting = before.To(after.With(name, null, desired.Properties), null);
        return mounting with { Mounts = mounting.Mounts.RemoveRange(mounting.Mounts.Keys.Where(key => key == aside || key.StartsWith(aside + "/", StringComparison.Ordinal))) };
    }

    private static ZfsDatasetState With(ZfsDatasetState state, ZfsDatasetArgs desired, DatasetFacts found, PoolFacts pool, DeviceFacts facts)
    {
        var mounts = facts.Mounts.Where(mount => mount.FileSystem == "zfs")
            .Join(facts.Zfs.Datasets.Where(dataset => dataset.IsIn(found.Name)), mount => mount.Source, dataset => dataset.Name, (mount, dataset) => (mount.Target, dataset.Mountpoint))
            .ToLookup(mount => SystemScript.IsBelowTarget(mount.Target));
        var local = DatasetMounts.WithoutAltRoot(found.Local, pool.AltRoot);
        return state with
        {
            Guid = found.Guid,
            Mountpoint = found.Mountpoint is null ? null : DatasetMounts.Strip(found.Mountpoint, pool.AltRoot),
            Used = found.Used,
            Referenced = found.Referenced,
            Available = found.Available,
            Encryption = found.Encryption,
            KeyStatus = found.KeyStatus,
            Installation = local.GetValueOrDefault(FileSystemProperties.Installation),
            Properties = local.Remove(FileSystemProperties.Installation),
            Situation = state.Situation with
            {
                FoundAs = found.Name == state.Name ? null : found.Name,
                IsVolume = found.IsVolume,
                Fixed = found.Fixed,
                EncryptionRoot = found.EncryptionRoot,
                Inherited = desired.Properties.Keys.Where(property => !local.ContainsKey(property))
                    .ToImmutableSortedDictionary(property => property, property => Inherited(property, found, facts), StringComparer.Ordinal),
                Holds = ZfsContents.Words(facts.Zfs, found.Name),
                Contents = ZfsContents.DigestOf(facts.Zfs, found.Name),
                InUse = [.. mounts[false].Where(mount => mount.Target == "/" || mount.Mountpoint == "legacy").Select(mount => mount.Target)],
                IsTarget = mounts[true].Any(),
            },
        };
    }

    /// <summary>What a property is that is not set: from the nearest file system above that sets it.</summary>
    private static string Inherited(string property, DatasetFacts dataset, DeviceFacts facts)
    {
        for (var name = dataset.Name; name.LastIndexOf('/') is var slash and > 0;)
        {
            name = name[..slash];
            if (facts.Zfs.Datasets.FirstOrDefault(above => above.Name == name)?.Local.TryGetValue(property, out var value) is true)
            {
                return $"{value} (inherited from {name})";
            }
        }

        return "its default";
    }

    private static string? Blocked(ZfsDatasetArgs desired, PoolFacts? pool, DeviceFacts facts)
    {
        if (facts.Zfs.Blind is { } blind)
        {
            return blind;
        }

        if (pool is not null)
        {
            return pool.Name == desired.Pool ? null : $"the pool with the GUID {desired.PoolGuid} goes under the name {pool.Name} now, not {desired.Pool}";
        }

        return facts.Zfs.Pools.FirstOrDefault(other => other.Name == desired.Pool) is { } namesake
            ? $"the pool {desired.Pool} that is imported is another one: its GUID is {namesake.Guid}, and {desired.PoolGuid} is meant. It is left alone"
            : null;
    }

    private static ZfsDatasetState WithDrift(ZfsDatasetArgs desired, ZfsDatasetState state) => state with
    {
        Drift = DatasetDrift.Changes(desired, state).Where(change => change.Path != "name" || change.Kind != ChangeKind.Add)
            .ToImmutableSortedDictionary(change => change.Path, change => change.Old ?? "not set", StringComparer.Ordinal),
    };
}
