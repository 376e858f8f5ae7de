using System.Collections.Immutable;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.ZfsSnapshot;

/// <summary>Finds the snapshots in an inspection, by name in the right pool, and tells by GUID whether they are those that were made. Pure.</summary>
internal static class SnapshotObserver
{
    public static string DatasetOf(ZfsSnapshotArgs desired) => string.IsNullOrEmpty(desired.Dataset) ? desired.Pool : $"{desired.Pool}/{desired.Dataset}";

    public static string FullName(ZfsSnapshotArgs desired) => $"{DatasetOf(desired)}@{desired.Name}";

    public static ZfsSnapshotState Observe(ZfsSnapshotArgs desired, ZfsSnapshotState? known, DeviceFacts facts)
    {
        var name = FullName(desired);
        var dataset = DatasetOf(desired);
        var now = facts.Zfs.Snapshots
            .Where(snapshot => snapshot.Name == name || (desired.Recursive && snapshot.Name.EndsWith($"@{desired.Name}", StringComparison.Ordinal) && snapshot.Dataset.StartsWith(dataset + "/", StringComparison.Ordinal)))
            .ToImmutableSortedDictionary(snapshot => snapshot.Name, snapshot => snapshot.Guid, StringComparer.Ordinal);
        var blocked = Blocked(desired, dataset, facts);
        var state = new ZfsSnapshotState
        {
            Device = desired.Device,
            Name = name,
            PoolGuid = desired.PoolGuid,
            Guid = known?.Guid is { Length: > 0 } guid ? guid : now.GetValueOrDefault(name, ""),
            Recursive = desired.Recursive,
            Members = known is { Members.IsEmpty: false } ? known.Members : now,
            Blocked = blocked,
        };
        return state with { Drift = blocked is null ? Drift(state, now) : ImmutableSortedDictionary<string, string>.Empty.Add("pool", blocked) };
    }

    private static ImmutableSortedDictionary<string, string> Drift(ZfsSnapshotState state, ImmutableSortedDictionary<string, string> now)
    {
        var drift = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, guid) in state.Members)
        {
            if (!now.TryGetValue(name, out var found))
            {
                drift[PropertyPath.Append("members", name)] = "missing";
            }
            else if (found != guid)
            {
                drift[PropertyPath.Append("members", name)] = $"another one (GUID {found})";
            }
        }

        return drift.ToImmutable();
    }

    private static string? Blocked(ZfsSnapshotArgs desired, string dataset, DeviceFacts facts)
    {
        if (facts.Zfs.Blind is { } blind)
        {
            return blind;
        }

        if (!facts.Zfs.AllSnapshots)
        {
            return $"the device has more than {ZfsScript.SnapshotLimit} snapshots, and no more are listed";
        }

        return facts.Zfs.Pools.FirstOrDefault(pool => pool.Name == desired.Pool) switch
        {
            null => $"the pool {desired.Pool} is not imported",
            { } other when other.Guid != desired.PoolGuid => $"the pool {desired.Pool} that is imported is another one: its GUID is {other.Guid}, and {desired.PoolGuid} is meant. It is left alone",
            _ => facts.Zfs.Datasets.Any(known => known.Name == dataset) ? null : $"there is no {dataset}",
        };
    }
}
