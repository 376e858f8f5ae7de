using System.Collections.Immutable;
using System.Globalization;
using Provisioner.Provider.Consent;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.Zfs;
using Provisioner.Provider.Resources.Zfs.Mounts;

namespace Provisioner.Provider.Resources.ZfsPool;

/// <summary>What to do about a pool.</summary>
internal sealed record ZfsPoolPlan : ResourcePlan;

/// <summary>Makes the plan from inputs and state. Pure.</summary>
internal static class ZfsPoolPlanner
{
    public static ZfsPoolPlan Plan(ZfsPoolArgs desired, ZfsPoolState? actual)
    {
        if (actual is null)
        {
            return new ZfsPoolPlan
            {
                Changes = [new PropertyChange("name", ChangeKind.Add, null, desired.Name)],
                Steps = [PoolScripts.Create(desired, new ZfsPoolSituation())],
                Warnings = ["the device has not been seen yet; what its disks hold is looked at when it answers, and nothing is overwritten without consent"],
            };
        }

        ImmutableArray<PropertyChange> changes = [.. PoolDrift.Changes(desired, actual)];
        var plan = new ZfsPoolPlan { Changes = changes };
        return actual.Health switch
        {
            PoolObserver.Unknown => plan with { Refusals = [Blind(desired, actual)] },
            PoolObserver.Missing when actual.Guid.Length > 0 => Gone(desired, actual, plan),
            PoolObserver.Missing => Create(desired, actual, plan),
            PoolObserver.Exported or PoolObserver.Destroyed => Import(desired, actual, plan),
            _ => Keep(desired, actual, plan),
        };
    }

    private static ZfsPoolPlan Create(ZfsPoolArgs desired, ZfsPoolState actual, ZfsPoolPlan plan)
    {
        var refusals = ImmutableArray.CreateBuilder<Refusal>();
        if (Namesake(desired, actual, "make the pool") is { } other)
        {
            refusals.Add(other);
        }

        foreach (var member in actual.Situation.Members)
        {
            if (member.Forbidden is { } why)
            {
                refusals.Add(new Refusal($"make the pool {desired.Name} on {member.Path}")
                {
                    Why = why,
                    Facts = member.Holds is null ? [] : [$"{member.Node}: {member.Holds}"],
                    Next = "name another device, or free this one by hand when you are sure",
                });
            }
            else if (member is { Holds: not null, Torn: false } && ConsentCheck.Of(Overwriting(member), desired.Consent, $"make the pool {desired.Name} on {member.Path}, which is not blank") is { } refusal)
            {
                refusals.Add(refusal);
            }
        }

        return plan with
        {
            Steps = MountGuard.Around(desired.Name, actual.Situation.Mounting, [PoolScripts.Create(desired, actual.Situation)], Shell.Empty, KeepMounted(desired)),
            Refusals = [.. refusals, .. Covered(desired, actual)],
            Warnings = [.. actual.Situation.Members.Where(member => member.Torn).Select(member => $"{member.Path} has the labels of a pool whose creation was cut off before anything could be in it; it is made anew")],
        };
    }

    /// <summary>A pool that was there and of which nothing is there: never made anew in silence.</summary>
    private static ZfsPoolPlan Gone(ZfsPoolArgs desired, ZfsPoolState actual, ZfsPoolPlan plan)
    {
        var absent = actual.Situation.Members.Where(member => !member.Present).Select(member => member.Path).ToList();
        if (absent.Count > 0)
        {
            return plan with
            {
                Refusals =
                [
                    new Refusal($"go on without the pool {desired.Name} (GUID {actual.Guid})")
                    {
                        Why = $"{string.Join(", ", absent)} {(absent.Count == 1 ? "is" : "are")} not there",
                        Next = "plug the disk in and run up again; if the disk is lost, take the pool out of the program, run up, and write it anew with the new disk",
                    },
                ],
            };
        }

        var subject = new ConsentSubject(
            "pool",
            actual.Guid,
            [
                ConsentFact.Identity("guid", actual.Guid),
                .. actual.Situation.Members.Select(member => new ConsentFact(member.Path, member.Holds ?? "nothing")),
            ],
            [$"the pool {desired.Name} with the GUID {actual.Guid}, of which nothing is left on its devices", .. actual.Situation.Members.Select(member => $"{member.Path}: {member.Holds ?? "blank"}")]);
        var create = Create(desired, actual, plan);
        return ConsentCheck.Of(subject, desired.Consent, $"begin anew with an empty pool {desired.Name}") is { } refusal
            ? create with { Refusals = [refusal, .. create.Refusals] }
            : create;
    }

    private static ZfsPoolPlan Import(ZfsPoolArgs desired, ZfsPoolState actual, ZfsPoolPlan plan)
    {
        var refusals = ImmutableArray.CreateBuilder<Refusal>();
        if (Namesake(desired, actual, $"import the pool {actual.Guid}") is { } other)
        {
            refusals.Add(other);
        }

        if (actual.Situation.FoundAs is { } name)
        {
            refusals.Add(Renamed(desired, actual, name));
        }

        if (actual.Situation.LastUsedBy is { } host)
        {
            var subject = new ConsentSubject(
                "import",
                actual.Guid,
                [ConsentFact.Identity("guid", actual.Guid), new ConsentFact("last used by", host), new ConsentFact("transaction", actual.Situation.LeftAt ?? "not known")],
                [$"nothing, if {host} does not use the pool any more; everything, if it still does"]);
            if (ConsentCheck.Of(subject, desired.Consent, $"import the pool {desired.Name} (GUID {actual.Guid}) by force") is { } refusal)
            {
                refusals.Add(refusal with { Next = $"export it there (zpool export {desired.Name}), or {refusal.Next}" });
            }
        }

        return plan with { Steps = [PoolScripts.Import(desired, actual)], Refusals = refusals.ToImmutable() };
    }

    private static ZfsPoolPlan Keep(ZfsPoolArgs desired, ZfsPoolState actual, ZfsPoolPlan plan)
    {
        var refusals = ImmutableArray.CreateBuilder<Refusal>();
        if (actual.Situation.FoundAs is { } name)
        {
            refusals.Add(Renamed(desired, actual, name));
        }

        if (PoolDrift.Mismatch(desired, actual) is var (unused, strange) && unused.Count + strange.Count > 0)
        {
            refusals.Add(new Refusal($"change the devices of the pool {desired.Name}")
            {
                Why = string.Join('\n', unused.Select(member => $"{member.Path} is wanted and not part of the pool").Concat(strange.Select(vdev => $"{vdev.Path} ({vdev.Guid}) is part of the pool and not wanted"))),
                Next = $"do it on the device (zpool replace, attach or detach {desired.Name} …) and write into devices what the pool has then, or take the change back",
            });
        }

        if (plan.Changes.Any(change => change.Path == "layout"))
        {
            refusals.Add(new Refusal($"change how the pool {desired.Name} is put together")
            {
                Why = "a pool keeps the layout that it was made with",
                Next = $"set layout back; for another layout make a second pool and move the data with zfs send. One device becomes a mirror by zpool attach {desired.Name} OLD NEW on the device",
            });
        }

        var steps = ImmutableArray.CreateBuilder<Step>();
        var present = actual.Situation.Members.Where(member => member.Present).Select(member => member.Node).ToHashSet(StringComparer.Ordinal);
        var back = actual.Vdevs.Where(vdev => PoolDrift.IsBroken(vdev) && vdev.State is "OFFLINE" or "REMOVED" or "UNAVAIL"
            && (present.Contains(vdev.Path) || actual.Situation.Members.All(member => member.Present))).ToList();
        steps.AddRange(back.Select(vdev => PoolScripts.Online(desired, actual.Guid, vdev)));
        if (PoolDrift.Settings(desired, actual).ToImmutableArray() is { IsEmpty: false } settings)
        {
            steps.Add(PoolScripts.SetProperties(desired, actual.Guid, settings));
        }

        var (set, inherit) = FileSystemProperties.Repairs(PoolProperties.WantedOfRoot(desired), actual.FileSystemProperties, actual.UserProperties);
        steps.AddRange(MountRoot(desired, actual, set, inherit));
        return plan with { Steps = steps.ToImmutable(), Refusals = [.. refusals, .. Covered(desired, actual)], Warnings = [.. Warnings(desired, actual, back)] };
    }

    /// <summary>The root file system's properties; a change of where it is mounted can be undone by the device.</summary>
    private static ImmutableArray<Step> MountRoot(ZfsPoolArgs desired, ZfsPoolState actual, ImmutableArray<string> set, ImmutableArray<string> inherit)
    {
        var mounting = actual.Situation.Mounting;
        if (!mounting.IsInRunningSystem || !mounting.Mounts.ContainsKey(desired.Name))
        {
            return MountGuard.Around(desired.Name, mounting, [.. PoolScripts.SetRoot(desired, actual.Guid, set, inherit)], MountGuard.Restore(desired.Name, actual.FileSystemProperties), Shell.Empty);
        }

        var isIt = ZfsShell.PoolIs(desired.Name, actual.Guid);
        var rest = set.RemoveAll(setting => setting.StartsWith("canmount=", StringComparison.Ordinal));
        return MountGuard.Around(
            desired.Name,
            mounting,
            [MountGuard.Hold(isIt, desired.Name), .. PoolScripts.SetRoot(desired, actual.Guid, rest, inherit), MountGuard.Mount(isIt, desired.Name)],
            Shell.Lines([MountGuard.Restore(desired.Name, actual.FileSystemProperties), .. mounting.Leaves.Keys.Select(left => Shell.Of($"zfs mount {left}"))]),
            KeepMounted(desired));
    }

    private static Shell KeepMounted(ZfsPoolArgs desired) => Shell.Of($"zfs set {MountGuard.CanMount(PoolProperties.WantedOfRoot(desired))} {desired.Name}");

    private static IEnumerable<Refusal> Covered(ZfsPoolArgs desired, ZfsPoolState actual) =>
        MountGuard.Refusals(desired.Name, actual.Guid.Length > 0 ? actual.Guid : "new", actual.Situation.Mounting, desired.Consent);

    private static IEnumerable<string> Warnings(ZfsPoolArgs desired, ZfsPoolState actual, List<ZfsPoolVdev> back)
    {
        foreach (var vdev in actual.Vdevs.Where(PoolDrift.IsBroken).Except(back))
        {
            yield return $"the pool {desired.Name} is {actual.Health}: {vdev.Path ?? vdev.Kind} (GUID {vdev.Guid}) is {vdev.State}. Its data are there as long as no more devices fail. "
                + (vdev.State == "FAULTED"
                    ? $"If the disk is sound, zpool clear {desired.Name} {vdev.Guid} takes it back; else zpool replace {desired.Name} {vdev.Guid} NEW puts another in its place"
                    : $"Plug the disk in and run up again, or put another in its place: zpool replace {desired.Name} {vdev.Guid} NEW");
        }

        if (actual.Health == "SUSPENDED")
        {
            yield return $"the pool {desired.Name} is suspended: whatever writes to it waits. Plug its disk in again and run zpool clear {desired.Name} on the device; if that hangs too, restart the device";
        }

        if (actual.Errors > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"the devices of {desired.Name} have had {actual.Errors} errors: {actual.Situation.Trouble} zpool status -v {desired.Name} names files that are damaged; zpool scrub {desired.Name} reads all of it; zpool clear {desired.Name} begins counting anew").Replace("  ", " ", StringComparison.Ordinal);
        }
    }

    private static Refusal? Namesake(ZfsPoolArgs desired, ZfsPoolState actual, string what) => actual.Situation.Namesake is not { } guid ? null : new Refusal($"{what} {desired.Name}".Replace($"{desired.Name} {desired.Name}", desired.Name, StringComparison.Ordinal))
    {
        Why = $"another pool of this name is imported: its GUID is {guid}, and it lies on {string.Join(", ", actual.Situation.NamesakeOn)}. It is left alone",
        Next = $"on the device, zpool export {desired.Name} puts the other pool away; to keep both, import it under another name: zpool import {guid} NEWNAME",
    };

    private static Refusal Renamed(ZfsPoolArgs desired, ZfsPoolState actual, string name) => new($"rename the pool {name} to {desired.Name}")
    {
        Why = $"a pool can be renamed only while it is imported, and what uses it (mounts, the boot loader) knows it by its name; its GUID is {actual.Guid}",
        Next = $"set name to \"{name}\"; or, on the device: zpool export {name}; zpool import {actual.Guid} {desired.Name}",
    };

    private static Refusal Blind(ZfsPoolArgs desired, ZfsPoolState actual) => new($"do anything about the pool {desired.Name}")
    {
        Why = actual.Situation.Blind,
        Next = "look again; if that does not help, zpool status on the device tells more. When a disk was pulled out, plug it in again and restart the device: ZFS continues at the last transaction that is whole",
    };

    private static ConsentSubject Overwriting(ZfsPoolMember member) => new(
        "partition",
        member.Path[(member.Path.LastIndexOf('/') + 1)..],
        [
            ConsentFact.Identity("device", member.Path),
            ConsentFact.Identity("serial", member.Serial ?? "none"),
            new ConsentFact("bytes", member.Size.ToString(CultureInfo.InvariantCulture)),
            new ConsentFact("holds", member.Holds ?? "nothing"),
            new ConsentFact("content", member.Content ?? "not read"),
            .. member.Written is { } written ? [new ConsentFact(DiskWrites.Name, written)] : Array.Empty<ConsentFact>(),
        ],
        [$"{member.Path} on the disk {member.Serial ?? "without a serial number"}, {ZfsValues.Size(member.Size)}: {member.Holds}"]);
}
