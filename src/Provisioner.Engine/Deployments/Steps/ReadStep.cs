using Provisioner.Engine.Deployments.Events;
using Provisioner.Engine.Deployments.Providers;
using Provisioner.Engine.Deployments.Snapshots;
using Provisioner.Engine.State;
using Pulumi.Wire;

namespace Provisioner.Engine.Deployments.Steps;

/// <summary>Reads a resource that somebody else manages (<c>Resource.Get</c>); it is in the state as external and never deleted.</summary>
internal sealed class ReadStep(ResourceEntry? old, ResourceState next, IResourceProvider provider) : Step
{
    public override bool IsMutation => false;

    public override (ResourceState, PendingOperationType)? Pending => (next, PendingOperationType.Reading);

    public static ReadStep Of(ResourceEntry? old, ResourceState next, IResourceProvider provider) => new(old, next, provider)
    {
        Plan = new StepMetadata
        {
            Operation = old is { State.External: false } ? StepOperation.ReadReplacement : StepOperation.Read,
            Urn = next.Urn,
            Type = next.Type,
            Old = old?.State,
            New = next,
        },
    };

    public override async Task<StepOutcome> RunAsync(StepEnvironment environment, CancellationToken cancellationToken)
    {
        if (Signatures.UnknownOf(next.Id) is not null)
        {
            return new StepOutcome(next with { Outputs = PropertyMap.Empty });
        }

        var reply = await provider.ReadAsync(next, next.Inputs, next.Inputs, cancellationToken);
        return reply.Id.Length == 0
            ? throw new ProviderException($"There is no resource with the id \"{next.Id}\".")
            : new StepOutcome(next with
            {
                Id = reply.Id,
                Inputs = reply.Inputs ?? next.Inputs,
                Outputs = reply.Outputs,
                InitErrors = reply.InitErrors,
                RefreshBeforeUpdate = false,
                Created = old?.State.Created ?? environment.Now,
                Modified = environment.Now,
            });
    }

    /// <summary>What was managed before is no longer: it is deleted at the end, as a replaced one is.</summary>
    public override ResourceEntry? Commit(SnapshotKeeper keeper, StepOutcome outcome)
    {
        if (old is { State.External: false })
        {
            keeper.Set(old, old.State with { Delete = true });
        }
        else if (old is not null)
        {
            keeper.Remove(old);
        }

        return keeper.Add(outcome.New!);
    }
}
