using Provisioner.Provider.Inspection;

namespace Provisioner.Provider.Resources.WifiProfile;

/// <summary>Finds out what decides how a change is made: whether it can cut the way in, and what other way there is.</summary>
internal static class SituationFinder
{
    public static WifiSituation Find(WifiProfileState state, DeviceFacts facts, string root, bool live)
    {
        var ours = state.ContentOf();
        var radio = WaysIn.RadioFor(ours.Uuid, ours.InterfaceName, facts);
        var inUse = WaysIn.On(radio, facts);
        var sameNetwork = inUse is not null && !WaysIn.IsOwnNetwork(inUse, facts)
            && (inUse.Uuid == ours.Uuid || ours.Ssid.Equals(WaysIn.ProfileOf(inUse, facts)?.Ssid));
        var switchedOff = SwitchedOff(radio, facts);
        var inRange = radio is not null && (sameNetwork || IsInRange(ours.Ssid, facts));
        var other = OtherWayBack(ours, radio, facts);
        return new WifiSituation
        {
            TargetRoot = root,
            Fleeting = MountTable.Fleeting(facts.Mounts, root + state.Path),
            FromCard = facts.Boot.Incarnation == Incarnation.Bootstrap,
            Live = live,
            OurAddress = facts.Network.OurAddress,
            InRange = inRange,
            SameNetwork = sameNetwork,
            Occupied = inUse is not null,
            ActivePriority = inUse?.Priority ?? 0,
            Interface = radio?.Name,
            SwitchedOff = live ? switchedOff : null,
            Hindrance = root.Length > 0 ? null : Hindrance(ours, radio, inUse, inRange, switchedOff, facts),
            OtherWayIn = WaysIn.LeadsPast(radio, facts),
            OtherUuid = other?.Uuid.ToString("D"),
            OtherName = other is null ? null : NameOf(other, facts),
            OtherInterface = other is null ? null : InterfaceOf(other, facts) ?? radio?.Name,
        };
    }

    /// <summary>What people call a connection: its id, else its file, else its UUID.</summary>
    public static string NameOf(NetworkConnection connection, DeviceFacts facts) =>
        WaysIn.ProfileOf(connection, facts)?.Values.GetValueOrDefault("connection.id") is { Length: > 0 } id ? id
        : connection.FileName.Length > 0 ? Path.GetFileNameWithoutExtension(connection.FileName)
        : connection.Uuid.ToString("D");

    /// <summary>Why the device cannot try to connect through the profile now; null when it can.</summary>
    private static string? Hindrance(ProfileContent ours, NetworkDevice? radio, NetworkConnection? inUse, bool inRange, string? switchedOff, DeviceFacts facts)
    {
        if (!facts.Network.ManagerRunning)
        {
            return "NetworkManager does not run there";
        }

        if (radio is null)
        {
            return ours.InterfaceName is { } name
                ? $"the device has no WiFi interface {name} that NetworkManager looks after"
                : "the device has no WiFi interface that NetworkManager looks after";
        }

        if (switchedOff is not null)
        {
            return switchedOff;
        }

        if (inUse is not null && radio.Name == facts.Network.OurInterface && WaysIn.IsOwnNetwork(inUse, facts))
        {
            return $"we come in by the network \"{NameOf(inUse, facts)}\", which the device itself makes on {radio.Name}, and connecting would end it";
        }

        return inRange ? null
            : ours.Hidden ? "the network does not announce its name, so whether it is in reach cannot be seen"
            : "the network is not in reach";
    }

    /// <summary>That a radio is off, and a first line of help; null while it is on.</summary>
    private static string? SwitchedOff(NetworkDevice? radio, DeviceFacts facts) => radio switch
    {
        { IsHardBlocked: true } => "the WiFi is switched off there (rfkill, by a switch or by firmware, which no command undoes)",
        { IsSoftBlocked: true } => "the WiFi is switched off there (rfkill); on the device: rfkill unblock wifi; nmcli radio wifi on",
        not null when facts.Network.WifiSwitchedOff => "the WiFi is switched off there (rfkill); on the device: nmcli radio wifi on",
        _ => null,
    };

    /// <summary>A profile that NetworkManager has loaded, would choose by itself, and whose network is there.</summary>
    private static NetworkConnection? OtherWayBack(ProfileContent ours, NetworkDevice? radio, DeviceFacts facts) => facts.Network.Connections
        .Where(connection => connection is { IsWifi: true, AutoConnect: true } && connection.Uuid != ours.Uuid && !WaysIn.IsOwnNetwork(connection, facts))
        .Where(connection => WaysIn.ProfileOf(connection, facts) is { IsAccepted: true, Ssid: { } ssid } profile
            && (profile.InterfaceName is not { } name || name == radio?.Name || WaysIn.RadioFor(null, name, facts) is not null)
            && (ssid.Equals(ours.Ssid) || IsInRange(ssid, facts)))
        .OrderByDescending(connection => connection.Priority)
        .FirstOrDefault();

    /// <summary>Where a connection is in use, or may be: null for anywhere.</summary>
    private static string? InterfaceOf(NetworkConnection connection, DeviceFacts facts) =>
        connection is { Active: true, Device.Length: > 0 } ? connection.Device.Split(',')[0] : WaysIn.ProfileOf(connection, facts)?.InterfaceName;

    private static bool IsInRange(Ssid ssid, DeviceFacts facts) => facts.Network.AccessPoints.Any(point => point.Ssid.Equals(ssid));
}
