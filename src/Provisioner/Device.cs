using System.Collections.Immutable;
using Pulumi;

namespace Provisioner;

/// <summary>
/// A machine as it answers: waited for, its host key checked before anything is sent, and read in one command. Nothing is
/// ever done to it.
/// </summary>
public sealed class Device : CustomResource
{
    /// <param name="name">A name that no other Device of the same parent has.</param>
    /// <param name="args">The inputs.</param>
    /// <param name="options">How the engine treats the resource.</param>
    public Device(string name, DeviceArgs args, CustomResourceOptions? options = null)
        : base("provisioner:index:Device", name, args, options)
    {
    }

    /// <summary>The address with the host key in it, for the Device input of other resources.</summary>
    [Output("address")]
    public Output<string> Address { get; private set; } = null!;

    /// <summary>The fingerprint that the host key is checked against; null for <c>local:</c>.</summary>
    [Output("hostKey")]
    public Output<string?> HostKey { get; private set; } = null!;

    /// <summary>The host's own name.</summary>
    [Output("hostname")]
    public Output<string> Hostname { get; private set; } = null!;

    /// <summary>The board, such as <c>Raspberry Pi 4 Model B Rev 1.5</c>.</summary>
    [Output("model")]
    public Output<string?> Model { get; private set; } = null!;

    /// <summary>The board's serial number.</summary>
    [Output("serial")]
    public Output<string?> Serial { get; private set; } = null!;

    /// <summary>Memory in bytes.</summary>
    [Output("memory")]
    public Output<double> Memory { get; private set; } = null!;

    /// <summary>The kernel's version.</summary>
    [Output("kernel")]
    public Output<string> Kernel { get; private set; } = null!;

    /// <summary>The machine's architecture, such as <c>aarch64</c>.</summary>
    [Output("architecture")]
    public Output<string> Architecture { get; private set; } = null!;

    /// <summary>The operating system, as it calls itself.</summary>
    [Output("os")]
    public Output<string> Os { get; private set; } = null!;

    /// <summary><c>bootstrap</c> while it runs from the card or an installation image, <c>installed</c> when it runs from its own disk.</summary>
    [Output("incarnation")]
    public Output<string> Incarnation { get; private set; } = null!;

    /// <summary>What the running system lies on: <c>/dev/mmcblk0p2 (ext4)</c>, <c>zroot/root (zfs)</c>, an overlay over one of these.</summary>
    [Output("root")]
    public Output<string> Root { get; private set; } = null!;

    /// <summary>Why what is written there is gone after the next start, as with an overlay in memory; null when it stays.</summary>
    [Output("fleeting")]
    public Output<string?> Fleeting { get; private set; } = null!;

    /// <summary>The kernel's UUID of this boot.</summary>
    [Output("bootId")]
    public Output<string> BootId { get; private set; } = null!;

    /// <summary>The disks.</summary>
    [Output("disks")]
    public Output<ImmutableArray<DeviceDisk>> Disks { get; private set; } = null!;

    /// <summary>The WiFi.</summary>
    [Output("wifi")]
    public Output<DeviceWifi> Wifi { get; private set; } = null!;

    /// <summary>How a system could be installed here, and why not.</summary>
    [Output("strategies")]
    public Output<ImmutableArray<InstallStrategy>> Strategies { get; private set; } = null!;

    /// <summary>When it answered last: <c>2026-01-31T12:00:00Z</c>.</summary>
    [Output("seenAt")]
    public Output<string> SeenAt { get; private set; } = null!;
}

/// <summary>The inputs of a <see cref="Device"/>.</summary>
public sealed class DeviceArgs : ResourceArgs
{
    /// <summary>Where it is: <c>user@host:port</c>, <c>ssh://user@host:port</c>, or <c>local:</c> for this machine. User root and port 22 when left out.</summary>
    [Input("address", required: true)]
    public Input<string> Address { get; set; } = null!;

    /// <summary>
    /// The SSH host key that it must have: a fingerprint (<c>SHA256:…</c>) or a public key (<c>ssh-ed25519 AAAA…</c>). Left out
    /// only for <c>local:</c>, or when the address has it.
    /// </summary>
    [Input("hostKey")]
    public Input<string>? HostKey { get; set; }

    /// <summary>How many seconds a new device is waited for, 1 to 3600; 300 when left out.</summary>
    [Input("waitFor")]
    public Input<int>? WaitFor { get; set; }

    /// <summary>The serial number of the board; when it is another machine's, nothing is done.</summary>
    [Input("serial")]
    public Input<string>? Serial { get; set; }
}

/// <summary>A disk of a device.</summary>
[OutputType]
public sealed class DeviceDisk
{
    [OutputConstructor]
    private DeviceDisk(string path, ImmutableArray<string> byId, string? model, string? serial, string? transport, double size)
    {
        Path = path;
        ById = byId;
        Model = model;
        Serial = serial;
        Transport = transport;
        Size = size;
    }

    /// <summary>The device node, which may change at the next boot.</summary>
    public string Path { get; }

    /// <summary>Names that stay: the links in <c>/dev/disk/by-id</c>.</summary>
    public ImmutableArray<string> ById { get; }

    /// <summary>The model.</summary>
    public string? Model { get; }

    /// <summary>The serial number.</summary>
    public string? Serial { get; }

    /// <summary>How it is attached, such as <c>usb</c>.</summary>
    public string? Transport { get; }

    /// <summary>Bytes.</summary>
    public double Size { get; }
}

/// <summary>The WiFi of a device.</summary>
[OutputType]
public sealed class DeviceWifi
{
    [OutputConstructor]
    private DeviceWifi(string? @interface, string? regulatory, bool networkManager)
    {
        Interface = @interface;
        Regulatory = regulatory;
        NetworkManager = networkManager;
    }

    /// <summary>The interface; null without a radio.</summary>
    public string? Interface { get; }

    /// <summary>The country whose radio rules are followed; <c>00</c> when none was set.</summary>
    public string? Regulatory { get; }

    /// <summary>Whether NetworkManager runs.</summary>
    public bool NetworkManager { get; }
}

/// <summary>A way to install a system on a device.</summary>
[OutputType]
public sealed class InstallStrategy
{
    [OutputConstructor]
    private InstallStrategy(string name, bool works, string because)
    {
        Name = name;
        Works = works;
        Because = because;
    }

    /// <summary><c>bootstrap-card</c>, <c>kexec</c> or <c>in-place</c>.</summary>
    public string Name { get; }

    /// <summary>Whether it would work there.</summary>
    public bool Works { get; }

    /// <summary>Why, or why not.</summary>
    public string Because { get; }
}
