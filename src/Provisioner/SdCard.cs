using System.Collections.Immutable;
using Pulumi;

namespace Provisioner;

/// <summary>
/// A card that boots as one particular machine: an image that any Pi can use, and the identity card of this one in the gap in
/// front of its first partition. It is written on the machine that this runs on: streamed, the first block last, read back and
/// compared. When only the identity changed, only that is rewritten. A card that is not in a reader is no difference.
/// </summary>
public sealed class SdCard : CustomResource
{
    /// <param name="name">A name that no other SdCard of the same parent has.</param>
    /// <param name="args">The inputs.</param>
    /// <param name="options">How the engine treats the resource.</param>
    public SdCard(string name, SdCardArgs args, CustomResourceOptions? options = null)
        : base("provisioner:index:SdCard", name, args, options)
    {
    }

    /// <summary>Where it was written.</summary>
    [Output("target")]
    public Output<string> Target { get; private set; } = null!;

    /// <summary>SHA-256 of the image file that was written.</summary>
    [Output("imageSha256")]
    public Output<string> ImageSha256 { get; private set; } = null!;

    /// <summary>The machine's name on the card.</summary>
    [Output("hostname")]
    public Output<string> Hostname { get; private set; } = null!;

    /// <summary>The fingerprint of the SSH host key on the card: <c>SHA256:…</c>.</summary>
    [Output("fingerprint")]
    public Output<string> Fingerprint { get; private set; } = null!;

    /// <summary>The WiFi networks on the card.</summary>
    [Output("networks")]
    public Output<ImmutableArray<string>> Networks { get; private set; } = null!;
}

/// <summary>The inputs of an <see cref="SdCard"/>.</summary>
public sealed class SdCardArgs : ResourceArgs
{
    /// <summary>The image of the whole card, on this machine: <c>.img</c>, <c>.img.zst</c> or <c>.img.xz</c>.</summary>
    [Input("image", required: true)]
    public Input<string> Image { get; set; } = null!;

    /// <summary>SHA-256 of that file as it is, 64 hex digits, as sha256sum prints it.</summary>
    [Input("imageSha256", required: true)]
    public Input<string> ImageSha256 { get; set; } = null!;

    /// <summary>Where it is written: a disk of this machine (<c>/dev/disk/by-id/…</c>), or the path of an image file. Another one replaces the card.</summary>
    [Input("target", required: true)]
    public Input<string> Target { get; set; } = null!;

    /// <summary>
    /// The disk's serial number, or its name in /dev/disk/by-id. A disk that does not call itself removable is written only when
    /// it has this; one with another serial never.
    /// </summary>
    [Input("serial")]
    public Input<string>? Serial { get; set; }

    /// <summary>The machine's name: that of its <see cref="HostIdentity"/>.</summary>
    [Input("hostname", required: true)]
    public Input<string> Hostname { get; set; } = null!;

    /// <summary>The SSH host's private key, a secret: <see cref="HostIdentity.PrivateKey"/>.</summary>
    [Input("hostKey", required: true)]
    public Input<string> HostKey { get; set; } = null!;

    /// <summary>ZFS's host id, eight hex digits: <see cref="HostIdentity.HostId"/>.</summary>
    [Input("hostId", required: true)]
    public Input<string> HostId { get; set; } = null!;

    /// <summary>Public keys that may log in as root, each a line such as <c>ssh-ed25519 AAAA… me@home</c>.</summary>
    [Input("authorizedKeys", required: true)]
    public InputList<string> AuthorizedKeys { get; set; } = null!;

    /// <summary>The WiFi networks that the machine joins.</summary>
    [Input("networks")]
    public InputList<CardNetworkArgs>? Networks { get; set; }

    /// <summary>Consent to lose what is on the card: the token that the preview prints, under the disk's serial number or the file's name.</summary>
    [Input("consent")]
    public InputMap<string>? Consent { get; set; }
}

/// <summary>A WiFi network that the machine joins as soon as it boots from the card.</summary>
public sealed class CardNetworkArgs : ResourceArgs
{
    /// <summary>The network's name, 1 to 32 bytes in UTF-8.</summary>
    [Input("ssid", required: true)]
    public Input<string> Ssid { get; set; } = null!;

    /// <summary>The password, a secret: for wpa-psk 8 to 63 printable ASCII characters, or the 64 hex digits of the key. Null for an open network.</summary>
    [Input("password")]
    public Input<string>? Password { get; set; }

    /// <summary>How the network is protected; <see cref="WifiSecurity.WpaPsk"/> when left out.</summary>
    [Input("security")]
    public Input<WifiSecurity>? Security { get; set; }

    /// <summary>Which of several networks in range is joined: the one with the highest number, -899 to 999; -100 when left out, below a <see cref="WifiProfile"/>.</summary>
    [Input("priority")]
    public Input<int>? Priority { get; set; }

    /// <summary>Whether the network does not announce its name.</summary>
    [Input("hidden")]
    public Input<bool>? Hidden { get; set; }
}
