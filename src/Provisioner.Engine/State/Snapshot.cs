using System.Collections.Immutable;

namespace Provisioner.Engine.State;

/// <summary>A stack's state: what a state file's <c>deployment</c> says.</summary>
/// <param name="Manifest">Who wrote it, and when.</param>
/// <param name="Resources">In topological order: parent, provider and dependencies come before what needs them.</param>
/// <param name="PendingOperations">Steps in flight; anything left here after a run was interrupted.</param>
public sealed record Snapshot(Manifest Manifest, ImmutableArray<ResourceState> Resources, ImmutableArray<PendingOperation> PendingOperations)
{
    /// <summary>A stack without resources.</summary>
    public static Snapshot Empty { get; } = new(new Manifest(null, string.Empty), [], []);
}

/// <param name="Time">When it was written, or null for never.</param>
/// <param name="Version">The engine's version, or empty.</param>
public sealed record Manifest(DateTimeOffset? Time, string Version);

/// <summary>A step in flight.</summary>
public sealed record PendingOperation(ResourceState Resource, PendingOperationType Type);

/// <summary>The words of the state file in lower case.</summary>
public enum PendingOperationType
{
    Creating,
    Updating,
    Deleting,
    Reading,
    Importing,
}

/// <summary>Where a running deployment keeps its state. Called before and after each step; never concurrently.</summary>
public interface ISnapshotStore
{
    /// <summary>Makes the snapshot durable before it returns; the previous one stays whole if that fails.</summary>
    Task SaveAsync(Snapshot snapshot, CancellationToken cancellationToken);
}
