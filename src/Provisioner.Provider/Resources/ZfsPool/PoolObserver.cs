using System.Collections.Immutable;
using System.Globalization;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Resources.Zfs;
using Provisioner.Provider.Resources.Zfs.Mounts;

namespace Provisioner.Provider.Resources.ZfsPool;

/// <summary>Finds the pool, imported or not, in an inspection. Pure.</summary>
internal static class PoolObserver
{
    public const string Exported = "EXPORTED";

    public const string Destroyed = "DESTROYED";

    public const string Missing = "MISSING";

    public const string Unknown = "UNKNOWN";

    /// <param name="desired">What is wanted, or was when the pool was last updated.</param>
    /// <param name="known">The state; null for a new resource.</param>
    /// <param name="facts">The inspection.</param>
    public static ZfsPoolState Observe(ZfsPoolArgs desired, ZfsPoolState? known, DeviceFacts facts)
    {
        ImmutableArray<ZfsPoolMember> members = [.. desired.Devices.Select(path => PoolMembers.Look(path, desired.Name, facts))];
        var guid = known?.Guid is { Length: > 0 } ours ? ours : null;
        var imported = facts.Zfs.Pools.FirstOrDefault(pool => guid is null ? IsOn(pool, members) : pool.Guid == guid);
        var namesake = facts.Zfs.Pools.FirstOrDefault(pool => pool.Name == desired.Name && pool.Guid != imported?.Guid);
        var state = new ZfsPoolState
        {
            Device = desired.Device,
            Name = desired.Name,
            Guid = imported?.Guid ?? guid ?? "",
            Health = facts.Zfs.Blind is null ? Missing : Unknown,
            UserProperties = known?.UserProperties ?? [],
            Situation = new ZfsPoolSituation
            {
                AltRoot = facts.Boot.Incarnation == Incarnation.Bootstrap ? "/mnt" : "",
                Members = members,
                Blind = facts.Zfs.Blind,
                Namesake = namesake?.Guid,
                NamesakeOn = namesake is null ? [] : [.. namesake.Vdevs.Select(vdev => vdev.Path).OfType<string>()],
                KnownVdevs = known?.Situation.KnownVdevs ?? [],
            },
        };
        state = imported is not null ? WithImported(state, imported, facts) : facts.Zfs.Blind is null ? WithLabels(state, guid, members, facts) : state;
        return state with { Drift = PoolDrift.Of(desired, state), Situation = state.Situation with { Mounting = Mounting(desired, state, imported, facts) } };
    }

    /// <summary>What the root file system's mountpoint mounts, with all that inherits it.</summary>
    private static ZfsMounting Mounting(ZfsPoolArgs desired, ZfsPoolState state, PoolFacts? imported, DeviceFacts facts)
    {
        var wanted = PoolProperties.WantedOfRoot(desired);
        if (imported is null)
        {
            var none = MountTree.OfNone(state.Situation.AltRoot);
            return state.Health == Missing ? none.To(none.With(desired.Name, null, wanted), null) : new ZfsMounting();
        }

        var before = MountTree.Of(imported, facts.Zfs.Datasets);
        return imported.Name != desired.Name || !before.Nodes.TryGetValue(desired.Name, out var root)
            || (root.Mountpoint == wanted.GetValueOrDefault("mountpoint") && root.CanMount == wanted.GetValueOrDefault("canmount", "on"))
                ? new ZfsMounting()
                : before.To(before.With(desired.Name, desired.Name, wanted), desired.Name);
    }

    private static ZfsPoolState WithImported(ZfsPoolState state, PoolFacts pool, DeviceFacts facts)
    {
        var root = facts.Zfs.Datasets.FirstOrDefault(dataset => dataset.Name == pool.Name);
        ImmutableArray<string> guids = [.. pool.Vdevs.Select(vdev => vdev.Guid).Where(guid => guid.Length > 0).Order(StringComparer.Ordinal)];
        return state with
        {
            Health = pool.Health,
            Size = pool.Bytes("size"),
            Allocated = pool.Bytes("allocated"),
            Free = pool.Bytes("free"),
            Errors = pool.Vdevs.Sum(vdev => vdev.Errors),
            Vdevs = [.. pool.Vdevs.Select(vdev => new ZfsPoolVdev
            {
                Guid = vdev.Guid,
                Kind = vdev.Role == "data" ? vdev.Kind : $"{vdev.Role} {vdev.Kind}",
                Path = vdev.Path,
                State = vdev.State,
                Errors = vdev.Errors,
            })],
            Properties = pool.Properties
                .Where(property => property.Value.Source == "local" && !PoolProperties.OfTheImport.Contains(property.Key))
                .ToImmutableSortedDictionary(property => property.Key, property => property.Value.Value, StringComparer.Ordinal),
            FileSystemProperties = root is null ? state.FileSystemProperties : DatasetMounts.WithoutAltRoot(root.Local, pool.AltRoot),
            Situation = state.Situation with
            {
                AltRoot = pool.AltRoot,
                HoldsRoot = facts.Boot.RootFileSystem == "zfs" && facts.Boot.RootSource.Split('/')[0] == pool.Name,
                FoundAs = pool.Name == state.Name ? null : pool.Name,
                ImportFrom = PoolMembers.StayingNames(pool, facts),
                KnownVdevs = state.Situation.KnownVdevs.IsDefaultOrEmpty ? guids : state.Situation.KnownVdevs,
                Trouble = pool.Trouble,
                Holds = ZfsContents.Words(facts.Zfs, pool.Name),
                Contents = ZfsContents.DigestOf(facts.Zfs, pool.Name),
                Checkpoint = pool.HasCheckpoint,
            },
        };
    }

    /// <summary>
    /// A pool that is not imported is told by the labels on its devices: by its GUID, or, with a lost state, by lying on all of
    /// the wanted devices under the wanted name.
    /// </summary>
    private static ZfsPoolState WithLabels(ZfsPoolState state, string? guid, ImmutableArray<ZfsPoolMember> members, DeviceFacts facts)
    {
        var labels = (guid is null ? Adoptable(state.Name, members, facts) : PoolMembers.LabelledWith(guid, facts))
            .OrderByDescending(label => Transaction(label.Content)).ToList();
        if (labels.Count == 0)
        {
            return state;
        }

        // The label with the newest transaction is the one that a device missing for a while does not have.
        var label = labels[0].Content.ZfsLabel;
        var isForeign = label.GetValueOrDefault("state") == "0" && uint.TryParse(label.GetValueOrDefault("hostid"), out var host) && host != 0 && facts.Zfs.HostId is { } here && host != here;
        return state with
        {
            Guid = labels[0].Content.FileSystemId ?? "",
            Health = labels[0].Content.IsOfDestroyedPool ? Destroyed : Exported,
            Situation = state.Situation with
            {
                FoundAs = labels[0].Content.Label is { } name && name != state.Name ? name : null,
                ImportFrom = [.. labels.Select(found => found.Path).Order(StringComparer.Ordinal)],
                LastUsedBy = isForeign ? $"{label.GetValueOrDefault("hostname", "another machine")} (host id {HostIdText(label["hostid"])})" : null,
                LeftAt = label.GetValueOrDefault("txg"),
            },
        };
    }

    private static IEnumerable<(string Path, ContentFacts Content)> Adoptable(string name, ImmutableArray<ZfsPoolMember> members, DeviceFacts facts)
    {
        var nodes = members.Select(member => member.Node).ToList();
        var contents = facts.Disks.SelectMany(disk => disk.Partitions).Where(partition => nodes.Contains(partition.Path)).ToList();
        return !members.IsEmpty && members.All(member => member is { Present: true, Forbidden: null, Torn: false })
            && contents.All(partition => partition.Content is { FileSystem: "zfs_member" } content && content.Label == name && content.ZfsLabel.ContainsKey("state"))
            && contents.Select(partition => partition.Content.FileSystemId).Distinct(StringComparer.Ordinal).Count() == 1
            && contents[0].Content.FileSystemId is { } guid
            && PoolMembers.LabelledWith(guid, facts).Count() == members.Length
                ? PoolMembers.LabelledWith(guid, facts)
                : [];
    }

    private static bool IsOn(PoolFacts pool, ImmutableArray<ZfsPoolMember> members)
    {
        var leaves = pool.Vdevs.Where(vdev => vdev is { Kind: "disk", Role: "data" }).Select(vdev => vdev.Path).ToHashSet(StringComparer.Ordinal);
        return members.Length > 0 && leaves.Count == members.Length && members.All(member => member.Node is { } node && leaves.Contains(node));
    }

    private static long Transaction(ContentFacts content) =>
        long.TryParse(content.ZfsLabel.GetValueOrDefault("txg"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private static string HostIdText(string number) => uint.TryParse(number, out var id) ? id.ToString("x8", CultureInfo.InvariantCulture) : number;
}
