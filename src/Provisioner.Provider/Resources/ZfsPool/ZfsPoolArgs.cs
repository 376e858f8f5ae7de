using System.Collections.Immutable;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.ZfsPool;

/// <summary>What is wanted of a ZFS pool.</summary>
[Doc("A ZFS pool, known by its GUID: made on devices that hold nothing, or imported and adopted when it lies there already. "
    + "A pool with the same name and another GUID is never imported, changed or destroyed.")]
internal sealed record ZfsPoolArgs : IOnDevice
{
    [Doc("The device: the `address` that a Device gives out (`ssh://root@lamp:22?hostKey=SHA256:…`), or `local:`.")]
    public required string Device { get; init; }

    [Doc("The pool's name.")]
    public required string Name { get; init; }

    [Doc("How the devices are put together. It is fixed once the pool is made.")]
    public ZfsLayout Layout { get; init; } = ZfsLayout.Single;

    [Doc("What the pool is made of: names that stay, in /dev/disk/by-partuuid or /dev/disk/by-id, such as the `poolPartition` of a Disk.")]
    public required ImmutableArray<string> Devices { get; init; }

    [Doc("Properties of the pool. `ashift` is 12 and `autotrim` is on when they are left out.")]
    public ImmutableSortedDictionary<string, string> Properties { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [Doc("Properties of the pool's root file system, which all datasets inherit. `mountpoint` is none when it is left out.")]
    public ImmutableSortedDictionary<string, string> FileSystemProperties { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [Doc("Tokens with which a person agrees to a loss, by a disk's or a pool's name in the preview.")]
    [Permission]
    public ImmutableSortedDictionary<string, string> Consent { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [Doc("What happens to the pool when the resource is deleted.")]
    public ZfsPoolDeletion OnDelete { get; init; } = ZfsPoolDeletion.Keep;
}

/// <summary>How devices are put together.</summary>
internal enum ZfsLayout
{
    [Doc("One device, or several without redundancy.")]
    Single,

    [Doc("Every device holds everything.")]
    Mirror,

    [Doc("One device may fail.")]
    Raidz1,

    [Doc("Two devices may fail.")]
    Raidz2,

    [Doc("Three devices may fail.")]
    Raidz3,
}

/// <summary>What happens to a pool when the resource is deleted.</summary>
internal enum ZfsPoolDeletion
{
    [Doc("It is exported; everything in it stays.")]
    Keep,

    [Doc("It is destroyed, with consent.")]
    Destroy,
}
