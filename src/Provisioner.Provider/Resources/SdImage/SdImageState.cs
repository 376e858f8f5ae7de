using System.Collections.Immutable;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.SdImage;

/// <summary>The image.</summary>
internal sealed record SdImageState
{
    [Doc("The image on this machine.")]
    public string Path { get; init; } = "";

    [Doc("The file's SHA-256 in hex.")]
    public string Sha256 { get; init; } = "";

    [Doc("The file's size in bytes.")]
    public long Size { get; init; }

    [Doc("The size of the card's content in bytes: the file's when it is not compressed.")]
    public long ImageSize { get; init; }

    [Doc("How the file is compressed: `none`, `zstd` or `xz`.")]
    public string Compression { get; init; } = "none";

    [Doc("The board that the image is for.")]
    public SdImageBoard Board { get; init; }

    [Doc("Digest of what the image was made of: the flake's files and what is built of them. Empty for a prebuilt image.")]
    public string ContentHash { get; init; } = "";

    [Doc("The country that the flake was given; none for its own.")]
    public string? Country { get; init; }

    [Doc("What was found in the image when it was checked.")]
    public ImmutableArray<string> Contents { get; init; } = [];

    [Doc("When the file was last written, in milliseconds since 1970: an untouched file is not read again.")]
    public long Written { get; init; }

    [Doc("What differs from what was made, by what it is about; empty when all is well.")]
    public ImmutableSortedDictionary<string, string> Drift { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [Doc("What was found where the image is made.")]
    public SdImageSituation Situation { get; init; } = new();
}

/// <summary>What was found where an image is made.</summary>
[Doc("What was found where an image is made.")]
internal sealed record SdImageSituation
{
    [Doc("Digest of the flake as it is now.")]
    public string ContentHash { get; init; } = "";

    [Doc("How many files of the flake are built.")]
    public int Files { get; init; }

    [Doc("Secrets that were found in the flake: their places, never the secrets.")]
    public ImmutableArray<string> Secrets { get; init; } = [];

    [Doc("What may be a secret and may be none, in what is built: the places.")]
    public ImmutableArray<string> Doubts { get; init; } = [];

    [Doc("What the flake reads and the build would not have, because it lies outside the flake's folder.")]
    public ImmutableArray<string> Beyond { get; init; } = [];

    [Doc("Where the build would run.")]
    public string Where { get; init; } = "";

    [Doc("Why it cannot be built there.")]
    public string? Obstacle { get; init; }

    [Doc("What to do about that.")]
    public string? Remedy { get; init; }

    [Doc("What the build will cost, when it runs under emulation.")]
    public string? Cost { get; init; }

    [Doc("Kernels that the build would compile, because neither the builder's store nor a cache has them.")]
    public ImmutableArray<string> Kernels { get; init; } = [];

    [Doc("The file that a prebuilt image is taken from; empty for an address.")]
    public string Source { get; init; } = "";
}
