using Provisioner.Provider.Inspection;

namespace Provisioner.Provider.Resources.WifiProfile;

/// <summary>Finds out what decides how a change is made: whether it can cut the way in, and what other way there is.</summary>
internal static class SituationFinder
{
    public static WifiSituation Find(WifiProfileState state, DeviceFacts facts, string root, bool live)
    {
        var ours = state.ContentOf();
        var active = facts.Network.ActiveWifi;
        var sameNetwork = active is not null && (active.Uuid == ours.Uuid || ours.Ssid.Equals(ProfileOf(active, facts)?.Ssid));
        var inRange = facts.Network.WifiDevice is not null && (sameNetwork || IsInRange(ours.Ssid, facts));
        var other = OtherWayBack(ours, facts);
        return new WifiSituation
        {
            TargetRoot = root,
            Fleeting = MountTable.Fleeting(facts.Mounts, root + state.Path),
            FromCard = facts.Boot.Incarnation == Incarnation.Bootstrap,
            Live = live,
            InRange = inRange,
            SameNetwork = sameNetwork,
            ActivePriority = active?.Priority ?? 0,
            OtherWayIn = facts.Network.OurInterface is { } ourInterface && ourInterface != facts.Network.WifiDevice?.Name,
            OtherUuid = other?.Uuid.ToString("D"),
            OtherName = other is null ? null : NameOf(other, facts),
        };
    }

    /// <summary>What people call a connection: its id, else its file, else its UUID.</summary>
    public static string NameOf(NetworkConnection connection, DeviceFacts facts) =>
        ProfileOf(connection, facts)?.Values.GetValueOrDefault("connection.id") is { Length: > 0 } id ? id
        : connection.FileName.Length > 0 ? Path.GetFileNameWithoutExtension(connection.FileName)
        : connection.Uuid.ToString("D");

    /// <summary>A profile that NetworkManager has loaded, would choose by itself, and whose network is there.</summary>
    private static NetworkConnection? OtherWayBack(ProfileContent ours, DeviceFacts facts) => facts.Network.Connections
        .Where(connection => connection is { IsWifi: true, AutoConnect: true } && connection.Uuid != ours.Uuid)
        .Where(connection => ProfileOf(connection, facts) is { IsAccessPoint: false, IsAccepted: true, Ssid: { } ssid }
            && (ssid.Equals(ours.Ssid) || IsInRange(ssid, facts)))
        .OrderByDescending(connection => connection.Priority)
        .FirstOrDefault();

    private static bool IsInRange(Ssid ssid, DeviceFacts facts) => facts.Network.AccessPoints.Any(point => point.Ssid.Equals(ssid));

    private static ProfileFile? ProfileOf(NetworkConnection connection, DeviceFacts facts) =>
        facts.Profiles.FirstOrDefault(profile => profile.Path == connection.FileName)
        ?? facts.Profiles.FirstOrDefault(profile => profile.Uuid == connection.Uuid);
}
