using System.Collections.Immutable;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Resources.Zfs;

namespace Provisioner.Provider.Resources.ZfsPool;

/// <summary>What differs between a pool that is wanted and the one that is there. Pure.</summary>
internal static class PoolDrift
{
    private static readonly ImmutableSortedDictionary<string, string> None = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>The differences as outputs keep them.</summary>
    public static ImmutableSortedDictionary<string, string> Of(ZfsPoolArgs desired, ZfsPoolState state) =>
        Changes(desired, state).Where(change => change.Path != "name" || state.Guid.Length > 0)
            .ToImmutableSortedDictionary(change => change.Path, change => change.Old ?? "not set", StringComparer.Ordinal);

    public static IEnumerable<PropertyChange> Changes(ZfsPoolArgs desired, ZfsPoolState actual)
    {
        if (actual.Device != desired.Device)
        {
            yield return new PropertyChange("device", ChangeKind.Update, actual.Device, desired.Device);
        }

        if (Health(actual) is { } health)
        {
            yield return health;
        }

        if (actual.Situation.FoundAs is { } name || (actual.Name != desired.Name && (name = actual.Name) is not null))
        {
            yield return new PropertyChange("name", ChangeKind.Update, name, desired.Name) { Because = "the pool with this GUID goes under another name" };
        }

        if (!IsImported(actual))
        {
            yield break;
        }

        foreach (var change in Devices(desired, actual).Concat(Properties(desired, actual)))
        {
            yield return change;
        }

        foreach (var change in FileSystemProperties.Changes(
            "fileSystemProperties", PoolProperties.WantedOfRoot(desired), actual.FileSystemProperties, None, actual.Drift, actual.UserProperties))
        {
            yield return change;
        }
    }

    public static bool IsImported(ZfsPoolState state) => state.Health is not (PoolObserver.Missing or PoolObserver.Exported or PoolObserver.Destroyed or PoolObserver.Unknown);

    /// <summary>The settings of <c>zpool set</c> that make the pool as it is wanted.</summary>
    public static IEnumerable<string> Settings(ZfsPoolArgs desired, ZfsPoolState actual)
    {
        var wanted = PoolProperties.Wanted(desired);
        var differing = wanted.Where(pair => !(actual.Properties.TryGetValue(pair.Key, out var found) ? ZfsValues.Same(pair.Key, pair.Value, found) : PoolProperties.IsDefault(pair.Key, pair.Value)));
        return differing.Select(pair => $"{pair.Key}={pair.Value}")
            .Concat(Foreign(wanted, actual).Where(pair => PoolProperties.Defaults.ContainsKey(pair.Key)).Select(pair => $"{pair.Key}={PoolProperties.Defaults[pair.Key]}"));
    }

    private static PropertyChange? Health(ZfsPoolState actual)
    {
        PropertyChange Of(string found, string because) => new("health", ChangeKind.Update, found, "ONLINE") { Because = because };
        return actual.Health switch
        {
            "ONLINE" => null,
            PoolObserver.Unknown => Of("not known", actual.Situation.Blind ?? "ZFS does not answer"),
            PoolObserver.Missing when actual.Guid.Length == 0 => new PropertyChange("name", ChangeKind.Add, null, actual.Name),
            PoolObserver.Missing => Of("missing", $"no disk that is plugged in has a label of the pool with the GUID {actual.Guid}"),
            PoolObserver.Exported => Of("not imported", $"the pool lies on {string.Join(", ", actual.Situation.ImportFrom)} and is whole as far as its labels tell, but is not imported"),
            PoolObserver.Destroyed => Of("destroyed", "somebody has destroyed the pool; as long as nothing else is written there, it can be brought back with everything in it"),
            var other => Of(other, string.Join("; ", actual.Vdevs.Where(IsBroken).Select(vdev => $"{vdev.Path ?? vdev.Kind} ({vdev.Guid}) is {vdev.State}")) is { Length: > 0 } broken ? broken : actual.Situation.Trouble),
        };
    }

    public static bool IsBroken(ZfsPoolVdev vdev) => vdev.Kind is "disk" && vdev.State is not ("ONLINE" or "AVAIL" or "INUSE");

    /// <summary>Devices by GUID against what was there last, and against what the program names.</summary>
    private static IEnumerable<PropertyChange> Devices(ZfsPoolArgs desired, ZfsPoolState actual)
    {
        var now = actual.Vdevs.Select(vdev => vdev.Guid).Where(guid => guid.Length > 0).ToHashSet(StringComparer.Ordinal);
        var gone = actual.Situation.KnownVdevs.Where(guid => !now.Contains(guid)).ToList();
        var known = actual.Situation.KnownVdevs.ToHashSet(StringComparer.Ordinal);
        var added = actual.Vdevs.Where(vdev => vdev.Guid.Length > 0 && !known.Contains(vdev.Guid)).ToList();
        if (gone.Count + added.Count > 0)
        {
            var words = gone.Select(guid => $"{guid} is gone").Concat(added.Select(vdev => $"{vdev.Guid} ({vdev.Path ?? vdev.Kind}) was added"));
            yield return new PropertyChange("vdevs", ChangeKind.Update, string.Join(", ", words), "as it is now")
            {
                Because = "the parts of the pool were changed on the device; up takes them as they are, when they are the devices that the program names",
            };
        }

        var (unused, strange) = Mismatch(desired, actual);
        if (unused.Count + strange.Count > 0)
        {
            yield return new PropertyChange("devices", ChangeKind.Update, string.Join(", ", actual.Vdevs.Select(vdev => vdev.Path).OfType<string>()), string.Join(", ", desired.Devices))
            {
                Because = string.Join("; ", unused.Select(member => $"{member.Path} is wanted and not part of the pool").Concat(strange.Select(vdev => $"{vdev.Path} is part of the pool and not wanted"))),
            };
        }

        if (LayoutOf(actual) is { } layout && layout != desired.Layout)
        {
            yield return new PropertyChange("layout", ChangeKind.Update, Word(layout), Word(desired.Layout)) { Because = "how devices are put together is fixed when a pool is made" };
        }
    }

    /// <summary>Wanted devices that the pool does not have, and devices of the pool that nobody wants.</summary>
    public static (List<ZfsPoolMember> Unused, List<ZfsPoolVdev> Strange) Mismatch(ZfsPoolArgs desired, ZfsPoolState actual)
    {
        var members = actual.Situation.Members.Where(member => desired.Devices.Contains(member.Path)).ToList();
        var leaves = actual.Vdevs.Where(vdev => vdev.Kind == "disk").ToList();
        var unused = members.Where(member => member.Node is { } node && leaves.All(leaf => leaf.Path != node)).ToList();
        var strange = leaves.Where(leaf => leaf.State == "ONLINE" && members.All(member => member.Node != leaf.Path)).ToList();

        // A broken device that is back under another node is not one more.
        return (unused.Count <= leaves.Count(IsBroken) && leaves.Count == desired.Devices.Length ? [] : unused, strange);
    }

    private static IEnumerable<PropertyChange> Properties(ZfsPoolArgs desired, ZfsPoolState actual)
    {
        var wanted = PoolProperties.Wanted(desired);
        foreach (var (name, value) in wanted)
        {
            var at = PropertyPath.Append("properties", name);
            var found = actual.Properties.GetValueOrDefault(name);
            if (found is null ? !PoolProperties.IsDefault(name, value) : !ZfsValues.Same(name, value, found))
            {
                yield return new PropertyChange(at, ChangeKind.Update, found ?? $"{PoolProperties.Defaults.GetValueOrDefault(name, "not set")} (default)", value)
                {
                    IsDrift = name != "ashift" && actual.Drift.ContainsKey(at),
                    Because = name == "ashift" ? "it counts for devices that are added later; those that are there keep theirs" : actual.Drift.ContainsKey(at) ? "changed on the device" : null,
                };
            }
        }

        foreach (var (name, found) in Foreign(wanted, actual))
        {
            var at = PropertyPath.Append("properties", name);
            yield return new PropertyChange(at, ChangeKind.Delete, found)
            {
                IsDrift = actual.Drift.ContainsKey(at),
                Because = actual.Drift.ContainsKey(at) ? "set on the device, but not by the program; to keep it, write it into properties" : null,
            };
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Foreign(ImmutableSortedDictionary<string, string> wanted, ZfsPoolState actual) =>
        actual.Properties.Where(pair => !wanted.ContainsKey(pair.Key) && PoolProperties.Known.Contains(pair.Key) && !PoolProperties.IsDefault(pair.Key, pair.Value));

    private static ZfsLayout? LayoutOf(ZfsPoolState actual)
    {
        var groups = actual.Vdevs.Select(vdev => vdev.Kind).Where(kind => kind is "mirror" or "raidz1" or "raidz2" or "raidz3").Distinct(StringComparer.Ordinal).ToList();
        return groups switch
        {
            [] => ZfsLayout.Single,
            ["mirror"] => ZfsLayout.Mirror,
            ["raidz1"] => ZfsLayout.Raidz1,
            ["raidz2"] => ZfsLayout.Raidz2,
            ["raidz3"] => ZfsLayout.Raidz3,
            _ => null,
        };
    }

    public static string Word(ZfsLayout layout) => WireNames.Camel(layout.ToString());
}
