using Provisioner.Engine.Deployments.Events;
using Provisioner.Engine.Deployments.Snapshots;

namespace Provisioner.Engine.Deployments.Steps;

/// <summary>Forgets a resource that an earlier run deleted to replace it, and that the program no longer has.</summary>
internal sealed class RemovePendingReplaceStep(ResourceEntry old) : Step
{
    public static RemovePendingReplaceStep Of(ResourceEntry old) => new(old)
    {
        Plan = new StepMetadata { Operation = StepOperation.RemovePendingReplace, Urn = old.State.Urn, Type = old.State.Type, Old = old.State },
    };

    public override bool IsMutation => false;

    public override Task<StepOutcome> RunAsync(StepEnvironment environment, CancellationToken cancellationToken) => Task.FromResult(StepOutcome.Gone);

    public override ResourceEntry? Commit(SnapshotKeeper keeper, StepOutcome outcome)
    {
        keeper.Remove(old);
        return null;
    }
}
