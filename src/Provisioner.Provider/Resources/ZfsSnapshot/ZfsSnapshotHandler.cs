using System.Collections.Immutable;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.Zfs;

namespace Provisioner.Provider.Resources.ZfsSnapshot;

/// <summary>A snapshot of a ZFS file system.</summary>
/// <param name="inspection">One reading of a device, shared by all.</param>
internal sealed class ZfsSnapshotHandler(SharedInspection<DeviceFacts> inspection) : ResourceHandler<ZfsSnapshotArgs, ZfsSnapshotState, ZfsSnapshotPlan>
{
    protected override ImmutableArray<Rule<ZfsSnapshotArgs>> Rules { get; } =
    [
        Rule<ZfsSnapshotArgs>.Of(args => ZfsNames.PoolProblem(args.Pool), nameof(ZfsSnapshotArgs.Pool)),
        Rule<ZfsSnapshotArgs>.Of(args => ZfsNames.GuidProblem(args.PoolGuid), nameof(ZfsSnapshotArgs.PoolGuid)),
        Rule<ZfsSnapshotArgs>.Of(args => string.IsNullOrEmpty(args.Dataset) ? null : ZfsNames.DatasetProblem(args.Pool, args.Dataset), nameof(ZfsSnapshotArgs.Dataset), nameof(ZfsSnapshotArgs.Pool)),
        Rule<ZfsSnapshotArgs>.Of(args => ZfsNames.SnapshotProblem(args.Name), nameof(ZfsSnapshotArgs.Name)),
    ];

    protected override async Task<ZfsSnapshotState?> ObserveAsync(ZfsSnapshotArgs desired, ZfsSnapshotState? known, IOperationContext context, CancellationToken cancellation)
    {
        var facts = await inspection.GetAsync(context.Remote(desired.Device), cancellation);
        return SnapshotObserver.Observe(desired, known, facts);
    }

    protected internal override ZfsSnapshotPlan Plan(ZfsSnapshotArgs desired, ZfsSnapshotState? actual) => ZfsSnapshotPlanner.Plan(desired, actual);

    protected internal override ZfsSnapshotPlan PlanDelete(ZfsSnapshotArgs desired, ZfsSnapshotState actual) => ZfsSnapshotPlanner.PlanDelete(desired, actual);

    /// <summary>A pool that has no GUID yet has no snapshots.</summary>
    protected internal override ZfsSnapshotArgs? Presume(ZfsSnapshotArgs partial, ImmutableArray<string> unknown) =>
        unknown is [nameof(ZfsSnapshotArgs.PoolGuid)] ? partial with { PoolGuid = "the pool's GUID" } : null;

    protected internal override Expected<ZfsSnapshotState> Expect(ZfsSnapshotArgs desired, ZfsSnapshotState? actual)
    {
        var wished = (actual ?? new ZfsSnapshotState { Device = desired.Device, Name = "", PoolGuid = desired.PoolGuid, Guid = "" }) with
        {
            Device = desired.Device,
            Name = SnapshotObserver.FullName(desired),
            PoolGuid = desired.PoolGuid,
            Recursive = desired.Recursive,
            Drift = ImmutableSortedDictionary<string, string>.Empty,
            Blocked = null,
        };
        return ZfsSnapshotPlanner.Plan(desired, actual).Steps.IsEmpty
            ? new Expected<ZfsSnapshotState>(wished)
            : new Expected<ZfsSnapshotState>(wished, nameof(ZfsSnapshotState.Guid), nameof(ZfsSnapshotState.Members));
    }

    protected internal override string IdOf(ZfsSnapshotArgs desired, ZfsSnapshotState state) => state.Guid.Length > 0 ? state.Guid : SnapshotObserver.FullName(desired);

    /// <summary>A snapshot that was taken anew is known by its own GUID.</summary>
    protected override Task<ZfsSnapshotState> ApplyAsync(ZfsSnapshotArgs desired, ZfsSnapshotState? actual, ZfsSnapshotPlan plan, IOperationContext context, CancellationToken cancellation)
    {
        var anew = actual is { Blocked: null } && !plan.Steps.IsEmpty;
        return base.ApplyAsync(desired, anew ? actual! with { Guid = "", Members = ImmutableSortedDictionary<string, string>.Empty } : actual, plan, context, cancellation);
    }
}
