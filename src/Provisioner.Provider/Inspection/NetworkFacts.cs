using System.Collections.Immutable;
using Provisioner.Provider.Resources.WifiProfile;

namespace Provisioner.Provider.Inspection;

/// <remarks>
/// ManagerRunning: Whether NetworkManager runs; without it a profile is only a file.
/// RegulatoryDomain: The country whose radio rules the kernel follows; "00" means none was set.
/// OurInterface: The interface that this very connection came in by, or null when that cannot be told.
/// </remarks>
internal sealed record NetworkFacts(
    bool ManagerRunning,
    string? RegulatoryDomain,
    string? OurInterface,
    ImmutableArray<NetworkDevice> Devices,
    ImmutableArray<NetworkConnection> Connections,
    ImmutableArray<AccessPoint> AccessPoints)
{
    /// <summary>The device's address that this very connection came to, or null when that cannot be told.</summary>
    public string? OurAddress { get; init; }

    /// <summary>Whether NetworkManager has been told to leave every radio off.</summary>
    public bool WifiSwitchedOff { get; init; }
}

internal sealed record NetworkDevice(string Name, string Type, string State, Guid? Connection)
{
    /// <summary>What iw says that it does, such as <c>managed</c> or <c>AP</c>; null when that is not known.</summary>
    public string? Mode { get; init; }

    /// <summary>Whether its radio is switched off by software (rfkill).</summary>
    public bool IsSoftBlocked { get; init; }

    /// <summary>Whether its radio is switched off by a switch or by firmware, which no command undoes (rfkill).</summary>
    public bool IsHardBlocked { get; init; }

    /// <summary>A radio that NetworkManager looks after.</summary>
    public bool IsWifi => Type == "wifi" && State != "unmanaged";
}

/// <summary>A connection as NetworkManager has it loaded.</summary>
/// <remarks>
/// FileName: Where it comes from; empty for one that lives in memory only.
/// </remarks>
internal sealed record NetworkConnection(Guid Uuid, string Type, bool AutoConnect, int Priority, bool Active, string Device, string FileName)
{
    public bool IsWifi => Type is "802-11-wireless" or "wifi";

    /// <summary>Whether it is in use on this interface.</summary>
    public bool IsOn(string? device) => Active && device is not null && Device.Split(',').Contains(device);
}

/// <summary>A network in range at the last scan.</summary>
internal sealed record AccessPoint(Ssid Ssid, int SignalPercent, string Security);

/// <summary>A file in one of NetworkManager's folders, with what may be known of it.</summary>
/// <remarks>
/// Path: Its full path on the device.
/// Mode: Type and permission bits as in st_mode; null when it could not be read.
/// Values: Its harmless keys, section and key joined by a dot, values as they stand in the file.
/// OtherKeys: The names of its other keys, the password's among them.
/// SecretDigest: The keyed digest of the password's value as it stands in the file; null when it was not read.
/// </remarks>
internal sealed record ProfileFile(
    string Path,
    int? Mode,
    long UserId,
    long GroupId,
    long Size,
    ImmutableSortedDictionary<string, string> Values,
    ImmutableSortedSet<string> OtherKeys,
    string? SecretDigest)
{
    private const int TypeMask = 0xf000;
    private const int RegularFile = 0x8000;
    private const int SymbolicLink = 0xa000;

    public bool IsRegular => (Mode & TypeMask) == RegularFile;

    public bool IsSymbolicLink => (Mode & TypeMask) == SymbolicLink;

    /// <summary>The permission bits alone.</summary>
    public int Permissions => (Mode ?? 0) & 0xfff;

    public Guid? Uuid => Guid.TryParse(Values.GetValueOrDefault("connection.uuid"), out var uuid) ? uuid : null;

    public bool IsWifi => Values.GetValueOrDefault("connection.type") is "wifi" or "802-11-wireless";

    /// <summary>The network, or null when the file names none.</summary>
    public Ssid? Ssid { get; init; }

    /// <summary>Whether it makes a network instead of joining one.</summary>
    public bool IsAccessPoint => Values.GetValueOrDefault("wifi.mode") is "ap" or "mesh" or "adhoc";

    /// <summary>Whether it lends out a connection that the device has, and so leads to nowhere by itself.</summary>
    public bool IsShared => Values.GetValueOrDefault("ipv4.method") == "shared" || Values.GetValueOrDefault("ipv6.method") == "shared";

    /// <summary>The only interface that it is for, or null.</summary>
    public string? InterfaceName => Values.GetValueOrDefault("connection.interface-name") is { Length: > 0 } name ? name : null;

    public int Priority => int.TryParse(Values.GetValueOrDefault("connection.autoconnect-priority"), out var priority) ? priority : 0;

    public bool AutoConnect => Values.GetValueOrDefault("connection.autoconnect") is not ("false" or "no" or "0");

    /// <summary>Whether NetworkManager reads the file at all: a regular file of root that nobody else may open.</summary>
    public bool IsAccepted => IsRegular && UserId == 0 && (Mode & 0x3f) == 0;
}
