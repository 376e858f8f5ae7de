using System.Collections.Immutable;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Resources.Disk;

/// <summary>A disk with a partition for a pool.</summary>
/// <param name="inspection">One reading of a device, shared by all.</param>
internal sealed class DiskHandler(SharedInspection<DeviceFacts> inspection) : ResourceHandler<DiskArgs, DiskState, DiskPlan>
{
    protected override ImmutableArray<Rule<DiskArgs>> Rules => DiskRules.All;

    /// <summary>Never null: a disk that is away is a difference, and no reason to forget it.</summary>
    protected override async Task<DiskState?> ObserveAsync(DiskArgs desired, DiskState? known, IOperationContext context, CancellationToken cancellation) =>
        DiskObserver.Observe(desired, known, await inspection.GetAsync(context.Remote(desired.Device), cancellation));

    protected internal override DiskPlan Plan(DiskArgs desired, DiskState? actual) => DiskPlanner.Plan(desired, actual);

    protected internal override DiskPlan PlanDelete(DiskArgs desired, DiskState actual) => DiskRemoval.Plan(desired, actual);

    protected internal override Expected<DiskState> Expect(DiskArgs desired, DiskState? actual)
    {
        var layout = DiskLayout.Of(desired);
        var state = (actual ?? new DiskState { Device = desired.Device, ById = desired.ById, Serial = desired.Serial, EspPartition = layout.EspPath, PoolPartition = layout.PoolPath }) with
        {
            EspPartition = layout.EspPath,
            PoolPartition = layout.PoolPath,
        };
        return actual is null ? new Expected<DiskState>(state, nameof(DiskState.Size), nameof(DiskState.Model), nameof(DiskState.Found))
            : DiskPlanner.Plan(desired, actual).Steps.IsEmpty ? new Expected<DiskState>(state)
            : new Expected<DiskState>(state, nameof(DiskState.Found));
    }

    protected internal override string IdOf(DiskArgs desired, DiskState state) => desired.Serial;

    /// <summary>A step that ended well has not yet made the disk what was wished: another look says so.</summary>
    protected override async Task<DiskState> ApplyAsync(DiskArgs desired, DiskState? actual, DiskPlan plan, IOperationContext context, CancellationToken cancellation)
    {
        var state = await base.ApplyAsync(desired, actual, plan, context, cancellation);
        var left = plan.Steps.IsEmpty ? [] : DiskPlanner.Plan(desired, state).Changes;
        return left.IsEmpty ? state : throw new StepFailedException(
            "Every step ended well, but the disk is not as it was to be",
            new ScriptFailedException("The disk differs"))
        {
            Where = DeviceAddress.Parse(desired.Device).Display,
            Why = string.Join('\n', left.Select(change => change.ToString())),
            Next = "run the preview: it shows what would be done about it",
            MayHaveChanged = true,
        };
    }
}
