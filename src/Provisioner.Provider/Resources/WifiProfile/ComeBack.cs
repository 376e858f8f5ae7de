using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Resources.WifiProfile;

/// <summary>Where a device is looked for after its address was changed. Pure.</summary>
internal static class ComeBack
{
    /// <summary>
    /// The address that the device will have; null where it has that already, where the network chooses it, where our way in does
    /// not depend on this radio, and where we came by another address than the device itself has, so that somebody in between
    /// leads to it.
    /// </summary>
    public static string? Address(WifiProfileState wished, WifiProfileState actual)
    {
        if (actual.Situation.OtherWayIn || HostOf(wished.Device) is not { } host)
        {
            return null;
        }

        var isVersion6 = Literal(host) is { AddressFamily: AddressFamily.InterNetworkV6 };
        var address = isVersion6
            ? IpSettings.FirstAddress(wished.Ipv6) ?? IpSettings.FirstAddress(wished.Ipv4)
            : IpSettings.FirstAddress(wished.Ipv4) ?? IpSettings.FirstAddress(wished.Ipv6);
        var ours = Literal(actual.Situation.OurAddress);
        return address is null || Literal(address)!.Equals(ours) || (Literal(host) is { } literal && !literal.Equals(ours)) ? null : address;
    }

    /// <summary>Whether the device is named by a name, which may lead to the new address or to the old one.</summary>
    public static bool IsNamed(string device) => HostOf(device) is { } host && Literal(host) is null;

    /// <summary>What to do afterwards with an address that will lead nowhere.</summary>
    public static IEnumerable<string> Warnings(WifiProfileState wished, WifiProfileState actual, ImmutableHashSet<string> paths)
    {
        if (HostOf(wished.Device) is not { } host || Literal(host) is not { } literal)
        {
            yield break;
        }

        if (Address(wished, actual) is { } address)
        {
            yield return $"the device is looked for at {address} from then on: set the address of the Device from {host} to that after this run";
        }
        else if (literal.Equals(Literal(actual.Situation.OurAddress)) && paths.Contains("ipv4.method") && IpSettings.FirstAddress(wished.Ipv4) is null)
        {
            yield return $"the network will give the device an address, perhaps another than {host}: unless it answers there, the change is undone; let the Device have a name for its address, such as lamp.local";
        }
    }

    /// <summary>The host; null for this machine, and for an address that cannot be read, of which whoever dials it tells.</summary>
    private static string? HostOf(string device)
    {
        try
        {
            return DeviceAddress.Parse(device) is { IsLocal: false } address ? address.Host : null;
        }
        catch (InputInvalidException)
        {
            return null;
        }
    }

    private static IPAddress? Literal(string? host) => IPAddress.TryParse(host, out var address) ? address : null;
}
