using Provisioner.Engine.Deployments.Events;
using Provisioner.Engine.Deployments.Providers;
using Provisioner.Engine.Deployments.Snapshots;
using Provisioner.Engine.State;

namespace Provisioner.Engine.Deployments.Steps;

/// <summary>Deletes a resource.</summary>
/// <param name="provider">Null when nothing is to be asked: components, what is kept, what was only read.</param>
/// <param name="awaitsReplacement">It is deleted before its replacement is made; until then its entry stays.</param>
internal sealed class DeleteStep(ResourceEntry old, Func<CancellationToken, Task<IResourceProvider>>? provider, bool awaitsReplacement) : Step
{
    public override bool Counts => Plan.Operation is StepOperation.Delete or StepOperation.Discard;

    public override bool IsMutation => provider is not null;

    public override (ResourceState, PendingOperationType)? Pending => IsMutation ? (old.State, PendingOperationType.Deleting) : null;

    /// <param name="operation">Delete, DeleteReplaced, Discard or DiscardReplaced.</param>
    public static DeleteStep Of(StepOperation operation, ResourceEntry old, Func<CancellationToken, Task<IResourceProvider>>? provider, bool awaitsReplacement = false) =>
        new(old, provider, awaitsReplacement)
        {
            Plan = new StepMetadata { Operation = operation, Urn = old.State.Urn, Type = old.State.Type, Old = old.State },
        };

    public override async Task<StepOutcome> RunAsync(StepEnvironment environment, CancellationToken cancellationToken)
    {
        if (provider is not null && !environment.Preview)
        {
            await (await provider(cancellationToken)).DeleteAsync(old.State, cancellationToken);
        }

        return StepOutcome.Gone;
    }

    public override ResourceEntry? Commit(SnapshotKeeper keeper, StepOutcome outcome)
    {
        if (awaitsReplacement)
        {
            keeper.Set(old, old.State with { PendingReplacement = true });
        }
        else
        {
            keeper.Remove(old);
        }

        return null;
    }
}
