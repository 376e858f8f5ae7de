using Provisioner.Engine.Deployments.Providers;
using Provisioner.Engine.Deployments.Snapshots;
using Provisioner.Engine.Deployments.Urns;
using Provisioner.Engine.State;

namespace Provisioner.Engine.Deployments.Steps;

/// <summary>Makes a resource, new or in place of another; an imported component, of which nothing is read, is made too.</summary>
/// <param name="provider">Null for components.</param>
/// <param name="old">What it replaces or what was read before under its URN, or null.</param>
/// <param name="keepOldForDeletion">The old one still exists and is deleted at the end of the run; otherwise its entry goes when this one is there.</param>
internal sealed class CreateStep(ResourceState next, IResourceProvider? provider, ResourceEntry? old, bool keepOldForDeletion) : Step
{
    public override bool Counts => Plan.Operation is StepOperation.Create or StepOperation.Import;

    /// <summary>A provider lives in the engine only: a crash leaves nothing of it behind.</summary>
    public override bool IsMutation => next.Custom && !Urn.IsProviderType(next.Type);

    public override (ResourceState, PendingOperationType)? Pending => IsMutation ? (next, PendingOperationType.Creating) : null;

    public override async Task<StepOutcome> RunAsync(StepEnvironment environment, CancellationToken cancellationToken)
    {
        var created = next with { Created = environment.Now, Modified = environment.Now };
        if (provider is null)
        {
            return new StepOutcome(created);
        }

        var reply = await provider.CreateAsync(next, environment.Preview, cancellationToken);
        return new StepOutcome(created with
        {
            Id = reply.Id,
            Inputs = reply.Inputs ?? next.Inputs,
            Outputs = reply.Outputs,
            InitErrors = reply.InitErrors,
            RefreshBeforeUpdate = reply.RefreshBeforeUpdate,
        })
        {
            IsIncomplete = reply.InitErrors.Length > 0,
        };
    }

    public override ResourceEntry? Commit(SnapshotKeeper keeper, StepOutcome outcome)
    {
        var entry = keeper.Add(outcome.New!);
        if (old is not null && keepOldForDeletion)
        {
            keeper.Set(old, old.State with { Delete = true });
        }
        else if (old is not null)
        {
            keeper.Remove(old);
        }

        return entry;
    }
}
