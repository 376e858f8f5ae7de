using System.Collections.Immutable;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.Zfs;
using Provisioner.Provider.Resources.Zfs.Mounts;

namespace Provisioner.Provider.Resources.ZfsPool;

/// <summary>A ZFS pool.</summary>
/// <param name="inspection">One reading of a device, shared by all.</param>
internal sealed class ZfsPoolHandler(SharedInspection<DeviceFacts> inspection) : ResourceHandler<ZfsPoolArgs, ZfsPoolState, ZfsPoolPlan>
{
    protected override ImmutableArray<Rule<ZfsPoolArgs>> Rules => ZfsPoolRules.All;

    protected override async Task<ZfsPoolState?> ObserveAsync(ZfsPoolArgs desired, ZfsPoolState? known, IOperationContext context, CancellationToken cancellation)
    {
        var remote = context.Remote(desired.Device);
        var facts = await inspection.GetAsync(remote, cancellation);
        if (facts.Tools.Contains("zpool"))
        {
            var state = PoolObserver.Observe(desired, known, facts);
            return state with { Situation = state.Situation with { Mounting = await MountLooker.LookAsync(state.Situation.Mounting, remote, cancellation) } };
        }

        throw new NotSupportedHereException("The device has no ZFS")
        {
            Where = desired.Device,
            Why = "there is no command zpool",
            Next = "install ZFS there: boot.supportedFilesystems = [ \"zfs\" ] on NixOS, zfsutils-linux with its kernel module on Debian",
        };
    }

    protected internal override ZfsPoolPlan Plan(ZfsPoolArgs desired, ZfsPoolState? actual) => ZfsPoolPlanner.Plan(desired, actual);

    protected internal override ZfsPoolPlan PlanDelete(ZfsPoolArgs desired, ZfsPoolState actual) => ZfsPoolRemoval.Plan(desired, actual);

    protected internal override Expected<ZfsPoolState> Expect(ZfsPoolArgs desired, ZfsPoolState? actual)
    {
        var wished = (actual ?? new ZfsPoolState { Device = desired.Device, Name = desired.Name, Guid = "" }) with
        {
            Device = desired.Device,
            Name = desired.Name,
            Properties = PoolProperties.Wanted(desired),
            FileSystemProperties = PoolProperties.WantedOfRoot(desired),
            UserProperties = FileSystemProperties.UsersIn(desired.FileSystemProperties),
            Drift = ImmutableSortedDictionary<string, string>.Empty,
        };
        if (actual is not null && PoolDrift.IsImported(actual))
        {
            return new Expected<ZfsPoolState>(wished);
        }

        ImmutableArray<string> unseen =
        [
            nameof(ZfsPoolState.Health), nameof(ZfsPoolState.Size), nameof(ZfsPoolState.Allocated), nameof(ZfsPoolState.Free), nameof(ZfsPoolState.Vdevs),
            nameof(ZfsPoolState.Errors), nameof(ZfsPoolState.Situation),
        ];
        return new Expected<ZfsPoolState>(wished, actual is { Health: PoolObserver.Exported or PoolObserver.Destroyed } ? unseen : unseen.Add(nameof(ZfsPoolState.Guid)));
    }

    protected internal override string IdOf(ZfsPoolArgs desired, ZfsPoolState state) => state.Guid.Length > 0 ? state.Guid : desired.Name;

    /// <summary>From here on the parts that the pool has now are the ones that it is compared with.</summary>
    protected override async Task<ZfsPoolState> ApplyAsync(ZfsPoolArgs desired, ZfsPoolState? actual, ZfsPoolPlan plan, IOperationContext context, CancellationToken cancellation)
    {
        // A pool that is begun anew has another GUID than the one that is gone.
        var before = actual is { Health: PoolObserver.Missing } ? actual with { Guid = "", Situation = actual.Situation with { KnownVdevs = [] } } : actual;
        var after = await base.ApplyAsync(desired, before, plan, context, cancellation);
        if (!PoolDrift.IsImported(after))
        {
            throw new StepFailedException("Every step ended well, but the pool is not imported", new ScriptFailedException("The pool was not found"))
            {
                Where = desired.Device,
                Why = after.Situation.Namesake is { } other ? $"the imported pool of the name has the GUID {other}" : $"it is {after.Health.ToLowerInvariant()}",
                Next = "run the preview: it shows what is there now",
                MayHaveChanged = true,
            };
        }

        ImmutableArray<string> parts = [.. after.Vdevs.Select(vdev => vdev.Guid).Where(guid => guid.Length > 0).Order(StringComparer.Ordinal)];
        after = after with { UserProperties = FileSystemProperties.UsersIn(desired.FileSystemProperties), Situation = after.Situation with { KnownVdevs = parts } };
        return after with { Drift = PoolDrift.Of(desired, after with { Drift = ImmutableSortedDictionary<string, string>.Empty }) };
    }
}
