using Provisioner.Engine.Deployments.Events;
using Provisioner.Engine.Deployments.Providers;
using Provisioner.Engine.Deployments.Snapshots;
using Provisioner.Engine.State;

namespace Provisioner.Engine.Deployments.Steps;

/// <summary>Reads a resource and takes over what it really is.</summary>
/// <param name="isForDiff">An update follows: a resource that its provider has not brought to its goal keeps its errors, as a read does not bring it there either.
/// Otherwise the read is all there is, and the provider is asked what the difference to the old inputs is, for those who look.</param>
internal sealed class RefreshStep(ResourceEntry entry, Func<CancellationToken, Task<IResourceProvider>> provider, bool isForDiff) : Step
{
    public override bool Counts => false;

    public static RefreshStep Of(ResourceEntry entry, Func<CancellationToken, Task<IResourceProvider>> provider, bool isForDiff) => new(entry, provider, isForDiff)
    {
        Plan = new StepMetadata { Operation = StepOperation.Refresh, Urn = entry.State.Urn, Type = entry.State.Type, Old = entry.State, New = entry.State },
    };

    public override bool IsMutation => false;

    public override async Task<StepOutcome> RunAsync(StepEnvironment environment, CancellationToken cancellationToken)
    {
        var old = entry.State;
        var manager = await provider(cancellationToken);
        var reply = await manager.ReadAsync(old, old.Inputs, old.Outputs, cancellationToken);
        if (reply.Id.Length == 0)
        {
            return StepOutcome.Gone;
        }

        var read = Dated(old, old with
        {
            Id = reply.Id,
            Inputs = reply.Inputs ?? old.Inputs,
            Outputs = reply.Outputs,
            InitErrors = isForDiff && reply.InitErrors.IsEmpty ? old.InitErrors : reply.InitErrors,
            RefreshBeforeUpdate = reply.RefreshBeforeUpdate,
        }, environment.Now);
        return isForDiff
            ? new StepOutcome(read)
            : new StepOutcome(read) { Diff = (await manager.DiffAsync(read, old.Inputs, old.IgnoreChanges, cancellationToken)).Inverted() };
    }

    public override ResourceEntry? Commit(SnapshotKeeper keeper, StepOutcome outcome)
    {
        if (outcome.New is null)
        {
            keeper.Remove(entry);
            return null;
        }

        keeper.Set(entry, outcome.New);
        return entry;
    }

    private static ResourceState Dated(ResourceState old, ResourceState read, DateTimeOffset now) =>
        read.Id == old.Id && read.Outputs.Equals(old.Outputs) && read.Inputs.Equals(old.Inputs) ? read : read with { Modified = now };
}
