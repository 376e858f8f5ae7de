using System.Collections.Immutable;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.Zfs;
using Provisioner.Provider.Resources.Zfs.Mounts;

namespace Provisioner.Provider.Resources.ZfsDataset;

/// <summary>A file system in a ZFS pool.</summary>
/// <param name="inspection">One reading of a device, shared by all.</param>
internal sealed class ZfsDatasetHandler(SharedInspection<DeviceFacts> inspection) : ResourceHandler<ZfsDatasetArgs, ZfsDatasetState, ZfsDatasetPlan>
{
    protected override ImmutableArray<Rule<ZfsDatasetArgs>> Rules => ZfsDatasetRules.All;

    protected override async Task<ZfsDatasetState?> ObserveAsync(ZfsDatasetArgs desired, ZfsDatasetState? known, IOperationContext context, CancellationToken cancellation)
    {
        var remote = context.Remote(desired.Device);
        var state = DatasetObserver.Observe(desired, known, await inspection.GetAsync(remote, cancellation));
        return state with { Situation = state.Situation with { Mounting = await MountLooker.LookAsync(state.Situation.Mounting, remote, cancellation) } };
    }

    protected internal override ZfsDatasetPlan Plan(ZfsDatasetArgs desired, ZfsDatasetState? actual) => ZfsDatasetPlanner.Plan(desired, actual);

    protected internal override ZfsDatasetPlan PlanDelete(ZfsDatasetArgs desired, ZfsDatasetState actual) => ZfsDatasetRemoval.Plan(desired, actual);

    /// <summary>A pool that has no GUID yet is empty, so that the file system will be made.</summary>
    protected internal override ZfsDatasetArgs? Presume(ZfsDatasetArgs partial, ImmutableArray<string> unknown) =>
        unknown is [nameof(ZfsDatasetArgs.PoolGuid)] ? partial with { PoolGuid = "the pool's GUID" } : null;

    protected internal override Expected<ZfsDatasetState> Expect(ZfsDatasetArgs desired, ZfsDatasetState? actual)
    {
        var name = DatasetObserver.FullName(desired);
        var wished = (actual ?? new ZfsDatasetState { Device = desired.Device, Name = name, PoolGuid = desired.PoolGuid, Guid = "" }) with
        {
            Device = desired.Device,
            Name = name,
            PoolGuid = desired.PoolGuid,
            Key = desired.Key,
            Installation = desired.Installation ?? actual?.Installation,
            Properties = desired.Properties,
            UserProperties = FileSystemProperties.UsersIn(desired.Properties),
            Drift = ImmutableSortedDictionary<string, string>.Empty,
        };
        var stays = actual is { Guid.Length: > 0, Situation.Missing: false } && !DatasetDrift.Fixed(desired, actual).Any();
        return stays
            ? new Expected<ZfsDatasetState>(wished)
            : new Expected<ZfsDatasetState>(
                wished,
                nameof(ZfsDatasetState.Guid), nameof(ZfsDatasetState.Mountpoint), nameof(ZfsDatasetState.Used), nameof(ZfsDatasetState.Referenced), nameof(ZfsDatasetState.Available),
                nameof(ZfsDatasetState.Encryption), nameof(ZfsDatasetState.KeyStatus), nameof(ZfsDatasetState.Situation));
    }

    protected internal override string IdOf(ZfsDatasetArgs desired, ZfsDatasetState state) => state.Guid.Length > 0 ? state.Guid : DatasetObserver.FullName(desired);

    /// <summary>What was made in the place of another one has a GUID of its own; and from here on the key counts as written.</summary>
    protected override async Task<ZfsDatasetState> ApplyAsync(ZfsDatasetArgs desired, ZfsDatasetState? actual, ZfsDatasetPlan plan, IOperationContext context, CancellationToken cancellation)
    {
        var isNew = actual is { Situation.Missing: true, Situation.PoolImported: true } || (actual is not null && DatasetDrift.Fixed(desired, actual).Any() && !plan.Steps.IsEmpty);
        var before = actual is not null && isNew ? actual with { Guid = "" } : actual;
        var after = await base.ApplyAsync(desired, before, plan, context, cancellation);
        return (after with { Key = desired.Key, UserProperties = FileSystemProperties.UsersIn(desired.Properties) }) is var written && written.Drift.ContainsKey("key")
            ? written with { Drift = written.Drift.Remove("key") }
            : written;
    }
}
