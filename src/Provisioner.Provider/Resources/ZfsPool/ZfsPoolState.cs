using System.Collections.Immutable;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Resources.Zfs.Mounts;

namespace Provisioner.Provider.Resources.ZfsPool;

/// <summary>The pool as it is on the device, with everything that a plan needs.</summary>
internal sealed record ZfsPoolState
{
    [Doc("The device.")]
    public required string Device { get; init; }

    [Doc("The pool's name.")]
    public required string Name { get; init; }

    [Doc("The pool's GUID, which tells it from any other of the same name.")]
    public required string Guid { get; init; }

    [Doc("`ONLINE`, `DEGRADED` and the like, as ZFS says; `EXPORTED`, `DESTROYED` or `MISSING` when it is not imported.")]
    public string Health { get; init; } = "";

    [Doc("Bytes of all devices.")]
    public long Size { get; init; }

    [Doc("Bytes in use.")]
    public long Allocated { get; init; }

    [Doc("Bytes left.")]
    public long Free { get; init; }

    [Doc("What the pool is made of.")]
    public ImmutableArray<ZfsPoolVdev> Vdevs { get; init; } = [];

    [Doc("Read, write and checksum errors of all devices since they were last cleared.")]
    public long Errors { get; init; }

    [Doc("The pool's properties that are managed or set, as ZFS shows them.")]
    public ImmutableSortedDictionary<string, string> Properties { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [Doc("The root file system's properties that are managed or set, as ZFS shows them.")]
    public ImmutableSortedDictionary<string, string> FileSystemProperties { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [Doc("Users' own properties (with a colon) of the root file system that the program set last. All others of that kind belong to somebody else and are left alone.")]
    public ImmutableArray<string> UserProperties { get; init; } = [];

    [Doc("What differs on the device from what was wanted last, by what it is about; empty when all is well.")]
    public ImmutableSortedDictionary<string, string> Drift { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [Doc("What decides how a change is made.")]
    public ZfsPoolSituation Situation { get; init; } = new();
}

/// <summary>A part of a pool.</summary>
[Doc("A part of a pool.")]
internal sealed record ZfsPoolVdev
{
    [Doc("Its GUID.")]
    public required string Guid { get; init; }

    [Doc("`disk`, `mirror`, `raidz1` and the like.")]
    public required string Kind { get; init; }

    [Doc("Where the device is now; none for a group of devices.")]
    public string? Path { get; init; }

    [Doc("`ONLINE`, `DEGRADED`, `FAULTED`, `OFFLINE`, `UNAVAIL` or `REMOVED`.")]
    public required string State { get; init; }

    [Doc("Read, write and checksum errors since they were last cleared.")]
    public long Errors { get; init; }
}

/// <summary>What decides how a change is made.</summary>
[Doc("What decides how a change is made.")]
internal sealed record ZfsPoolSituation
{
    [Doc("Below which folder the pool is, or would be, mounted: /mnt while a system is being made; empty for the running system.")]
    public string AltRoot { get; init; } = "";

    [Doc("Whether the running system lies on the pool.")]
    public bool HoldsRoot { get; init; }

    [Doc("The name under which our pool goes now, when it is another one.")]
    public string? FoundAs { get; init; }

    [Doc("The GUID of another imported pool with this name.")]
    public string? Namesake { get; init; }

    [Doc("On what that other pool lies.")]
    public ImmutableArray<string> NamesakeOn { get; init; } = [];

    [Doc("The GUIDs of the parts that the pool had when it was last as wanted.")]
    public ImmutableArray<string> KnownVdevs { get; init; } = [];

    [Doc("What ZFS says is wrong with the pool.")]
    public string Trouble { get; init; } = "";

    [Doc("At which transaction the pool was left, when it is not imported.")]
    public string? LeftAt { get; init; }

    [Doc("Whose machine had the pool last, when it was not exported and that machine is not this one.")]
    public string? LastUsedBy { get; init; }

    [Doc("Where the pool can be imported from.")]
    public ImmutableArray<string> ImportFrom { get; init; } = [];

    [Doc("The devices that are wanted.")]
    public ImmutableArray<ZfsPoolMember> Members { get; init; } = [];

    [Doc("What lies in the pool, in words.")]
    public ImmutableArray<string> Holds { get; init; } = [];

    [Doc("A digest of the names, GUIDs and sizes of all that lies in the pool, for consent.")]
    public string? Contents { get; init; }

    [Doc("The checkpoint of the pool: whether there is one.")]
    public bool Checkpoint { get; init; }

    [Doc("Why ZFS cannot be asked.")]
    public string? Blind { get; init; }

    [Doc("What would be mounted, and what lies there.")]
    public ZfsMounting Mounting { get; init; } = new();
}

/// <summary>A device that is wanted for a pool.</summary>
[Doc("A device that is wanted for a pool.")]
internal sealed record ZfsPoolMember
{
    [Doc("Its name that stays.")]
    public required string Path { get; init; }

    [Doc("Whether it is there.")]
    public bool Present { get; init; }

    [Doc("The device node.")]
    public string? Node { get; init; }

    [Doc("The serial number of the disk.")]
    public string? Serial { get; init; }

    [Doc("Bytes.")]
    public long Size { get; init; }

    [Doc("What lies there, in words; none for nothing.")]
    public string? Holds { get; init; }

    [Doc("Why it can never be taken.")]
    public string? Forbidden { get; init; }

    [Doc("A digest of what was read there.")]
    public string? Content { get; init; }

    [Doc("How much was written to its disk since it was plugged in; none when the device does not tell.")]
    public string? Written { get; init; }

    [Doc("Whether a creation of this very pool was cut off there, so that nothing can be in it.")]
    public bool Torn { get; init; }

    [Doc("The kernel's name of the disk that it lies on, which the last look reads again.")]
    public string? Disk { get; init; }

    [Doc("A digest of all that was seen on that disk.")]
    public string? DiskDigest { get; init; }
}
