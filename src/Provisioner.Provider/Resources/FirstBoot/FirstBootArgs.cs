using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.FirstBoot;

/// <summary>What is wanted of the hand-over from the card to the SSD.</summary>
[Doc("The hand-over from the card to the SSD: unmounted, exported, started from the SSD with the card as the way back, and proven: a new boot, the pinned host key, "
    + "/ on the pool, the right system, the WiFi up through our profile, the time right. Then the card is retired.")]
internal sealed record FirstBootArgs : IOnDevice
{
    [Doc("The device: the `address` that a Device gives out (`ssh://root@lamp:22?hostKey=SHA256:…`). The installed system answers there too, with the same host key.")]
    public required string Device { get; init; }

    [Doc("The system that has to run afterwards: the `made` of a NixosSystem.")]
    public required string System { get; init; }

    [Doc("The pool that / lies on.")]
    public required string Pool { get; init; }

    [Doc("The pool's GUID, the `guid` of a ZfsPool.")]
    public required string PoolGuid { get; init; }

    [Doc("The path of / below the pool.")]
    public string RootDataset { get; init; } = "root";

    [Doc("The UUID of the profile that the device has to come back through: the `uuid` of a WifiProfile. Left out for a device that has a cable.")]
    public string? WifiProfile { get; init; }

    [Doc("How many seconds the device has for coming back, 60 to 3600.")]
    public int WaitFor { get; init; } = 600;

    [Doc("Whether the card, once the SSD is proven to work, is kept from booting by accident: its boot files are renamed, and its identity is overwritten.")]
    public bool RetireCard { get; init; } = true;
}
