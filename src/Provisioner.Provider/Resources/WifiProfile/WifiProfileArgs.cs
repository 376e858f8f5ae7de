using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.WifiProfile;

/// <summary>What is wanted of a WiFi profile.</summary>
[Doc("A network that the device joins by itself: a NetworkManager keyfile of root's, mode 0600. "
    + "A change of the network in use is made under a watchdog: unless the provider comes back over a new connection, the device returns to the old one by itself.")]
internal sealed record WifiProfileArgs : IOnDevice
{
    [Doc("The device: the `address` that a Device gives out (`ssh://root@lamp:22?hostKey=SHA256:…`), or `local:`.")]
    public required string Device { get; init; }

    [Doc("The network's name, 1 to 32 bytes in UTF-8.")]
    [Replaces]
    public required string Ssid { get; init; }

    [Secret]
    [Doc("The password: for wpa-psk 8 to 63 printable ASCII characters, or the 64 hex digits of the key. The device gets the derived key only; with sae, the password itself. None for an open network.")]
    public string? Password { get; init; }

    [Doc("How the network is protected.")]
    public WifiSecurity Security { get; init; } = WifiSecurity.WpaPsk;

    [Doc("The profile's name, and its file's; made from the ssid when left out.")]
    [Replaces]
    public string? Name { get; init; }

    [Doc("Which of several networks in range is joined: the one with the highest number, -899 to 999.")]
    public int Priority { get; init; } = 100;

    [Doc("Whether the network does not announce its name.")]
    public bool Hidden { get; init; }

    [Doc("The only network interface to use, such as `wlan0`; any when left out.")]
    public string? InterfaceName { get; init; }

    [Doc("The only band to use.")]
    public WifiBand Band { get; init; }

    [Doc("The only access point to use, by its hardware address, such as `aa:bb:cc:dd:ee:ff`; any when left out.")]
    public string? Bssid { get; init; }

    [Doc("Whether the radio sleeps between packets: a Pi that sleeps answers late, or not at all.")]
    public WifiPowersave Powersave { get; init; }

    [Doc("The IPv4 address and DNS; from the network (DHCP) when left out.")]
    public WifiIp? Ipv4 { get; init; }

    [Doc("The IPv6 address and DNS; from the network when left out.")]
    public WifiIp? Ipv6 { get; init; }

    [Doc("Whether it belongs to the system on the device's own disk: while the device runs from its card it is written below /mnt, where that system is made, and never to the card.")]
    public bool OfSystem { get; init; }

    [Doc("How many seconds the device waits for us after a change before it goes back, 30 to 900.")]
    public int RollbackAfter { get; init; } = 90;

    [Doc("What happens to the profile on the device when the resource is deleted.")]
    public WifiDeletion OnDelete { get; init; } = WifiDeletion.WhenSafe;
}

/// <summary>How a network is protected.</summary>
internal enum WifiSecurity
{
    [WireName("wpa-psk")]
    [Doc("A password, WPA2-Personal or WPA2/WPA3 mixed: what most homes have.")]
    WpaPsk,

    [Doc("A password, WPA3-Personal only. The device has to store the password itself.")]
    Sae,

    [Doc("None.")]
    Open,
}

/// <summary>The band of a network.</summary>
internal enum WifiBand
{
    [Doc("Any.")]
    Any,

    [Doc("5 GHz.")]
    A,

    [Doc("2.4 GHz.")]
    Bg,
}

/// <summary>Whether a radio sleeps. The numbers are NetworkManager's.</summary>
internal enum WifiPowersave
{
    [Doc("As NetworkManager is configured there.")]
    Default = 0,

    [Doc("As the driver does by itself.")]
    Ignore = 1,

    [Doc("It never sleeps.")]
    Disable = 2,

    [Doc("It sleeps.")]
    Enable = 3,
}

/// <summary>What happens to the profile when the resource is deleted.</summary>
internal enum WifiDeletion
{
    [Doc("It is removed when the device has another way back to the network, and is left in place otherwise.")]
    WhenSafe,

    [Doc("It is left in place.")]
    Keep,
}
