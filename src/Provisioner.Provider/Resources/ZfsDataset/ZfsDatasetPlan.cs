using System.Collections.Immutable;
using Provisioner.Provider.Consent;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.Zfs;
using Provisioner.Provider.Resources.Zfs.Mounts;
using Provisioner.Provider.Systems;

namespace Provisioner.Provider.Resources.ZfsDataset;

/// <summary>What to do about a file system.</summary>
internal sealed record ZfsDatasetPlan : ResourcePlan;

/// <summary>Makes the plan from inputs and state. Pure.</summary>
internal static class ZfsDatasetPlanner
{
    public static ZfsDatasetPlan Plan(ZfsDatasetArgs desired, ZfsDatasetState? actual)
    {
        var name = DatasetObserver.FullName(desired);
        if (actual is null)
        {
            return new ZfsDatasetPlan { Changes = [new PropertyChange("name", ChangeKind.Add, null, name)], Steps = [DatasetScripts.Create(desired)] };
        }

        var plan = new ZfsDatasetPlan { Changes = [.. DatasetDrift.Changes(desired, actual)] };
        var situation = actual.Situation;
        if (plan.Changes.Any(change => change.Path == "poolGuid"))
        {
            return plan;
        }

        if (situation.Blocked is { } why)
        {
            return plan with { Refusals = [new Refusal($"do anything about {name}") { Why = why, Next = $"put the other pool away on the device (zpool export {desired.Pool}), or give this one another name; then run up again" }] };
        }

        if (!situation.PoolImported)
        {
            return plan with { Steps = actual.Guid.Length == 0 ? [DatasetScripts.CreateUnseen(desired)] : [DatasetScripts.CheckPool(desired), .. Note(desired, actual)] };
        }

        if (situation.Namesake is { } other)
        {
            return plan with
            {
                Refusals =
                [
                    new Refusal($"take {name} for the file system that was there")
                    {
                        Why = $"{name} has the GUID {other}, and {actual.Guid} was there before{(situation.FoundAs is { } place ? $", which lies at {place} now" : ", which is gone")}",
                        Next = $"rename the one that is there now (zfs rename {name} {name}-2) and run up again{(situation.FoundAs is null ? "" : ", which renames the old one back")}; or, to go on with the one that is there now, forget the old one: ./provision state delete, then up",
                    },
                ],
            };
        }

        if (situation.Missing)
        {
            return Mounted(desired, actual, plan with { Steps = Make(desired, actual), Warnings = [.. Lost(desired, actual)] });
        }

        return Mounted(desired, actual, DatasetDrift.Fixed(desired, actual).Any() ? Replace(desired, actual, plan) : plan with { Steps = Mend(desired, actual) });
    }

    /// <summary>With what speaks against mounting it where it would be mounted.</summary>
    private static ZfsDatasetPlan Mounted(ZfsDatasetArgs desired, ZfsDatasetState actual, ZfsDatasetPlan plan) => plan.Steps.IsEmpty ? plan : plan with
    {
        Refusals = [.. plan.Refusals, .. MountGuard.Refusals(DatasetObserver.FullName(desired), actual.Guid.Length > 0 ? actual.Guid : actual.PoolGuid, actual.Situation.Mounting, desired.Consent)],
    };

    /// <summary>Makes it; what would be mounted is held until we have come back.</summary>
    private static ImmutableArray<Step> Make(ZfsDatasetArgs desired, ZfsDatasetState actual)
    {
        var mounting = actual.Situation.Mounting;
        var name = DatasetObserver.FullName(desired);
        if (mounting.Mounts.IsEmpty || !mounting.IsInRunningSystem)
        {
            return MountGuard.Around(name, mounting, [DatasetScripts.Create(desired)], Shell.Empty, Shell.Empty);
        }

        ImmutableArray<string> above = [.. mounting.Made.Where(made => made != name)];
        return MountGuard.Around(
            name,
            mounting,
            [DatasetScripts.CreateHeld(desired, above, [.. mounting.Made.Where(mounting.Mounts.ContainsKey)])],
            Shell.Empty,
            Shell.Lines([.. above.Select(made => Shell.Of($"zfs set canmount=on {made}")), Shell.Of($"zfs set {MountGuard.CanMount(desired.Properties)} {name}")]));
    }

    /// <summary>Repairs it; a change of where it is mounted can be undone by the device.</summary>
    private static ImmutableArray<Step> Mend(ZfsDatasetArgs desired, ZfsDatasetState actual)
    {
        var mounting = actual.Situation.Mounting;
        var name = DatasetObserver.FullName(desired);
        ImmutableArray<Step> steps = [.. Repairs(desired, actual)];
        if (mounting.Mounts.IsEmpty || !mounting.IsInRunningSystem)
        {
            return MountGuard.Around(name, mounting, steps, Shell.Empty, Shell.Empty);
        }

        var found = actual.Situation.FoundAs ?? actual.Name;
        var isHeld = mounting.Mounts.ContainsKey(name);
        var undo = Shell.Lines(
            [
                MountGuard.Restore(name, actual.Properties),
                found == name ? Shell.Empty : Shell.Of($"zfs rename {name} {found}"),
                .. mounting.Leaves.Keys.Select(left => Shell.Of($"zfs mount {left}")),
            ]);
        return MountGuard.Around(
            name,
            mounting,
            isHeld ? [MountGuard.Hold(ZfsShell.DatasetIs(found, actual.Guid), found), .. steps, MountGuard.Mount(ZfsShell.DatasetIs(name, actual.Guid), name)] : steps,
            undo,
            isHeld ? Shell.Of($"zfs set {MountGuard.CanMount(desired.Properties)} {name}") : Shell.Empty);
    }

    /// <summary>The name under which a file system is kept that another one takes the place of.</summary>
    public static string Aside(string name, string guid) => $"{name}.was-{guid}";

    private static IEnumerable<Step> Repairs(ZfsDatasetArgs desired, ZfsDatasetState actual)
    {
        var name = DatasetObserver.FullName(desired);
        if ((actual.Situation.FoundAs ?? actual.Name) is var found && found != name)
        {
            yield return DatasetScripts.Rename(found, actual.Guid, name);
        }

        if (desired.Key is { } key && actual.Situation.EncryptionRoot == found)
        {
            if (actual.KeyStatus == "unavailable")
            {
                yield return DatasetScripts.LoadKey(name, actual.Guid, actual.Key ?? key);
            }
            else if (actual.Key is null)
            {
                yield return DatasetScripts.TryKey(name, actual.Guid, key);
            }

            if (actual.Key is not null && actual.Key != key)
            {
                yield return DatasetScripts.ChangeKey(name, actual.Guid, desired);
            }
        }

        foreach (var step in Note(desired, actual))
        {
            yield return step;
        }

        var (set, inherit) = FileSystemProperties.Repairs(desired.Properties, actual.Properties, actual.UserProperties);
        if (actual.Situation.Mounting is { IsInRunningSystem: true } mounting && mounting.Mounts.ContainsKey(name))
        {
            // It is held, and set when we have come back.
            set = set.RemoveAll(setting => setting.StartsWith("canmount=", StringComparison.Ordinal));
        }

        foreach (var step in DatasetScripts.Repair(name, actual.Guid, set, inherit))
        {
            yield return step;
        }
    }

    /// <summary>One that is kept goes over to another installation as it is.</summary>
    private static IEnumerable<Step> Note(ZfsDatasetArgs desired, ZfsDatasetState actual) =>
        DatasetDrift.Installation(desired, actual).Any(change => !change.Replaces)
            ? DatasetScripts.Repair(DatasetObserver.FullName(desired), actual.Guid, [$"{FileSystemProperties.Installation}={desired.Installation}"], [])
            : [];

    private static ZfsDatasetPlan Replace(ZfsDatasetArgs desired, ZfsDatasetState actual, ZfsDatasetPlan plan)
    {
        var found = actual.Situation.FoundAs ?? actual.Name;
        var name = DatasetObserver.FullName(desired);
        if (!actual.Situation.InUse.IsEmpty)
        {
            return plan with { Refusals = [new Refusal($"put another file system in the place of {found}") { Why = $"the running system has it at {string.Join(", ", actual.Situation.InUse)}", Next = "boot from the bootstrap card first" }] };
        }

        // What was made for an installation is set aside for the next one, as the program says; a loss of anything else a person has to agree to.
        var needsConsent = actual.Installation is null || DatasetDrift.Fixed(desired, actual).Any(change => change.Path != "installation");
        var what = $"put a new, empty file system in the place of {found}";
        return plan with
        {
            Steps =
            [
                .. actual.Situation.IsTarget ? [TargetSteps.Unmount] : Array.Empty<Step>(),
                .. found == name ? [DatasetScripts.SetAside(found, actual.Guid, Aside(found, actual.Guid), actual.Properties.GetValueOrDefault("mountpoint"))] : Array.Empty<Step>(),
                .. Make(desired, actual),
            ],
            Refusals = needsConsent && ConsentCheck.Of(Subject(actual, "replace"), desired.Consent, what) is { } refusal
                ? [refusal with { Why = $"{string.Join("; ", DatasetDrift.Fixed(desired, actual).Select(change => $"{change.Path} is {change.Old}, and only a new one can have {change.New}"))}\n{refusal.Why}\nnothing is destroyed: the old one is renamed to {Aside(found, actual.Guid)}" }]
                : [],
        };
    }

    /// <summary>What a consent about a file system is bound to.</summary>
    internal static ConsentSubject Subject(ZfsDatasetState actual, string kind) => new(
        kind,
        actual.Situation.FoundAs ?? actual.Name,
        [
            ConsentFact.Identity("guid", actual.Guid),
            ConsentFact.Identity("pool", actual.PoolGuid),
            new ConsentFact("contents", actual.Situation.Contents ?? "not known"),
        ],
        actual.Situation.Holds);

    private static IEnumerable<string> Lost(ZfsDatasetArgs desired, ZfsDatasetState actual)
    {
        if (actual.Guid.Length > 0)
        {
            yield return $"{actual.Name} was destroyed on the device, with all that was in it; up makes a new, empty one. "
                + (actual.Situation.Checkpoint
                    ? $"The pool has a checkpoint: {DatasetScripts.WayBack(desired.Pool, desired.PoolGuid, actual.Situation.PoolDevices)}"
                    : "Nothing on the device brings it back; if there is a copy (zfs send), receive it before you run up");
        }
    }
}
