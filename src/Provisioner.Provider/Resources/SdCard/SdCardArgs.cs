using System.Collections.Immutable;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Resources.WifiProfile;

namespace Provisioner.Provider.Resources.SdCard;

/// <summary>What is wanted of a card.</summary>
[Doc("A card that boots as one particular machine: an image that any Pi can use, and the identity card of this one in the gap in front of its first partition. "
    + "Written on the machine that this runs on: streamed, the first block last, read back and compared. When only the identity changed, only that is rewritten. A card that is not in a reader is no difference.")]
internal sealed record SdCardArgs
{
    [Doc("The image of the whole card, on this machine: `.img`, `.img.zst` or `.img.xz`; ~ is the home folder.")]
    public required string Image { get; init; }

    [Doc("SHA-256 of that file as it is, 64 hex digits, as sha256sum prints it.")]
    public required string ImageSha256 { get; init; }

    [Doc("Where it is written: a disk of this machine (`/dev/disk/by-id/…`, `/dev/sdb`; on macOS `/dev/disk4`), or the path of an image file.")]
    [Replaces]
    public required string Target { get; init; }

    [Doc("The disk's serial number, or its name in /dev/disk/by-id. A disk that does not call itself removable is written only when it has this; one with another serial never.")]
    [Replaces]
    public string? Serial { get; init; }

    [Doc("The machine's name: that of its HostIdentity.")]
    public required string Hostname { get; init; }

    [Secret]
    [Doc("The SSH host's private key: the `privateKey` of a HostIdentity.")]
    public required string HostKey { get; init; }

    [Doc("ZFS's host id, eight hex digits: the `hostId` of a HostIdentity.")]
    public required string HostId { get; init; }

    [Doc("Public keys that may log in as root, each a line such as `ssh-ed25519 AAAA… me@home`.")]
    public required ImmutableArray<string> AuthorizedKeys { get; init; }

    [Doc("The WiFi networks that the machine joins. The card gets the derived keys only, except for networks of the kind sae.")]
    public ImmutableArray<CardNetwork> Networks { get; init; } = [];

    [Doc("Consent to lose what is on the card: the token that the preview prints, under the disk's serial number or the file's name. It is bound to what was seen there.")]
    [Permission]
    public ImmutableSortedDictionary<string, string> Consent { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}

/// <summary>A network that the machine joins.</summary>
[Doc("A WiFi network that the machine joins as soon as it boots from the card.")]
internal sealed record CardNetwork
{
    [Doc("The network's name, 1 to 32 bytes in UTF-8.")]
    public required string Ssid { get; init; }

    [Secret]
    [Doc("The password: for wpa-psk 8 to 63 printable ASCII characters, or the 64 hex digits of the key. None for an open network.")]
    public string? Password { get; init; }

    [Doc("How the network is protected.")]
    public WifiSecurity Security { get; init; } = WifiSecurity.WpaPsk;

    [Doc("Which of several networks in range is joined: the one with the highest number, -899 to 999. Lower than that of a WifiProfile, which is what the machine should use once it is set up.")]
    public int Priority { get; init; } = -100;

    [Doc("Whether the network does not announce its name.")]
    public bool Hidden { get; init; }
}
