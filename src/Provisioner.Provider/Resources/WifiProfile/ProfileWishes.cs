using System.Text;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.WifiProfile;

/// <summary>What follows from the inputs alone: names, the derived key, the file's content.</summary>
internal static class ProfileWishes
{
    private const string Folder = "/etc/NetworkManager/system-connections";

    public static Ssid SsidOf(this WifiProfileArgs args) =>
        Ssid.TryParse(args.Ssid, out var ssid, out var reason) ? ssid : throw new ArgumentException($"ssid {reason}", nameof(args));

    public static string NameOf(this WifiProfileArgs args) => args.Name ?? args.SsidOf().ToFileName();

    /// <summary>From the network's bytes and the profile's name, so that it survives a lost state and a changed password.</summary>
    public static Guid UuidOf(this WifiProfileArgs args) => NameBasedUuid.Create([.. args.SsidOf().Bytes, 0, .. Encoding.UTF8.GetBytes(args.NameOf())]);

    /// <summary>The keyfile, without the target root in front.</summary>
    public static string PathOf(this WifiProfileArgs args) => $"{Folder}/{args.NameOf()}.nmconnection";

    /// <summary>What the keyfile holds instead of the password; null for an open network.</summary>
    public static string? KeyOf(this WifiProfileArgs args) => args.Security switch
    {
        WifiSecurity.Open => null,
        WifiSecurity.WpaPsk => WpaKey.Derive(args.Password ?? "", args.SsidOf()),
        _ => args.Password ?? "",
    };

    /// <summary>The state as it is when every wish is fulfilled, before anything is known of the device.</summary>
    public static WifiProfileState StateOf(this WifiProfileArgs args) => new()
    {
        Device = args.Device,
        Name = args.NameOf(),
        Uuid = args.UuidOf().ToString("D"),
        Path = args.PathOf(),
        Ssid = args.Ssid,
        Key = args.KeyOf(),
        Security = args.Security,
        Priority = args.Priority,
        Hidden = args.Hidden,
        InterfaceName = args.InterfaceName,
        Band = args.Band,
        Bssid = args.Bssid?.ToUpperInvariant(),
        Powersave = args.Powersave,
        Ipv4 = args.Ipv4,
        Ipv6 = args.Ipv6,
    };

    /// <summary>The keyfile's content for what a state says was written.</summary>
    public static ProfileContent ContentOf(this WifiProfileState state) => new(
        state.Name,
        Guid.Parse(state.Uuid),
        Ssid.TryParse(state.Ssid, out var ssid, out _) ? ssid : Ssid.FromBytes(Encoding.UTF8.GetBytes(state.Ssid)),
        KeyManagement(state.Security),
        state.Key,
        state.Priority,
        state.Hidden,
        state.InterfaceName)
    {
        Band = state.Band,
        Bssid = state.Bssid,
        Powersave = state.Powersave,
        Ipv4 = state.Ipv4,
        Ipv6 = state.Ipv6,
    };

    /// <summary>As NetworkManager and the inputs call a band; "any" for none.</summary>
    public static string Word(WifiBand band) => band switch
    {
        WifiBand.A => "a",
        WifiBand.Bg => "bg",
        _ => "any",
    };

    /// <summary>As nmcli and the inputs call it.</summary>
    public static string Word(WifiPowersave powersave) => powersave switch
    {
        WifiPowersave.Ignore => "ignore",
        WifiPowersave.Disable => "disable",
        WifiPowersave.Enable => "enable",
        _ => "default",
    };

    /// <summary>The value of key-mgmt; null for an open network, whose file has no such section.</summary>
    public static string? KeyManagement(WifiSecurity security) => security switch
    {
        WifiSecurity.Open => null,
        WifiSecurity.Sae => "sae",
        _ => "wpa-psk",
    };
}
