namespace Provisioner.Provider.Inspection;

/// <summary>
/// Which of a device's connections lead to it: told by UUID and by the interface that carries our session, never by what
/// nmcli lists first. A network that the device makes itself (<c>ap</c>), or lends out (<c>shared</c>), is no way in. Pure.
/// </summary>
internal static class WaysIn
{
    /// <summary>The file that a connection comes from.</summary>
    public static ProfileFile? ProfileOf(NetworkConnection connection, DeviceFacts facts) =>
        facts.Profiles.FirstOrDefault(profile => profile.Path == connection.FileName)
        ?? facts.Profiles.FirstOrDefault(profile => profile.Uuid == connection.Uuid);

    /// <summary>Whether the device itself makes the network; of a connection that lives in memory only, its interface tells.</summary>
    public static bool IsOwnNetwork(NetworkConnection connection, DeviceFacts facts) =>
        (ProfileOf(connection, facts) is { } profile && (profile.IsAccessPoint || profile.IsShared))
        || facts.Network.Devices.Any(device => IsMaker(device) && connection.IsOn(device.Name));

    /// <summary>The WiFi connection that the device is reached through: the one that is asked for, else the one of our session, else any; null for none.</summary>
    /// <param name="wanted">The UUID to look for first.</param>
    /// <param name="facts">The inspection.</param>
    public static NetworkConnection? Wifi(Guid? wanted, DeviceFacts facts)
    {
        var active = facts.Network.Connections.Where(connection => connection is { IsWifi: true, Active: true } && !IsOwnNetwork(connection, facts)).ToList();
        return active.FirstOrDefault(connection => connection.Uuid == wanted)
            ?? active.FirstOrDefault(connection => connection.IsOn(facts.Network.OurInterface))
            ?? active.FirstOrDefault();
    }

    /// <summary>
    /// The radio that a profile is for: the one it is in use on, else the one it names, that of our session, one that is connected,
    /// any; one that makes a network of the device's own only when there is no other.
    /// </summary>
    /// <param name="uuid">The profile's UUID; null for no profile.</param>
    /// <param name="name">The interface that the profile names, or null.</param>
    /// <param name="facts">The inspection.</param>
    public static NetworkDevice? RadioFor(Guid? uuid, string? name, DeviceFacts facts)
    {
        var radios = facts.Network.Devices.Where(device => device.IsWifi).ToList();
        return radios.FirstOrDefault(device => facts.Network.Connections.Any(connection => connection.Uuid == uuid && connection.IsOn(device.Name)))
            ?? radios
            .Where(device => name is null || device.Name == name)
            .OrderBy(device => MakesNetwork(device, facts))
            .ThenBy(device => device.Name != facts.Network.OurInterface)
            .ThenBy(device => device.State != "connected")
            .FirstOrDefault();
    }

    /// <summary>The WiFi connection in use on a radio, whoever makes the network; null for none.</summary>
    public static NetworkConnection? On(NetworkDevice? radio, DeviceFacts facts) =>
        facts.Network.Connections.FirstOrDefault(connection => connection.IsWifi && connection.IsOn(radio?.Name));

    /// <summary>
    /// Whether our session comes in by something that does not depend on this radio. What is laid over another interface, a
    /// tunnel or a bond, does not tell which one, and so does not count.
    /// </summary>
    public static bool LeadsPast(NetworkDevice? radio, DeviceFacts facts)
    {
        var ours = facts.Network.OurInterface;
        return ours is not null && ours != radio?.Name
            && facts.Network.Devices.Any(device => device.Name == ours && device.Type is "ethernet" or "wifi" or "bridge" or "vlan" or "gsm" && !IsMaker(device))
            && !facts.Network.Connections.Any(connection => connection.IsOn(ours) && IsOwnNetwork(connection, facts));
    }

    private static bool MakesNetwork(NetworkDevice device, DeviceFacts facts) =>
        IsMaker(device) || (On(device, facts) is { } connection && IsOwnNetwork(connection, facts));

    private static bool IsMaker(NetworkDevice device) => device.Mode is "AP" or "AP/VLAN" or "mesh point" or "IBSS" or "P2P-GO";
}
