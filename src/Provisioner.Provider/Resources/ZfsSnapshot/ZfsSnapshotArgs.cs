using System.Collections.Immutable;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.ZfsSnapshot;

/// <summary>What is wanted of a ZFS snapshot.</summary>
[Doc("A snapshot of a ZFS file system, recursive if asked. One that is gone cannot be made again as it was: up says so, and takes a new one, of what is there then.")]
internal sealed record ZfsSnapshotArgs : IOnDevice
{
    [Doc("The device: the `address` that a Device gives out (`ssh://root@lamp:22?hostKey=SHA256:…`), or `local:`.")]
    public required string Device { get; init; }

    [Doc("The pool's name.")]
    public required string Pool { get; init; }

    [Doc("The pool's GUID, the `guid` of a ZfsPool: another pool of the same name is not touched.")]
    public required string PoolGuid { get; init; }

    [Doc("The path of the file system below the pool, such as `home`; the pool's root file system when left out.")]
    [Replaces]
    public string? Dataset { get; init; }

    [Doc("The snapshot's name, what stands behind the @.")]
    [Replaces]
    public required string Name { get; init; }

    [Doc("Whether everything below is taken in the same moment, under the same name.")]
    [Replaces]
    public bool Recursive { get; init; }

    [Doc("Tokens with which a person agrees to a loss, by the snapshot's name in the preview.")]
    [Permission]
    public ImmutableSortedDictionary<string, string> Consent { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [Doc("What happens to the snapshot when the resource is deleted.")]
    public ZfsSnapshotDeletion OnDelete { get; init; } = ZfsSnapshotDeletion.Keep;
}

/// <summary>What happens to a snapshot when the resource is deleted.</summary>
internal enum ZfsSnapshotDeletion
{
    [Doc("It stays where it is.")]
    Keep,

    [Doc("It is destroyed, with consent.")]
    Destroy,
}
