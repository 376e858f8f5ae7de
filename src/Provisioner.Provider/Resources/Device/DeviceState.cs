using System.Collections.Immutable;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.Device;

/// <summary>The device as it answered last.</summary>
internal sealed record DeviceState
{
    [Doc("The address with the host key in it, for the `device` input of other resources.")]
    public required string Address { get; init; }

    [Doc("The fingerprint that the host key is checked against; none for `local:`.")]
    public string? HostKey { get; init; }

    [Doc("The host's own name.")]
    public required string Hostname { get; init; }

    [Doc("The board, such as `Raspberry Pi 4 Model B Rev 1.5`.")]
    public string? Model { get; init; }

    [Doc("The board's serial number.")]
    public string? Serial { get; init; }

    [Doc("Memory in bytes.")]
    public long Memory { get; init; }

    [Doc("The kernel's version.")]
    public required string Kernel { get; init; }

    [Doc("The machine's architecture, such as `aarch64`.")]
    public required string Architecture { get; init; }

    [Doc("The operating system, as it calls itself.")]
    public required string Os { get; init; }

    [Doc("`bootstrap` while it runs from the card or an installation image, `installed` when it runs from its own disk.")]
    public DeviceIncarnation Incarnation { get; init; }

    [Doc("What the running system lies on: `/dev/mmcblk0p2 (ext4)`, `zroot/root (zfs)`, `overlay (overlay) over /dev/mmcblk0p2`.")]
    public string Root { get; init; } = "";

    [Doc("Why what is written there is gone after the next start, as with an overlay in memory; none when it stays.")]
    public string? Fleeting { get; init; }

    [Doc("The kernel's UUID of this boot.")]
    public required string BootId { get; init; }

    [Doc("The disks.")]
    public ImmutableArray<DeviceDisk> Disks { get; init; } = [];

    [Doc("The WiFi.")]
    public DeviceWifi Wifi { get; init; } = new();

    [Doc("How a system could be installed here, and why not.")]
    public ImmutableArray<InstallStrategy> Strategies { get; init; } = [];

    [Doc("When it answered last, in UTC by our clock.")]
    public required string SeenAt { get; init; }
}

/// <summary>Which of its two lives a device leads.</summary>
internal enum DeviceIncarnation
{
    [Doc("It runs from the card, or from an installation image.")]
    Bootstrap,

    [Doc("It runs from its own disk.")]
    Installed,
}

/// <summary>A disk.</summary>
[Doc("A disk.")]
internal sealed record DeviceDisk
{
    [Doc("The device node, which may change at the next boot.")]
    public required string Path { get; init; }

    [Doc("Names that stay: the links in /dev/disk/by-id.")]
    public ImmutableArray<string> ById { get; init; } = [];

    [Doc("The model.")]
    public string? Model { get; init; }

    [Doc("The serial number.")]
    public string? Serial { get; init; }

    [Doc("How it is attached, such as `usb`.")]
    public string? Transport { get; init; }

    [Doc("Bytes.")]
    public long Size { get; init; }
}

/// <summary>The WiFi of a device.</summary>
[Doc("The WiFi of a device.")]
internal sealed record DeviceWifi
{
    [Doc("The interface; none without a radio.")]
    public string? Interface { get; init; }

    [Doc("The country whose radio rules are followed; `00` when none was set.")]
    public string? Regulatory { get; init; }

    [Doc("Whether NetworkManager runs.")]
    public bool NetworkManager { get; init; }
}

/// <summary>A way to install a system.</summary>
[Doc("A way to install a system.")]
internal sealed record InstallStrategy
{
    [Doc("`bootstrap-card`, `kexec` or `in-place`.")]
    public required string Name { get; init; }

    [Doc("Whether it would work here.")]
    public bool Works { get; init; }

    [Doc("Why, or why not.")]
    public required string Because { get; init; }
}
