using System.Collections.Immutable;
using Pulumi;

namespace Provisioner;

/// <summary>
/// A network that a device joins by itself: a NetworkManager keyfile of root's, mode 0600. A change of the network in use is
/// made under a watchdog: unless the provider comes back over a new connection, the device returns to the old one by itself.
/// </summary>
public sealed class WifiProfile : CustomResource
{
    /// <param name="name">A name that no other WifiProfile of the same parent has.</param>
    /// <param name="args">The inputs.</param>
    /// <param name="options">How the engine treats the resource.</param>
    public WifiProfile(string name, WifiProfileArgs args, CustomResourceOptions? options = null)
        : base("provisioner:index:WifiProfile", name, args, options)
    {
    }

    /// <summary>The profile's name.</summary>
    [Output("name")]
    public Output<string> Name { get; private set; } = null!;

    /// <summary>The profile's UUID: made from ssid and name, so it survives a lost state and a changed password.</summary>
    [Output("uuid")]
    public Output<string> Uuid { get; private set; } = null!;

    /// <summary>The keyfile on the device, without the target root in front.</summary>
    [Output("path")]
    public Output<string> Path { get; private set; } = null!;

    /// <summary>The network's name.</summary>
    [Output("ssid")]
    public Output<string> Ssid { get; private set; } = null!;

    /// <summary>The UUID of the WiFi profile that the device is connected through; null while it has no WiFi.</summary>
    [Output("activeUuid")]
    public Output<string?> ActiveUuid { get; private set; } = null!;

    /// <summary>The name of the WiFi profile that the device is connected through; null while it has no WiFi.</summary>
    [Output("connectedThrough")]
    public Output<string?> ConnectedThrough { get; private set; } = null!;

    /// <summary>Why the profile has not been tried as it was written; null once the device was connected through it.</summary>
    [Output("notTried")]
    public Output<string?> NotTried { get; private set; } = null!;

    /// <summary>What differs on the device from what was written last, by what it is about; empty when all is well.</summary>
    [Output("drift")]
    public Output<ImmutableDictionary<string, string>> Drift { get; private set; } = null!;
}

/// <summary>The inputs of a <see cref="WifiProfile"/>.</summary>
public sealed class WifiProfileArgs : ResourceArgs
{
    /// <summary>The device: the <see cref="Provisioner.Device.Address"/> of a <see cref="Provisioner.Device"/>, or <c>local:</c>.</summary>
    [Input("device", required: true)]
    public Input<string> Device { get; set; } = null!;

    /// <summary>The network's name, 1 to 32 bytes in UTF-8. Another one replaces the profile.</summary>
    [Input("ssid", required: true)]
    public Input<string> Ssid { get; set; } = null!;

    /// <summary>
    /// The password, a secret: for wpa-psk 8 to 63 printable ASCII characters, or the 64 hex digits of the key. The device gets
    /// the derived key only; with sae, the password itself. Null for an open network.
    /// </summary>
    [Input("password")]
    public Input<string>? Password { get; set; }

    /// <summary>How the network is protected; <see cref="WifiSecurity.WpaPsk"/> when left out.</summary>
    [Input("security")]
    public Input<WifiSecurity>? Security { get; set; }

    /// <summary>The profile's name, and its file's; made from the ssid when left out. Another one replaces the profile.</summary>
    [Input("name")]
    public Input<string>? Name { get; set; }

    /// <summary>Which of several networks in range is joined: the one with the highest number, -899 to 999; 100 when left out.</summary>
    [Input("priority")]
    public Input<int>? Priority { get; set; }

    /// <summary>Whether the network does not announce its name.</summary>
    [Input("hidden")]
    public Input<bool>? Hidden { get; set; }

    /// <summary>The only network interface to use, such as <c>wlan0</c>; any when left out.</summary>
    [Input("interfaceName")]
    public Input<string>? InterfaceName { get; set; }

    /// <summary>The only band to use; <see cref="WifiBand.Any"/> when left out.</summary>
    [Input("band")]
    public Input<WifiBand>? Band { get; set; }

    /// <summary>The only access point to use, by its hardware address, such as <c>aa:bb:cc:dd:ee:ff</c>; any when left out.</summary>
    [Input("bssid")]
    public Input<string>? Bssid { get; set; }

    /// <summary>Whether the radio sleeps between packets; <see cref="WifiPowersave.Default"/> when left out.</summary>
    [Input("powersave")]
    public Input<WifiPowersave>? Powersave { get; set; }

    /// <summary>The IPv4 address and DNS; from the network (DHCP) when left out.</summary>
    [Input("ipv4")]
    public Input<WifiIpArgs>? Ipv4 { get; set; }

    /// <summary>The IPv6 address and DNS; from the network when left out.</summary>
    [Input("ipv6")]
    public Input<WifiIpArgs>? Ipv6 { get; set; }

    /// <summary>
    /// Whether it belongs to the system on the device's own disk: while the device runs from its card it is written below /mnt,
    /// where that system is made, and never to the card.
    /// </summary>
    [Input("ofSystem")]
    public Input<bool>? OfSystem { get; set; }

    /// <summary>How many seconds the device waits for us after a change before it goes back, 30 to 900; 90 when left out.</summary>
    [Input("rollbackAfter")]
    public Input<int>? RollbackAfter { get; set; }

    /// <summary>What happens to the profile on the device when the resource is deleted; <see cref="WifiDeletion.WhenSafe"/> when left out.</summary>
    [Input("onDelete")]
    public Input<WifiDeletion>? OnDelete { get; set; }
}

/// <summary>
/// Addresses and DNS of one version of IP, by NetworkManager's names. A change of them is made under the watchdog, and confirmed at
/// the new address; where the <see cref="DeviceArgs.Address"/> is an address itself, it is to be set to the new one afterwards.
/// </summary>
public sealed class WifiIpArgs : ResourceArgs
{
    /// <summary>Where the addresses come from; <see cref="WifiIpMethod.Auto"/> when left out.</summary>
    [Input("method")]
    public Input<WifiIpMethod>? Method { get; set; }

    /// <summary>
    /// Addresses with the length of their prefix, such as <c>192.168.1.30/24</c>; with auto they are used beside the network's own.
    /// The first is where the device is looked for after a change.
    /// </summary>
    [Input("addresses")]
    public InputList<string>? Addresses { get; set; }

    /// <summary>The router; needs an address.</summary>
    [Input("gateway")]
    public Input<string>? Gateway { get; set; }

    /// <summary>Name servers.</summary>
    [Input("dns")]
    public InputList<string>? Dns { get; set; }

    /// <summary>Domains in which names are looked for.</summary>
    [Input("dnsSearch")]
    public InputList<string>? DnsSearch { get; set; }

    /// <summary>Whether the name servers and domains that the network itself gives are left out.</summary>
    [Input("ignoreAutoDns")]
    public Input<bool>? IgnoreAutoDns { get; set; }
}

/// <summary>Where addresses come from.</summary>
[EnumType]
public readonly record struct WifiIpMethod
{
    private readonly string _value;

    private WifiIpMethod(string value) => _value = value;

    /// <summary>From the network: DHCP, or router advertisements.</summary>
    public static WifiIpMethod Auto { get; } = new("auto");

    /// <summary>Those that are given, and no others.</summary>
    public static WifiIpMethod Manual { get; } = new("manual");

    /// <summary>An address that is valid on this network alone.</summary>
    public static WifiIpMethod LinkLocal { get; } = new("link-local");

    /// <summary>None: this version of IP is off.</summary>
    public static WifiIpMethod Disabled { get; } = new("disabled");

    public static explicit operator string(WifiIpMethod value) => value._value;

    public override string ToString() => _value;
}

/// <summary>The band of a network.</summary>
[EnumType]
public readonly record struct WifiBand
{
    private readonly string _value;

    private WifiBand(string value) => _value = value;

    /// <summary>Any.</summary>
    public static WifiBand Any { get; } = new("any");

    /// <summary>5 GHz.</summary>
    public static WifiBand A { get; } = new("a");

    /// <summary>2.4 GHz.</summary>
    public static WifiBand Bg { get; } = new("bg");

    public static explicit operator string(WifiBand value) => value._value;

    public override string ToString() => _value;
}

/// <summary>Whether a radio sleeps between packets: a Pi that sleeps answers late, or not at all.</summary>
[EnumType]
public readonly record struct WifiPowersave
{
    private readonly string _value;

    private WifiPowersave(string value) => _value = value;

    /// <summary>As NetworkManager is configured there.</summary>
    public static WifiPowersave Default { get; } = new("default");

    /// <summary>As the driver does by itself.</summary>
    public static WifiPowersave Ignore { get; } = new("ignore");

    /// <summary>It never sleeps.</summary>
    public static WifiPowersave Disable { get; } = new("disable");

    /// <summary>It sleeps.</summary>
    public static WifiPowersave Enable { get; } = new("enable");

    public static explicit operator string(WifiPowersave value) => value._value;

    public override string ToString() => _value;
}

/// <summary>How a network is protected.</summary>
[EnumType]
public readonly record struct WifiSecurity
{
    private readonly string _value;

    private WifiSecurity(string value) => _value = value;

    /// <summary>A password, WPA2-Personal or WPA2/WPA3 mixed: what most homes have.</summary>
    public static WifiSecurity WpaPsk { get; } = new("wpa-psk");

    /// <summary>A password, WPA3-Personal only. The device has to store the password itself.</summary>
    public static WifiSecurity Sae { get; } = new("sae");

    /// <summary>None.</summary>
    public static WifiSecurity Open { get; } = new("open");

    public static explicit operator string(WifiSecurity value) => value._value;

    public override string ToString() => _value;
}

/// <summary>What happens to a profile on its device when the resource is deleted.</summary>
[EnumType]
public readonly record struct WifiDeletion
{
    private readonly string _value;

    private WifiDeletion(string value) => _value = value;

    /// <summary>It is removed when the device has another way back to the network, and is left in place otherwise.</summary>
    public static WifiDeletion WhenSafe { get; } = new("whenSafe");

    /// <summary>It is left in place.</summary>
    public static WifiDeletion Keep { get; } = new("keep");

    public static explicit operator string(WifiDeletion value) => value._value;

    public override string ToString() => _value;
}
