using System.Collections.Immutable;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.ZfsSnapshot;

/// <summary>The snapshot as it is on the device, with everything that a plan needs.</summary>
internal sealed record ZfsSnapshotState
{
    [Doc("The device.")]
    public required string Device { get; init; }

    [Doc("The whole name: `lamp/home@before`.")]
    public required string Name { get; init; }

    [Doc("The pool's GUID.")]
    public required string PoolGuid { get; init; }

    [Doc("The snapshot's GUID; it stays the same in copies that are sent elsewhere.")]
    public required string Guid { get; init; }

    [Doc("Whether everything below was taken in the same moment.")]
    public bool Recursive { get; init; }

    [Doc("The snapshots that belong to it, each name with its GUID: one, or with recursive one for everything below.")]
    public ImmutableSortedDictionary<string, string> Members { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [Doc("What differs on the device from what was made, by what it is about; empty when all is well.")]
    public ImmutableSortedDictionary<string, string> Drift { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [Doc("Why nothing can be done: the pool is not imported, the pool of this name is another one, or the file system is missing.")]
    public string? Blocked { get; init; }
}
