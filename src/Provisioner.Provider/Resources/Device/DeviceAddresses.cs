using Provisioner.Provider.Errors;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Resources.Device;

/// <summary>The one text with which every resource names a device: where it is, and the key that it must prove to have.</summary>
internal static class DeviceAddresses
{
    /// <summary>The address, or what is wrong with the inputs.</summary>
    public static (string? Text, string? Problem) Of(DeviceArgs args)
    {
        if (args.Address == "local:")
        {
            return (args.Address, null);
        }

        DeviceAddress address;
        try
        {
            address = DeviceAddress.Parse(args.Address.StartsWith("ssh://", StringComparison.Ordinal) ? args.Address : $"ssh://{args.Address}");
        }
        catch (InputInvalidException e)
        {
            return (null, $"{e.Why ?? e.What}; write it as root@lamp.local, user@192.168.1.20:2222 or local:");
        }

        var pin = args.HostKey is { } given ? HostKeyPin.Parse(given) : address.HostKey;
        if (pin is null)
        {
            return (null, null);
        }

        return (string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"ssh://{Uri.EscapeDataString(address.User)}@{address.UriHost}:{address.Port}?hostKey={Uri.EscapeDataString(pin.Fingerprint).Replace("%3A", ":", StringComparison.Ordinal)}"), null);
    }
}
