using System.Collections.Immutable;
using Provisioner.Provider.Consent;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.Zfs;

namespace Provisioner.Provider.Resources.ZfsSnapshot;

/// <summary>What to do about a snapshot.</summary>
internal sealed record ZfsSnapshotPlan : ResourcePlan;

/// <summary>Makes the plan from inputs and state. Pure.</summary>
internal static class ZfsSnapshotPlanner
{
    public static ZfsSnapshotPlan Plan(ZfsSnapshotArgs desired, ZfsSnapshotState? actual)
    {
        var name = SnapshotObserver.FullName(desired);
        if (actual is null || (actual.Members.IsEmpty && actual.Blocked is null))
        {
            return new ZfsSnapshotPlan { Changes = [new PropertyChange("name", ChangeKind.Add, null, name)], Steps = [Take(desired)] };
        }

        ImmutableArray<PropertyChange> changes = [.. Changes(desired, actual)];
        var plan = new ZfsSnapshotPlan { Changes = changes };
        if (changes.Any(change => change.Replaces))
        {
            return plan;
        }

        if (actual.Blocked is { } why)
        {
            // The pool, or the file system, may be made or imported by the same up: the step itself looks again.
            return plan with { Steps = [actual.Members.IsEmpty ? Take(desired) : Check(desired)], Warnings = [$"{name}: {why}"] };
        }

        return Lost(desired, actual, plan);
    }

    public static ZfsSnapshotPlan PlanDelete(ZfsSnapshotArgs desired, ZfsSnapshotState actual)
    {
        var there = actual.Members.Where(member => !actual.Drift.ContainsKey(PropertyPath.Append("members", member.Key))).ToList();
        if (desired.OnDelete == ZfsSnapshotDeletion.Keep || actual.Blocked is not null || there.Count == 0)
        {
            return there.Count == 0 ? new ZfsSnapshotPlan()
                : desired.OnDelete == ZfsSnapshotDeletion.Destroy
                    ? new ZfsSnapshotPlan { Refusals = [new Refusal($"destroy {actual.Name}") { Why = actual.Blocked, Next = "set onDelete to \"keep\" to let go of it without a loss" }] }
                    : new ZfsSnapshotPlan { Warnings = [$"{actual.Name} stays on the device, as onDelete says"] };
        }

        var subject = new ConsentSubject(
            "snapshot",
            actual.Name,
            [.. there.Select(member => ConsentFact.Identity(member.Key, member.Value))],
            [.. there.Select(member => member.Key)]);
        return new ZfsSnapshotPlan
        {
            Changes = [new PropertyChange("name", ChangeKind.Delete, actual.Name)],
            Steps =
            [
                new Step($"zfs destroy {string.Join(", ", there.Select(member => member.Key))} (nothing brings a snapshot back; the files that are there now stay)", Timed(Shell.Lines(
                    ZfsShell.PoolIs(desired.Pool, desired.PoolGuid),
                    Shell.Lines(there.Select(member => ZfsShell.DatasetIs(member.Key, member.Value))),
                    Shell.Lines(there.Select(member => Shell.Of($"zfs destroy {member.Key}"))))))
                {
                    WhenItFails = "ZFS keeps a snapshot that is held (zfs holds) or has clones",
                },
            ],
            Refusals = ConsentCheck.Of(subject, desired.Consent, $"destroy {actual.Name}") is { } refusal ? [refusal] : [],
        };
    }

    private static ZfsSnapshotPlan Lost(ZfsSnapshotArgs desired, ZfsSnapshotState actual, ZfsSnapshotPlan plan)
    {
        var drifted = actual.Drift.Where(drift => drift.Key.StartsWith("members", StringComparison.Ordinal)).ToList();
        if (drifted.Count == 0)
        {
            return plan;
        }

        // Only when nothing has the name any more can a new one take it without hiding that the old one is gone.
        return drifted.Count == actual.Members.Count && drifted.All(drift => drift.Value == "missing")
            ? plan with
            {
                Steps = [Take(desired)],
                Warnings = [$"{actual.Name} was destroyed on the device, and nothing brings it back; up takes a new snapshot of what is there now"],
            }
            : plan with
            {
                Refusals =
                [
                    new Refusal($"go on with {actual.Name} as if it were whole")
                    {
                        Why = string.Join('\n', drifted.Select(drift => $"{drift.Key}: {drift.Value}")),
                        Next = "take a snapshot under a new name (the input name), or, to take a new one under this name, destroy what is left of it: zfs destroy -r " + actual.Name,
                    },
                ],
            };
    }

    private static IEnumerable<PropertyChange> Changes(ZfsSnapshotArgs desired, ZfsSnapshotState actual)
    {
        var name = SnapshotObserver.FullName(desired);
        if (actual.Device != desired.Device)
        {
            yield return new PropertyChange("device", ChangeKind.Update, actual.Device, desired.Device);
        }

        if (actual.Name != name || actual.PoolGuid != desired.PoolGuid)
        {
            yield return new PropertyChange("name", ChangeKind.Update, actual.Name, name) { Replaces = true };
        }

        if (actual.Recursive != desired.Recursive)
        {
            yield return new PropertyChange("recursive", ChangeKind.Update, actual.Recursive ? "true" : "false", desired.Recursive ? "true" : "false") { Replaces = true };
        }

        foreach (var (path, found) in actual.Drift)
        {
            yield return new PropertyChange(path, ChangeKind.Update, found, "as it was taken") { Because = path == "pool" ? null : "a snapshot that is gone cannot be made again as it was" };
        }
    }

    private static Step Take(ZfsSnapshotArgs desired)
    {
        var name = SnapshotObserver.FullName(desired);
        ImmutableArray<string> words = ["zfs", "snapshot", .. desired.Recursive ? ["-r"] : Array.Empty<string>(), name];
        return new Step(string.Join(' ', words), Timed(Shell.Lines(ZfsShell.PoolIs(desired.Pool, desired.PoolGuid), Shell.Of($"{words}"))));
    }

    private static Step Check(ZfsSnapshotArgs desired) => new(
        $"check that the pool {desired.Pool} with the GUID {desired.PoolGuid} is imported and has {SnapshotObserver.DatasetOf(desired)}",
        Script.Looking(Shell.Lines(ZfsShell.PoolIs(desired.Pool, desired.PoolGuid), Shell.Of($"zfs list -H -o name {SnapshotObserver.DatasetOf(desired)}"))));

    private static Script Timed(Shell text) => Script.Of(text) with { Deadline = ZfsShell.Deadline };
}
