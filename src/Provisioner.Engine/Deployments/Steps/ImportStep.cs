using System.Collections.Immutable;
using Provisioner.Engine.Deployments.Events;
using Provisioner.Engine.Deployments.Providers;
using Provisioner.Engine.Deployments.Snapshots;
using Provisioner.Engine.State;
using Pulumi.Wire;

namespace Provisioner.Engine.Deployments.Steps;

/// <summary>Takes something that exists into the state, as the provider reads it. What the program wants otherwise is an update that follows.</summary>
/// <param name="old">Another thing under the same URN, which is deleted at the end; or one that was only read before; or null.</param>
/// <param name="properties">Which inputs are kept; empty for all.</param>
internal sealed class ImportStep(ResourceEntry? old, ResourceState next, IResourceProvider provider, ImmutableArray<string> properties) : Step
{
    private bool Replaces => old is { State.External: false };

    public override (ResourceState, PendingOperationType)? Pending => (next, PendingOperationType.Importing);

    public static ImportStep Of(ResourceEntry? old, ResourceState next, IResourceProvider provider, ImmutableArray<string> properties) => new(old, next, provider, properties)
    {
        Plan = new StepMetadata
        {
            Operation = old is { State.External: false } ? StepOperation.ImportReplacement : StepOperation.Import,
            Urn = next.Urn,
            Type = next.Type,
            Old = old?.State,
            New = next,
        },
    };

    public override async Task<StepOutcome> RunAsync(StepEnvironment environment, CancellationToken cancellationToken)
    {
        var reply = await provider.ReadAsync(next, null, null, cancellationToken);
        if (reply.Id.Length == 0)
        {
            throw new ProviderException($"There is no {next.Type} with the id \"{next.Id}\" to be imported.");
        }

        var inputs = reply.Inputs ?? throw new ProviderException($"The provider does not say what the inputs of \"{next.Id}\" are, so it cannot be imported.");
        return new StepOutcome(next with
        {
            Id = reply.Id,
            Inputs = properties.IsEmpty ? inputs : PropertyMap.Of(inputs.Where(input => properties.Contains(input.Key))),
            Outputs = reply.Outputs,
            InitErrors = reply.InitErrors,
            RefreshBeforeUpdate = reply.RefreshBeforeUpdate,
            Created = environment.Now,
            Modified = environment.Now,
        });
    }

    public override ResourceEntry? Commit(SnapshotKeeper keeper, StepOutcome outcome)
    {
        if (Replaces)
        {
            keeper.Set(old!, old!.State with { Delete = true });
        }
        else if (old is not null)
        {
            keeper.Remove(old);
        }

        return keeper.Add(outcome.New!);
    }
}
