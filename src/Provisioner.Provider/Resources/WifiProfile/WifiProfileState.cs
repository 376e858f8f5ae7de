using System.Collections.Immutable;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.WifiProfile;

/// <summary>
/// What the provider wrote last, and how the device differs from it. Everything that a plan needs is here, so that a plan can
/// be made from the state alone.
/// </summary>
internal sealed record WifiProfileState
{
    [Doc("The device.")]
    public required string Device { get; init; }

    [Doc("The profile's name.")]
    public required string Name { get; init; }

    [Doc("The profile's UUID: made from ssid and name, so it survives a lost state and a changed password.")]
    public required string Uuid { get; init; }

    [Doc("The keyfile, without the target root in front.")]
    public required string Path { get; init; }

    [Doc("The network's name.")]
    public required string Ssid { get; init; }

    [Secret]
    [Doc("What the keyfile holds: the derived key, or, with sae, the password.")]
    public string? Key { get; init; }

    [Doc("How the network is protected.")]
    public WifiSecurity Security { get; init; }

    [Doc("The priority.")]
    public int Priority { get; init; }

    [Doc("Whether the network does not announce its name.")]
    public bool Hidden { get; init; }

    [Doc("The only network interface used.")]
    public string? InterfaceName { get; init; }

    [Doc("The only band used.")]
    public WifiBand Band { get; init; }

    [Doc("The only access point used.")]
    public string? Bssid { get; init; }

    [Doc("Whether the radio sleeps between packets.")]
    public WifiPowersave Powersave { get; init; }

    [Doc("The IPv4 address and DNS; none for those of the network.")]
    public WifiIp? Ipv4 { get; init; }

    [Doc("The IPv6 address and DNS; none for those of the network.")]
    public WifiIp? Ipv6 { get; init; }

    [Doc("The UUID of the WiFi profile that the device is connected through; none while it has no WiFi.")]
    public string? ActiveUuid { get; init; }

    [Doc("The name of the WiFi profile that the device is connected through; none while it has no WiFi.")]
    public string? ConnectedThrough { get; init; }

    [Doc("What differs on the device from what was written last, by what it is about; empty when all is well.")]
    public ImmutableSortedDictionary<string, string> Drift { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [Doc("Other profiles that NetworkManager would choose instead.")]
    public ImmutableArray<ShadowingProfile> ShadowedBy { get; init; } = [];

    [Doc("The last change of this profile, when the device undid it by itself: when it was begun, and why it was undone.")]
    public string? WentBack { get; init; }

    [Doc("Why the profile has not been tried as it was written; none once the device was connected through it.")]
    public string? NotTried { get; init; }

    [Doc("How the device is connected.")]
    public WifiSituation Situation { get; init; } = new();
}

/// <summary>A profile that NetworkManager would choose instead of ours, or that hides it.</summary>
[Doc("A profile that NetworkManager would choose instead of ours, or that hides it.")]
internal sealed record ShadowingProfile
{
    [Doc("Its file.")]
    public required string File { get; init; }

    [Doc("Its UUID.")]
    public string? Uuid { get; init; }

    [Doc("Its priority.")]
    public int Priority { get; init; }

    [Doc("Whether it has the UUID of ours, which makes NetworkManager ignore ours altogether.")]
    public bool SameUuid { get; init; }
}

/// <summary>What decides how a change is made.</summary>
[Doc("What decides how a change is made.")]
internal sealed record WifiSituation
{
    [Doc("Where the system lies that the profile is for: empty for the running one, or /mnt.")]
    public string TargetRoot { get; init; } = "";

    [Doc("Whether the device runs from its card, and another system is, or will be, mounted below /mnt.")]
    public bool FromCard { get; init; }

    [Doc("Why what is written there is gone after the next start, as with an overlay in memory; none when it stays.")]
    public string? Fleeting { get; init; }

    [Doc("Whether the running system's NetworkManager reads the profile.")]
    public bool Live { get; init; }

    [Doc("Whether the network was in range at the last scan.")]
    public bool InRange { get; init; }

    [Doc("The address at which we came to the device, as it saw it.")]
    public string? OurAddress { get; init; }

    [Doc("The WiFi interface that the profile is for.")]
    public string? Interface { get; init; }

    [Doc("That its radio is switched off, and how it is switched on; none while it is on.")]
    public string? SwitchedOff { get; init; }

    [Doc("Why the device cannot try to connect through the profile; none when it can.")]
    public string? Hindrance { get; init; }

    [Doc("Whether another connection is in use on that interface, or the device makes a network of its own on it.")]
    public bool Occupied { get; init; }

    [Doc("Whether the WiFi connection in use on that interface is to the same network.")]
    public bool SameNetwork { get; init; }

    [Doc("The priority of the WiFi profile in use on that interface.")]
    public int ActivePriority { get; init; }

    [Doc("Whether we talk to the device over something that does not depend on that interface, and is no network of the device's own.")]
    public bool OtherWayIn { get; init; }

    [Doc("The UUID of another profile that the device could come back with.")]
    public string? OtherUuid { get; init; }

    [Doc("The name of that profile.")]
    public string? OtherName { get; init; }

    [Doc("The interface that it would use.")]
    public string? OtherInterface { get; init; }
}
