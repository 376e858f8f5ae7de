using System.Collections.Immutable;
using Pulumi;

namespace Provisioner;

/// <summary>
/// The bootstrap image: built from a flake by Nix on this machine, in a container or on another machine, or taken as it is by
/// path or URL. It holds no secret, so one image serves every Pi. It is checked before it is put where it could be flashed, and
/// built again only when the flake has changed.
/// </summary>
public sealed class SdImage : CustomResource
{
    /// <param name="name">A name that no other SdImage of the same parent has.</param>
    /// <param name="args">The inputs.</param>
    /// <param name="options">How the engine treats the resource.</param>
    public SdImage(string name, SdImageArgs args, CustomResourceOptions? options = null)
        : base("provisioner:index:SdImage", name, args, options)
    {
    }

    /// <summary>The image on this machine.</summary>
    [Output("path")]
    public Output<string> Path { get; private set; } = null!;

    /// <summary>The file's SHA-256, 64 hex digits.</summary>
    [Output("sha256")]
    public Output<string> Sha256 { get; private set; } = null!;

    /// <summary>The file's size in bytes.</summary>
    [Output("size")]
    public Output<double> Size { get; private set; } = null!;

    /// <summary>The size of the card's content in bytes.</summary>
    [Output("imageSize")]
    public Output<double> ImageSize { get; private set; } = null!;

    /// <summary>How the file is compressed: <c>none</c>, <c>zstd</c> or <c>xz</c>.</summary>
    [Output("compression")]
    public Output<string> Compression { get; private set; } = null!;

    /// <summary>The board that the image is for.</summary>
    [Output("board")]
    public Output<SdImageBoard> Board { get; private set; } = null!;

    /// <summary>Digest of what the image was built from; empty for a prebuilt one.</summary>
    [Output("contentHash")]
    public Output<string> ContentHash { get; private set; } = null!;

    /// <summary>What was found in the image when it was checked.</summary>
    [Output("contents")]
    public Output<ImmutableArray<string>> Contents { get; private set; } = null!;

    /// <summary>What differs from what was made, by what it is about; empty when all is well.</summary>
    [Output("drift")]
    public Output<ImmutableDictionary<string, string>> Drift { get; private set; } = null!;
}

/// <summary>The inputs of a <see cref="SdImage"/>.</summary>
public sealed class SdImageArgs : ResourceArgs
{
    /// <summary>Who makes the image; <see cref="SdImageBuilder.Local"/> when left out.</summary>
    [Input("builder")]
    public Input<SdImageBuilder>? Builder { get; set; }

    /// <summary>The folder with the flake, on this machine. What git ignores in it is not built. For every builder but <see cref="SdImageBuilder.Prebuilt"/>.</summary>
    [Input("flake")]
    public Input<string>? Flake { get; set; }

    /// <summary>What of the flake is built; <c>nixosConfigurations.bootstrap.config.system.build.sdImage</c> when left out.</summary>
    [Input("attribute")]
    public Input<string>? Attribute { get; set; }

    /// <summary>The board; <see cref="SdImageBoard.Pi4"/> when left out.</summary>
    [Input("board")]
    public Input<SdImageBoard>? Board { get; set; }

    /// <summary>
    /// The country whose rules the WiFi keeps to, two capital letters as in ISO 3166: the copy of the flake that is built has it in
    /// its host.json, where the folder has that file. It is no matter for <see cref="SdImageBuilder.Prebuilt"/>.
    /// </summary>
    [Input("country")]
    public Input<string>? Country { get; set; }

    /// <summary>The other machine, for <see cref="SdImageBuilder.Ssh"/>: <c>ssh://user@host:port?hostKey=SHA256:…</c>.</summary>
    [Input("host")]
    public Input<string>? Host { get; set; }

    /// <summary>For <see cref="SdImageBuilder.Container"/>: <c>docker</c> or <c>podman</c>; whichever is there when left out.</summary>
    [Input("containerEngine")]
    public Input<string>? ContainerEngine { get; set; }

    /// <summary>For <see cref="SdImageBuilder.Container"/>: the image that has Nix in it.</summary>
    [Input("containerImage")]
    public Input<string>? ContainerImage { get; set; }

    /// <summary>Settings for Nix, as in nix.conf, such as <c>sandbox</c> or <c>extra-platforms</c>. They are public.</summary>
    [Input("nixOptions")]
    public InputMap<string>? NixOptions { get; set; }

    /// <summary>For <see cref="SdImageBuilder.Prebuilt"/>: a file on this machine, or an http(s) address; may be compressed, .zst or .xz.</summary>
    [Input("source")]
    public Input<string>? Source { get; set; }

    /// <summary>For <see cref="SdImageBuilder.Prebuilt"/>: the SHA-256 of the source as it is, compressed or not. Required for an address; a file without it is taken as it is.</summary>
    [Input("sha256")]
    public Input<string>? Sha256 { get; set; }

    /// <summary>Where images are kept on this machine; <c>~/.cache/provisioner/images</c> when left out.</summary>
    [Input("folder")]
    public Input<string>? Folder { get; set; }

    /// <summary>Commits of the flake's history in which a secret was found and changed since: their ids, at least seven digits of each.</summary>
    [Input("acceptedCommits")]
    public InputList<string>? AcceptedCommits { get; set; }

    /// <summary>
    /// Findings of the search for secrets that are none, or open nothing any more: each as it is printed, <c>file#</c> and six hex
    /// digits. Another text at that place is another finding.
    /// </summary>
    [Input("acceptedFindings")]
    public InputList<string>? AcceptedFindings { get; set; }
}

/// <summary>Who makes an image.</summary>
[EnumType]
public readonly record struct SdImageBuilder
{
    private readonly string _value;

    private SdImageBuilder(string value) => _value = value;

    /// <summary>Nix on this machine.</summary>
    public static SdImageBuilder Local { get; } = new("local");

    /// <summary>Nix in a container of Docker or Podman: the way on a Mac, where it runs without emulation.</summary>
    public static SdImageBuilder Container { get; } = new("container");

    /// <summary>Nix on another machine.</summary>
    public static SdImageBuilder Ssh { get; } = new("ssh");

    /// <summary>Somebody did already: a file or an address, with its SHA-256.</summary>
    public static SdImageBuilder Prebuilt { get; } = new("prebuilt");

    public static explicit operator string(SdImageBuilder value) => value._value;

    public override string ToString() => _value;
}

/// <summary>A board that an image is for.</summary>
[EnumType]
public readonly record struct SdImageBoard
{
    private readonly string _value;

    private SdImageBoard(string value) => _value = value;

    /// <summary>Raspberry Pi 4.</summary>
    public static SdImageBoard Pi4 { get; } = new("pi4");

    /// <summary>The virtual Pi: an x86-64 machine that needs no firmware files.</summary>
    public static SdImageBoard Virtual { get; } = new("virtual");

    public static explicit operator string(SdImageBoard value) => value._value;

    public override string ToString() => _value;
}
