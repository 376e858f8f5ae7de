using System.Collections.Immutable;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.SdCard;

/// <summary>What was written, and what was found at the last look. Everything that a plan needs is here.</summary>
internal sealed record SdCardState
{
    [Doc("Where it was written.")]
    public required string Target { get; init; }

    [Doc("SHA-256 of the image file that was written; empty while there is none.")]
    public string ImageSha256 { get; init; } = "";

    [Doc("The length of the image, decompressed, in bytes.")]
    public long Bytes { get; init; }

    [Doc("The machine's name on the card.")]
    public string Hostname { get; init; } = "";

    [Doc("The fingerprint of the SSH host key on the card.")]
    public string Fingerprint { get; init; } = "";

    [Doc("The WiFi networks on the card.")]
    public ImmutableArray<string> Networks { get; init; } = [];

    [Secret]
    [Doc("The key of identityDigest.")]
    public required string DigestKey { get; init; }

    [Doc("The digest of the identity card that was written, under a key: it says whether two are the same, and no more.")]
    public string IdentityDigest { get; init; } = "";

    [Doc("XXH128 of all that was written but the identity card.")]
    public string ContentDigest { get; init; } = "";

    [Doc("Of an image file: length and time of the last change, after it was written.")]
    public string FileMark { get; init; } = "";

    [Doc("What was found.")]
    public CardFound Found { get; init; } = new();
}

/// <summary>What is where the card should be.</summary>
internal enum CardPresence
{
    [Doc("The disk is not in a reader of this machine.")]
    Away,

    [Doc("There is no such file, or an empty one; the disk is blank.")]
    Nothing,

    [Doc("We began to write it and did not finish.")]
    Unfinished,

    [Doc("We began to change its identity card and did not finish.")]
    IdentityUnfinished,

    [Doc("A card that was made by this provider.")]
    Card,

    [Doc("Something else.")]
    Other,
}

/// <summary>What was found.</summary>
[Doc("What was found where the card should be.")]
internal sealed record CardFound
{
    [Doc("What is there.")]
    public CardPresence Presence { get; init; } = CardPresence.Nothing;

    [Doc("The node or file that is written to.")]
    public string Path { get; init; } = "";

    [Doc("For people.")]
    public string Description { get; init; } = "";

    [Doc("Under which consent is given.")]
    public string Key { get; init; } = "";

    [Doc("Why it may not be written, whoever agrees.")]
    public ImmutableArray<string> Forbidden { get; init; } = [];

    [Doc("SHA-256 of the image file that the card says it was made from.")]
    public string ImageSha256 { get; init; } = "";

    [Doc("The length of that image, decompressed.")]
    public long ImageBytes { get; init; }

    [Doc("The digest of the identity card, under digestKey.")]
    public string IdentityDigest { get; init; } = "";

    [Doc("Whether the identity card is empty, as after a first boot.")]
    public bool IdentityErased { get; init; }

    [Doc("Of an image file: whether it changed since it was written.")]
    public bool Changed { get; init; }

    [Doc("Of an image file: length and time of the last change.")]
    public string FileMark { get; init; } = "";

    [Doc("What a consent is bound to.")]
    public ImmutableArray<CardFact> Facts { get; init; } = [];

    [Doc("What would be lost.")]
    public ImmutableArray<string> Losses { get; init; } = [];

    [Doc("SHA-256 of all that was seen: the last look in front of writing must see the same.")]
    public string Digest { get; init; } = "";
}

/// <summary>Something that a consent is bound to.</summary>
[Doc("Something that a consent is bound to.")]
internal sealed record CardFact
{
    [Doc("What it is about.")]
    public required string Name { get; init; }

    [Doc("What is so.")]
    public required string Value { get; init; }

    [Doc("Whether it says which card this is.")]
    public bool IsIdentity { get; init; }
}
