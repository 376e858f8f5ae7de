using System.Collections.Immutable;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.ZfsDataset;

/// <summary>What is wanted of a ZFS file system.</summary>
[Doc("A file system in a ZFS pool, known by its GUID. Properties are set, or inherited again; one that only a new file system can have makes a replacement, "
    + "in which the old one is renamed and kept, and which needs consent. Volumes cannot be made.")]
internal sealed record ZfsDatasetArgs : IOnDevice
{
    [Doc("The device: the `address` that a Device gives out (`ssh://root@lamp:22?hostKey=SHA256:…`), or `local:`.")]
    public required string Device { get; init; }

    [Doc("The pool's name.")]
    public required string Pool { get; init; }

    [Doc("The pool's GUID, the `guid` of a ZfsPool: another pool of the same name is not touched.")]
    public required string PoolGuid { get; init; }

    [Doc("The path below the pool, such as `root` or `home/me`. Folders in between are made.")]
    public required string Name { get; init; }

    [Doc("Properties that are set on it; all others are inherited, but for users' own (with a colon) that others have set, which are left alone. Among them `mountpoint`, `quota`, `reservation`, `recordsize`, `compression`, and users' own such as `com.sun:auto-snapshot`.")]
    public ImmutableSortedDictionary<string, string> Properties { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [Doc("The cipher: `on`, `aes-256-gcm` and the like. Without it the file system is encrypted only as the one above it is.")]
    public string? Encryption { get; init; }

    [Doc("What the key is.")]
    public ZfsKeyFormat KeyFormat { get; init; } = ZfsKeyFormat.Passphrase;

    [Secret]
    [Doc("The key: a passphrase of 8 to 512 characters, or 64 hex digits. It reaches the device through standard input only.")]
    public string? Key { get; init; }

    [Doc("A name for the installation that it belongs to, noted on it as the property provisioner:installation. Under another name a new, empty file system is made, "
        + "and the one that was there is renamed and kept; one that has no such note, only with consent. Left out, it is the same for every installation.")]
    public string? Installation { get; init; }

    [Doc("Whether it outlives an installation: under another name it is kept, with all that is in it.")]
    public bool Keep { get; init; }

    [Doc("Tokens with which a person agrees to a loss, by the dataset's name in the preview; with `:mount` behind it, to covering what lies where it would be mounted.")]
    [Permission]
    public ImmutableSortedDictionary<string, string> Consent { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [Doc("What happens to the file system when the resource is deleted.")]
    public ZfsDatasetDeletion OnDelete { get; init; } = ZfsDatasetDeletion.Keep;
}

/// <summary>What a key is.</summary>
internal enum ZfsKeyFormat
{
    [Doc("A text of 8 to 512 characters.")]
    Passphrase,

    [Doc("64 hex digits.")]
    Hex,
}

/// <summary>What happens to a file system when the resource is deleted.</summary>
internal enum ZfsDatasetDeletion
{
    [Doc("It stays where it is.")]
    Keep,

    [Doc("It is destroyed with all below it and its snapshots, with consent.")]
    Destroy,
}
