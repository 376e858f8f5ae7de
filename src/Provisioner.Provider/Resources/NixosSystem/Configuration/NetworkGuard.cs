using System.IO.Enumeration;
using Provisioner.Provider.Inspection;

namespace Provisioner.Provider.Resources.NixosSystem.Configuration;

/// <summary>Whether a system would be on the network as the device is now: NetworkManager, with somebody who speaks WPA, and our interface not left to others. Pure.</summary>
internal static class NetworkGuard
{
    private const string Title = "network";

    /// <param name="flake">The configuration.</param>
    /// <param name="login">How we come in.</param>
    /// <param name="device">The device; null while it cannot be seen.</param>
    public static IEnumerable<PreflightFinding> Of(ConfigurationFacts flake, Login login, DeviceFacts? device)
    {
        var network = flake.Network;
        var isWifi = login.IsWifi ?? (device is null ? null : WaysIn.Wifi(null, device) is not null);
        if (isWifi == false)
        {
            yield break;
        }

        // Unseen, the device may as well have a cable.
        PreflightFinding Finding(string text) => isWifi == true && !login.IsLocal ? PreflightFinding.Blocker(Title, text) : PreflightFinding.Warning(Title, text);
        if (network.Manager == false)
        {
            const string Off = "NetworkManager is off in it, so no WiFi profile of ours would be used; set networking.networkmanager.enable = true;";
            yield return network is { Wireless: true, HasOwnNetworks: true }
                ? PreflightFinding.Warning(Title, $"it joins WiFi networks of its own (networking.wireless.networks), which are not judged here; where they are others than the device's: {Off}")
                : Finding(Off);
            yield break;
        }

        if (network.Manager is null)
        {
            yield return PreflightFinding.Warning(Title, "whether it will be in the WiFi is not known, because the configuration does not say: networking.networkmanager.enable");
            yield break;
        }

        if (network.WifiBackend == "iwd" ? network.Iwd == false : network is { Wireless: false, Supplicant: false })
        {
            yield return Finding(network.WifiBackend == "iwd"
                ? "NetworkManager is to use iwd in it, which is off; set networking.wireless.iwd.enable = true;"
                : "NetworkManager has no supplicant in it, so it would never join a WiFi that has a password: from NixOS 26.05 on wpa_supplicant comes by networking.wireless.enable, which it forces off; take that line out, or set networking.networkmanager.wifi.backend = \"iwd\";");
        }

        var name = login.Interface ?? (device is null ? null : WaysIn.RadioFor(null, null, device)?.Name);
        if (network.Unmanaged is { Count: > 0 } unmanaged && LeavesOut(unmanaged, name ?? "wlan0"))
        {
            yield return Finding($"NetworkManager leaves {name ?? "the WiFi"} alone in it (networking.networkmanager.unmanaged has {string.Join(", ", unmanaged)}), so no WiFi profile of ours would be used; take it from there");
        }
    }

    /// <summary>NetworkManager's own rule: one that fits, and no exception that does; exceptions alone leave out all others.</summary>
    private static bool LeavesOut(IReadOnlyList<string> unmanaged, string name)
    {
        var exceptions = unmanaged.Where(spec => spec.StartsWith("except:", StringComparison.Ordinal)).ToList();
        return !exceptions.Any(spec => Fits(spec["except:".Length..], name))
            && (exceptions.Count == unmanaged.Count || unmanaged.Except(exceptions).Any(spec => Fits(spec, name)));
    }

    private static bool Fits(string spec, string name) => spec.Split(':', 2) switch
    {
        ["interface-name", ['=', .. var exact]] => exact == name,
        ["interface-name", var pattern] => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false),
        ["type", "wifi"] => true,
        ["type" or "mac" or "driver" or "dhcp-plugin" or "s390-subchannels" or "ssid" or "hwaddr", _] => false,
        _ => spec == "*" || FileSystemName.MatchesSimpleExpression(spec, name, ignoreCase: false),
    };
}
