using Provisioner.Engine.Deployments.Snapshots;

namespace Provisioner.Engine.Deployments.Steps;

/// <summary>Says that a resource is replaced; the making and the deleting are steps of their own. Leaves the state to them.</summary>
internal sealed class ReplaceStep : Step
{
    public override bool IsMutation => false;

    public override Task<StepOutcome> RunAsync(StepEnvironment environment, CancellationToken cancellationToken) =>
        Task.FromResult(new StepOutcome(Plan.New));

    public override ResourceEntry? Commit(SnapshotKeeper keeper, StepOutcome outcome) => null;
}
