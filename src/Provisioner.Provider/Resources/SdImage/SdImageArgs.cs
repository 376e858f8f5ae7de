using System.Collections.Immutable;
using Provisioner.Provider.Building;
using Provisioner.Provider.Flakes;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.SdImage;

/// <summary>What is wanted of an image.</summary>
[Doc("The bootstrap image: built from a flake by Nix on this machine, in a container or on another machine, or taken as it is by path or URL. It holds no secret, so one image serves every Pi; what makes a card one Pi's is the identity card.")]
internal sealed record SdImageArgs
{
    [Doc("Who makes the image.")]
    public SdImageBuilder Builder { get; init; } = SdImageBuilder.Local;

    [Doc("The folder with the flake, on this machine; ~ is the home folder. What git ignores in it is not built. For every builder but `prebuilt`.")]
    public string? Flake { get; init; }

    [Doc("The country whose rules the WiFi keeps to, two capital letters as in ISO 3166: the copy of the flake that is built has it in its host.json, where the folder has that file. It is no matter for `prebuilt`.")]
    public string? Country { get; init; }

    [Doc("What of the flake is built: a derivation that leaves one image in `sd-image/`.")]
    public string Attribute { get; init; } = "nixosConfigurations.bootstrap.config.system.build.sdImage";

    [Doc("The board that the image is for; it decides what the image must hold.")]
    public SdImageBoard Board { get; init; } = SdImageBoard.Pi4;

    [Doc("The other machine, for the builder `ssh`: `ssh://user@host:port?hostKey=SHA256:…`.")]
    public string? Host { get; init; }

    [Doc("For the builder `container`: the program, `docker` or `podman`; whichever is there when left out.")]
    public string? ContainerEngine { get; init; }

    [Doc("For the builder `container`: the image that has Nix in it.")]
    public string ContainerImage { get; init; } = NixBuilder.DefaultImage;

    [Doc("Settings for Nix, as in nix.conf, such as `sandbox` or `extra-platforms`. They are public: no token belongs here.")]
    public ImmutableSortedDictionary<string, string> NixOptions { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [Doc("For the builder `prebuilt`: a file on this machine, or an http(s) address. May be compressed: .zst or .xz.")]
    public string? Source { get; init; }

    [Doc("For the builder `prebuilt`: the SHA-256 of the source as it is, compressed or not; 64 hex digits. Required for an address; a file without it is taken as it is, and again when it changes.")]
    public string? Sha256 { get; init; }

    [Doc("Where images are kept on this machine; `~/.cache/provisioner/images` when left out.")]
    public string? Folder { get; init; }

    [Doc("Commits of the flake's history in which a secret was found and changed since: their ids, at least seven digits of each.")]
    [Permission]
    public ImmutableArray<string> AcceptedCommits { get; init; } = [];

    [Doc("Findings of the search for secrets that are none, or open nothing any more: each as it is printed, `file#` and six hex digits. Another text at that place is another finding.")]
    [Permission]
    public ImmutableArray<string> AcceptedFindings { get; init; } = [];

    /// <summary>What the flake's host.json is given.</summary>
    internal HostValues Values => HostValues.None.With("country", Country);

    /// <summary>Where Nix is, for every builder but <see cref="SdImageBuilder.Prebuilt"/>.</summary>
    internal NixBuilder Nix => new(Builder switch
    {
        SdImageBuilder.Ssh => NixBuilderKind.Ssh,
        SdImageBuilder.Container => NixBuilderKind.Container,
        _ => NixBuilderKind.Local,
    })
    {
        Host = Host,
        ContainerEngine = ContainerEngine,
        ContainerImage = ContainerImage,
        Options = NixOptions,
        Target = SdImagePlanner.SystemOf(Board),
        Instead = "prebuilt",
    };
}

/// <summary>Who makes an image.</summary>
internal enum SdImageBuilder
{
    [Doc("Nix on this machine.")]
    Local,

    [Doc("Nix in a container of Docker or Podman: the way on a Mac, where it runs without emulation.")]
    Container,

    [Doc("Nix on another machine.")]
    Ssh,

    [Doc("Somebody did already: a file or an address, with its SHA-256.")]
    Prebuilt,
}

/// <summary>A board.</summary>
internal enum SdImageBoard
{
    [Doc("Raspberry Pi 4.")]
    Pi4,

    [Doc("The virtual Pi of this project: an x86-64 machine that needs no firmware files.")]
    Virtual,
}
