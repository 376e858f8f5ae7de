using Pulumi;

namespace Provisioner;

/// <summary>The inputs of a <see cref="HeadlessPi"/>.</summary>
public sealed class HeadlessPiArgs
{
    /// <summary>Its name: one label of lower-case letters, digits and hyphens, at most 63.</summary>
    public required Input<string> Hostname { get; set; }

    /// <summary>ZFS's host id, eight hex digits: that of a flake which sets networking.hostId itself. Left out, the stack makes one.</summary>
    public Input<string>? HostId { get; set; }

    /// <summary>Where it is: <c>user@host:port</c>, <c>ssh://user@host:port</c>, or <c>local:</c> for this machine. User root and port 22 when left out.</summary>
    public required Input<string> Address { get; set; }

    /// <summary>
    /// The SSH host key of a machine that has one already: <c>SHA256:…</c> or <c>ssh-ed25519 AAAA…</c>. Left out, it is the key
    /// that the stack makes.
    /// </summary>
    public Input<string>? HostKey { get; set; }

    /// <summary>The card that it boots from first, written on the machine that this runs on; null for none: then it boots already.</summary>
    public HeadlessPiCard? Card { get; set; }

    /// <summary>The WiFi that it keeps; null leaves that alone.</summary>
    public HeadlessPiWifi? Wifi { get; set; }

    /// <summary>The SSD that its system lives on; null for none: then no disk is touched.</summary>
    public HeadlessPiSsd? Ssd { get; set; }

    /// <summary>
    /// The NixOS that it is kept at; null for none: then no system is touched. With an <see cref="Ssd"/> it is installed there
    /// first, and gets the host key that the stack makes. Without one, and with the <see cref="HostKey"/> that it has, a machine
    /// that runs NixOS already is only ever updated, whatever disk it runs from.
    /// </summary>
    public HeadlessPiSystem? System { get; set; }

    /// <summary>The pool's name.</summary>
    public Input<string> Pool { get; set; } = "zroot";

    /// <summary>
    /// The datasets below the pool by name, each with its properties. Add to the defaults, take from them, or set all anew:
    /// <c>root</c>, <c>nix</c>, <c>var</c> and <c>home</c>, mounted by NixOS and not by ZFS, <c>nix</c> without automatic snapshots.
    /// </summary>
    public IDictionary<string, InputMap<string>> Datasets { get; init; } = PoolDefaults.Datasets();

    /// <summary>
    /// A name for the installation, such as a year. Under another name the Pi, booted from its card, is installed anew: the
    /// datasets begin empty, and what was in them is kept beside them under other names; those in <see cref="Keep"/> stay as
    /// they are. Null: an installation leaves all datasets as they are.
    /// </summary>
    public Input<string>? Installation { get; set; }

    /// <summary>The datasets that outlive an installation: <c>home</c>. Add to it, or clear it.</summary>
    public ISet<string> Keep { get; init; } = new HashSet<string>(StringComparer.Ordinal) { "home" };

    /// <summary>What people agreed to have destroyed: the tokens that a preview printed, each under the key that it named.</summary>
    public InputMap<string> Consent { get; set; } = [];

    /// <summary>Changes to the inputs of the parts, made before each is registered.</summary>
    public HeadlessPiCustomization Customize { get; init; } = new();
}

/// <summary>A card, or an image file in its place, that boots as this Pi and knows its WiFi.</summary>
public sealed class HeadlessPiCard
{
    /// <summary>Where it is written: a disk of this machine (<c>/dev/disk/by-id/…</c>), or the path of an image file.</summary>
    public required Input<string> Target { get; set; }

    /// <summary>The disk's serial number, for a disk that does not call itself removable.</summary>
    public Input<string>? Serial { get; set; }

    /// <summary>Public keys that may log in as root, each a line such as <c>ssh-ed25519 AAAA… me@home</c>.</summary>
    public required InputList<string> AuthorizedKeys { get; set; }

    /// <summary>What the card is made from: a flake to be built, or an image that is ready.</summary>
    public required SdImageArgs Image { get; set; }
}

/// <summary>A WiFi network.</summary>
public sealed class HeadlessPiWifi
{
    /// <summary>Its name, 1 to 32 bytes in UTF-8.</summary>
    public required Input<string> Ssid { get; set; }

    /// <summary>Its password, a secret. Null for an open network.</summary>
    public Input<string>? Password { get; set; }

    /// <summary>
    /// The country whose rules the radio keeps to, two capital letters as in ISO 3166, for the host.json of a flake that has one.
    /// Without it the radio does not see channels 12 and 13 nor most of 5 GHz.
    /// </summary>
    public Input<string>? Country { get; set; }
}

/// <summary>A disk, by what it is and not by where it happens to be plugged in.</summary>
public sealed class HeadlessPiSsd
{
    /// <summary>Its name in <c>/dev/disk/by-id</c>, such as <c>usb-Samsung_Portable_SSD_T5_1234567A666E-0:0</c>.</summary>
    public required Input<string> ById { get; set; }

    /// <summary>Its serial number; a disk with another one is never written to.</summary>
    public required Input<string> Serial { get; set; }

    /// <summary>
    /// The boot partition's name in the GPT, for a flake that mounts /boot by a name of its own, such as <c>ESP</c>;
    /// <c>esp-</c> and the serial number when left out.
    /// </summary>
    public Input<string>? EspPartitionLabel { get; set; }

    /// <summary>The name of the pool's partition in the GPT, such as <c>disk-main-zfs</c>; <c>zfs-</c> and the serial number when left out.</summary>
    public Input<string>? PoolPartitionLabel { get; set; }
}

/// <summary>A NixOS system of a flake. Its networking.hostName is the Pi's, and its networking.hostId, if it sets one, the identity's.</summary>
public sealed class HeadlessPiSystem
{
    /// <summary>The folder of this machine that holds flake.nix.</summary>
    public required Input<string> Flake { get; set; }

    /// <summary>The name of the system among the flake's nixosConfigurations; <c>pi4</c> when left out.</summary>
    public Input<string>? Attribute { get; set; }

    /// <summary>The time zone, such as <c>Europe/Berlin</c>, for the host.json of a flake that has one.</summary>
    public Input<string>? TimeZone { get; set; }

    /// <summary>Where it is built; on the Pi when left out.</summary>
    public Input<NixosSystemBuilder>? Builder { get; set; }

    /// <summary>The other machine, for <see cref="NixosSystemBuilder.Ssh"/>: <c>ssh://user@host:port?hostKey=SHA256:…</c>.</summary>
    public Input<string>? BuilderHost { get; set; }
}

/// <summary>Changes to the inputs of a <see cref="HeadlessPi"/>'s parts.</summary>
public sealed class HeadlessPiCustomization
{
    /// <summary>Changes the identity's inputs.</summary>
    public Action<HostIdentityArgs>? Identity { get; set; }

    /// <summary>Changes the image's inputs.</summary>
    public Action<SdImageArgs>? Image { get; set; }

    /// <summary>Changes the card's inputs.</summary>
    public Action<SdCardArgs>? Card { get; set; }

    /// <summary>Changes the device's inputs.</summary>
    public Action<DeviceArgs>? Device { get; set; }

    /// <summary>Changes the disk's inputs.</summary>
    public Action<DiskArgs>? Disk { get; set; }

    /// <summary>Changes the pool's inputs.</summary>
    public Action<ZfsPoolArgs>? Pool { get; set; }

    /// <summary>Changes a dataset's inputs; called for each.</summary>
    public Action<ZfsDatasetArgs>? Dataset { get; set; }

    /// <summary>Changes the system's inputs.</summary>
    public Action<NixosSystemArgs>? System { get; set; }

    /// <summary>Changes the WiFi profile's inputs.</summary>
    public Action<WifiProfileArgs>? Wifi { get; set; }

    /// <summary>Changes the inputs of the hand-over to the SSD.</summary>
    public Action<FirstBootArgs>? FirstBoot { get; set; }
}
