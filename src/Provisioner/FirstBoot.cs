using System.Collections.Immutable;
using Pulumi;

namespace Provisioner;

/// <summary>
/// The hand-over from the card to the SSD: unmounted, exported, started from the SSD with the card as the way back, and proven:
/// a new boot, the pinned host key, / on the pool, the right system, the WiFi up through our profile, the time right. Then the
/// card is retired.
/// </summary>
public sealed class FirstBoot : CustomResource
{
    /// <param name="name">A name that no other FirstBoot of the same parent has.</param>
    /// <param name="args">The inputs.</param>
    /// <param name="options">How the engine treats the resource.</param>
    public FirstBoot(string name, FirstBootArgs args, CustomResourceOptions? options = null)
        : base("provisioner:index:FirstBoot", name, args, options)
    {
    }

    /// <summary>Whether the device runs from its own disk.</summary>
    [Output("installed")]
    public Output<bool> Installed { get; private set; } = null!;

    /// <summary>The kernel's UUID of this boot.</summary>
    [Output("bootId")]
    public Output<string> BootId { get; private set; } = null!;

    /// <summary>What / is mounted from.</summary>
    [Output("root")]
    public Output<string> Root { get; private set; } = null!;

    /// <summary>What the firmware booted from: <c>card</c>, <c>usb</c> or <c>unknown</c>.</summary>
    [Output("medium")]
    public Output<string> Medium { get; private set; } = null!;

    /// <summary>The store path of the system that runs.</summary>
    [Output("running")]
    public Output<string?> Running { get; private set; } = null!;

    /// <summary>The UUID of the WiFi profile that the device is connected through.</summary>
    [Output("activeUuid")]
    public Output<string?> ActiveUuid { get; private set; } = null!;

    /// <summary>What that profile is called.</summary>
    [Output("connectedThrough")]
    public Output<string?> ConnectedThrough { get; private set; } = null!;

    /// <summary>What is not proven, by what it is about; empty once the device runs as it should.</summary>
    [Output("unproven")]
    public Output<ImmutableDictionary<string, string>> Unproven { get; private set; } = null!;
}

/// <summary>The inputs of a <see cref="FirstBoot"/>.</summary>
public sealed class FirstBootArgs : ResourceArgs
{
    /// <summary>The device: the <see cref="Provisioner.Device.Address"/> of a <see cref="Provisioner.Device"/>.</summary>
    [Input("device", required: true)]
    public Input<string> Device { get; set; } = null!;

    /// <summary>The system that has to run afterwards: the <see cref="NixosSystem.Made"/> of a <see cref="NixosSystem"/>.</summary>
    [Input("system", required: true)]
    public Input<string> System { get; set; } = null!;

    /// <summary>The pool that / lies on.</summary>
    [Input("pool", required: true)]
    public Input<string> Pool { get; set; } = null!;

    /// <summary>The pool's GUID.</summary>
    [Input("poolGuid", required: true)]
    public Input<string> PoolGuid { get; set; } = null!;

    /// <summary>The path of / below the pool; <c>root</c> when left out.</summary>
    [Input("rootDataset")]
    public Input<string>? RootDataset { get; set; }

    /// <summary>The UUID of the profile that the device has to come back through; left out for a device that has a cable.</summary>
    [Input("wifiProfile")]
    public Input<string>? WifiProfile { get; set; }

    /// <summary>How many seconds the device has for coming back, 60 to 3600; 600 when left out.</summary>
    [Input("waitFor")]
    public Input<int>? WaitFor { get; set; }

    /// <summary>Whether the card, once the SSD is proven to work, is kept from booting by accident; true when left out.</summary>
    [Input("retireCard")]
    public Input<bool>? RetireCard { get; set; }
}
