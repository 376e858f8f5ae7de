using Provisioner.Engine.Deployments.Events;
using Provisioner.Engine.Deployments.Providers;
using Provisioner.Engine.Deployments.Snapshots;
using Provisioner.Engine.State;

namespace Provisioner.Engine.Deployments.Steps;

/// <summary>Nothing to do; the state follows the program in what is not the provider's business, such as dependencies.</summary>
/// <param name="provider">Null for components, and for what was not targeted.</param>
internal sealed class SameStep(ResourceEntry old, ResourceState next, IResourceProvider? provider) : Step
{
    public override bool IsMutation => false;

    /// <summary>The step for a resource and what the program says of it now.</summary>
    public static SameStep Of(ResourceEntry old, ResourceState next, IResourceProvider? provider)
    {
        var kept = next with
        {
            Id = old.State.Id,
            Outputs = old.State.Outputs,
            Created = old.State.Created,
            Modified = old.State.Modified,
            RefreshBeforeUpdate = old.State.RefreshBeforeUpdate,
            InitErrors = old.State.InitErrors,
        };
        return new SameStep(old, kept, provider)
        {
            Plan = new StepMetadata { Operation = StepOperation.Same, Urn = next.Urn, Type = next.Type, Old = old.State, New = kept },
        };
    }

    public override async Task<StepOutcome> RunAsync(StepEnvironment environment, CancellationToken cancellationToken)
    {
        if (provider is not null)
        {
            await provider.KeepAsync(old.State, cancellationToken);
        }

        return new StepOutcome(next);
    }

    public override ResourceEntry? Commit(SnapshotKeeper keeper, StepOutcome outcome)
    {
        keeper.Remove(old);
        return keeper.Add(outcome.New!);
    }
}
