using Provisioner.Engine.Deployments.Events;
using Provisioner.Engine.Deployments.Providers;
using Provisioner.Engine.Deployments.Snapshots;
using Provisioner.Engine.State;

namespace Provisioner.Engine.Deployments.Steps;

/// <summary>One thing done to one resource: what it is, what it calls, and what it leaves in the state.</summary>
internal abstract class Step
{
    /// <summary>The step as it is planned.</summary>
    public required StepMetadata Plan { get; init; }

    /// <summary>Whether it counts as one change to one resource; parts of a replacement do not, the replacement does.</summary>
    public virtual bool Counts => true;

    /// <summary>Whether something real may change: then the state is saved before and after.</summary>
    public virtual bool IsMutation => true;

    /// <summary>What stands in the state while it runs, so that a crash is seen; null for nothing.</summary>
    public virtual (ResourceState Resource, PendingOperationType Type)? Pending => null;

    /// <summary>Does it.</summary>
    /// <exception cref="ProviderException">The provider refused or died; nothing is known to have changed.</exception>
    public abstract Task<StepOutcome> RunAsync(StepEnvironment environment, CancellationToken cancellationToken);

    /// <summary>Writes the outcome into the state. Also called when the resource is there but not complete.</summary>
    /// <returns>The resource's entry, or null when it is gone.</returns>
    public abstract ResourceEntry? Commit(SnapshotKeeper keeper, StepOutcome outcome);
}

/// <param name="Preview">Nothing real may change.</param>
/// <param name="Now">For the times in the state.</param>
internal sealed record StepEnvironment(bool Preview, DateTimeOffset Now);

/// <summary>What a step has come to.</summary>
/// <param name="New">The resource afterwards, or null when it is gone.</param>
internal sealed record StepOutcome(ResourceState? New)
{
    public static StepOutcome Gone { get; } = new((ResourceState?)null);

    /// <summary>The provider says that the resource exists but is not what was asked for: the step has failed, and the state says what there is.</summary>
    public bool IsIncomplete { get; init; }

    /// <summary>What only running the step could show; null where the plan said it.</summary>
    public ResourceDiff? Diff { get; init; }
}
