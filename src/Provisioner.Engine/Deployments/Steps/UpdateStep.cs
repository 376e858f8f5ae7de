using Provisioner.Engine.Deployments.Providers;
using Provisioner.Engine.Deployments.Snapshots;
using Provisioner.Engine.Deployments.Urns;
using Provisioner.Engine.State;

namespace Provisioner.Engine.Deployments.Steps;

/// <summary>Changes a resource in place.</summary>
/// <param name="provider">Null for components.</param>
internal sealed class UpdateStep(ResourceEntry old, ResourceState next, IResourceProvider? provider) : Step
{
    /// <summary>A provider lives in the engine only: a crash leaves nothing of it behind.</summary>
    public override bool IsMutation => next.Custom && !Urn.IsProviderType(next.Type);

    public override (ResourceState, PendingOperationType)? Pending => IsMutation ? (old.State, PendingOperationType.Updating) : null;

    public override async Task<StepOutcome> RunAsync(StepEnvironment environment, CancellationToken cancellationToken)
    {
        var updated = next with { Id = old.State.Id, Created = old.State.Created, Modified = environment.Now };
        if (provider is null)
        {
            return new StepOutcome(updated with { Outputs = old.State.Outputs });
        }

        var reply = await provider.UpdateAsync(old.State, updated, environment.Preview, cancellationToken);
        return reply.InitErrors.Length == 0
            ? new StepOutcome(updated with { Id = reply.Id, Outputs = reply.Outputs, RefreshBeforeUpdate = reply.RefreshBeforeUpdate })
            : new StepOutcome(updated with
            {
                // The old inputs stay, so that the next run sees the difference again.
                Inputs = reply.Inputs ?? old.State.Inputs,
                Outputs = reply.Outputs,
                InitErrors = reply.InitErrors,
                RefreshBeforeUpdate = reply.RefreshBeforeUpdate,
            })
            { IsIncomplete = true };
    }

    public override ResourceEntry? Commit(SnapshotKeeper keeper, StepOutcome outcome)
    {
        keeper.Remove(old);
        return keeper.Add(outcome.New!);
    }
}
