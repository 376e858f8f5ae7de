using System.Collections.Immutable;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.FirstBoot;

/// <summary>What the device booted, and what speaks against it being the right thing. Everything that a plan needs is here.</summary>
internal sealed record FirstBootState
{
    [Doc("The device.")]
    public required string Device { get; init; }

    [Doc("Whether the device runs from its own disk.")]
    public bool Installed { get; init; }

    [Doc("The kernel's UUID of this boot.")]
    public required string BootId { get; init; }

    [Doc("What / is mounted from.")]
    public required string Root { get; init; }

    [Doc("What the firmware booted from: `card`, `usb` or `unknown`.")]
    public required string Medium { get; init; }

    [Doc("The store path of the system that runs.")]
    public string? Running { get; init; }

    [Doc("The UUID of the WiFi profile that the device is connected through.")]
    public string? ActiveUuid { get; init; }

    [Doc("What that profile is called.")]
    public string? ConnectedThrough { get; init; }

    [Doc("What is not proven, by what it is about; empty once the device runs as it should.")]
    public ImmutableSortedDictionary<string, string> Unproven { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [Doc("What has to be put right before the device may be handed over.")]
    public ImmutableArray<string> NotReady { get; init; } = [];

    [Doc("Whether the device's own firmware can be asked to start from another medium once.")]
    public bool CanAskOnce { get; init; }

    [Doc("Whether the installed system is started by U-Boot, which has an order of media of its own.")]
    public bool StartsByUboot { get; init; }

    [Doc("Whether the firmware tries the card before USB; none where that cannot be read.")]
    public bool? CardFirst { get; init; }

    [Doc("The card in the device; none when there is none.")]
    public FirstBootCard? Card { get; init; }
}

/// <summary>The card in the device.</summary>
[Doc("The card in the device.")]
internal sealed record FirstBootCard
{
    [Doc("The device node.")]
    public required string Path { get; init; }

    [Doc("The id in its partition table.")]
    public required string Id { get; init; }

    [Doc("Its partition 1, when that is FAT: where U-Boot looks for its environment.")]
    public string? EnvironmentPartition { get; init; }

    [Doc("Its partitions with a file system that firmware or U-Boot can read: wherever it might be started from.")]
    public ImmutableArray<string> FileSystems { get; init; } = [];

    [Doc("The partition that holds its identity.")]
    public string? IdentityPartition { get; init; }

    [Doc("The number that its maker gave it; none when the device does not tell.")]
    public string? Number { get; init; }

    [Doc("Whether it is proven to be the card that the installation came from, or the device runs from. Another one is left alone.")]
    public bool Ours { get; init; }

    [Doc("Whether something of it is mounted.")]
    public bool InUse { get; init; }

    [Doc("Whether it has been kept from booting.")]
    public bool Retired { get; init; }
}
