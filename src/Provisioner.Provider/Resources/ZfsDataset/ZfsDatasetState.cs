using System.Collections.Immutable;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Resources.Zfs.Mounts;

namespace Provisioner.Provider.Resources.ZfsDataset;

/// <summary>The file system as it is on the device, with everything that a plan needs.</summary>
internal sealed record ZfsDatasetState
{
    [Doc("The device.")]
    public required string Device { get; init; }

    [Doc("The name with the pool in front, as ZFS knows it.")]
    public required string Name { get; init; }

    [Doc("The pool's GUID.")]
    public required string PoolGuid { get; init; }

    [Doc("The file system's GUID.")]
    public required string Guid { get; init; }

    [Doc("Where it is mounted: a folder, `legacy` or `none`.")]
    public string? Mountpoint { get; init; }

    [Doc("Bytes of it, its snapshots and all below it.")]
    public long Used { get; init; }

    [Doc("Bytes that it leads to now.")]
    public long Referenced { get; init; }

    [Doc("Bytes that can still be written.")]
    public long Available { get; init; }

    [Doc("The cipher; `off` for none.")]
    public string Encryption { get; init; } = "off";

    [Doc("Whether the key is loaded: `available` or `unavailable`; `none` without encryption.")]
    public string KeyStatus { get; init; } = "none";

    [Secret]
    [Doc("The key that was written last.")]
    public string? Key { get; init; }

    [Doc("The installation that it belongs to; none when nothing is noted on it.")]
    public string? Installation { get; init; }

    [Doc("Properties that are set on it, as ZFS shows them.")]
    public ImmutableSortedDictionary<string, string> Properties { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [Doc("Users' own properties (with a colon) that the program set last. All others of that kind belong to somebody else and are left alone.")]
    public ImmutableArray<string> UserProperties { get; init; } = [];

    [Doc("What differs on the device from what was wanted last, by what it is about; empty when all is well.")]
    public ImmutableSortedDictionary<string, string> Drift { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [Doc("What decides how a change is made.")]
    public ZfsDatasetSituation Situation { get; init; } = new();
}

/// <summary>What decides how a change is made.</summary>
[Doc("What decides how a change is made.")]
internal sealed record ZfsDatasetSituation
{
    [Doc("Why nothing may be done: the imported pool of this name is another one, or ZFS does not answer.")]
    public string? Blocked { get; init; }

    [Doc("Whether the file system is not there, or cannot be seen.")]
    public bool Missing { get; init; }

    [Doc("Whether the pool is imported.")]
    public bool PoolImported { get; init; }

    [Doc("Whose key it is encrypted with: the name of a file system.")]
    public string? EncryptionRoot { get; init; }

    [Doc("Under which name the file system lies now, when it is another one.")]
    public string? FoundAs { get; init; }

    [Doc("The GUID of another file system that has the name.")]
    public string? Namesake { get; init; }

    [Doc("Whether a volume has the name.")]
    public bool IsVolume { get; init; }

    [Doc("What only a new file system can have, as it is now.")]
    public ImmutableSortedDictionary<string, string> Fixed { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [Doc("For what is wanted but not set on it: the value it has, and where from.")]
    public ImmutableSortedDictionary<string, string> Inherited { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [Doc("What lies in it and below it, in words.")]
    public ImmutableArray<string> Holds { get; init; } = [];

    [Doc("A digest of the names, GUIDs and sizes of it and all below it, for consent.")]
    public string? Contents { get; init; }

    [Doc("Whether the pool has a checkpoint already.")]
    public bool Checkpoint { get; init; }

    [Doc("The devices of the pool.")]
    public ImmutableArray<string> PoolDevices { get; init; } = [];

    [Doc("Below which folder the pool is mounted.")]
    public string AltRoot { get; init; } = "";

    [Doc("Where the running system has it, or something below it, mounted so that ZFS does not unmount it by itself.")]
    public ImmutableArray<string> InUse { get; init; } = [];

    [Doc("Whether it, or something below it, is mounted below /mnt.")]
    public bool IsTarget { get; init; }

    [Doc("What would be mounted, and what lies there.")]
    public ZfsMounting Mounting { get; init; } = new();
}
