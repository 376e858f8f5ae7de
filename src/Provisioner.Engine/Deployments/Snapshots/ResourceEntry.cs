using Provisioner.Engine.State;

namespace Provisioner.Engine.Deployments.Snapshots;

/// <summary>A resource's place in the state while a deployment runs; several may share a URN (one live, others still to be deleted).</summary>
internal sealed class ResourceEntry(ResourceState state)
{
    /// <summary>Changed by <see cref="SnapshotKeeper"/> only.</summary>
    public ResourceState State { get; set; } = state;
}
