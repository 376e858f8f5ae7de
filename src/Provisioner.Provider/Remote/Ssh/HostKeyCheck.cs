using Provisioner.Provider.Errors;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Provisioner.Provider.Remote.Ssh;

/// <summary>
/// Holds the key that a device presents against the pin, in the middle of the key exchange: before it is over nothing of ours
/// has been sent, no user name and no signature. There is no first use that is trusted.
/// </summary>
internal sealed class HostKeyCheck(DeviceAddress address, IReadOnlyList<HostKeyPin> pins, RemoteAdvice advice)
{
    /// <summary>Set when the key was refused.</summary>
    public DeviceUntrustedException? Refusal { get; private set; }

    /// <summary>The pins of an address: its own, else those of the file of known hosts.</summary>
    public static HostKeyCheck For(DeviceAddress address, RemoteOptions options) => new(
        address,
        address.HostKey is { } pin ? [pin]
            : options.KnownHostsFile is { Length: > 0 } file ? KnownHosts.Find(file, address)
            : [],
        options.Advice);

    /// <summary>Asks for a kind of key that can fit, and watches which one comes.</summary>
    public void Attach(ConnectionInfo connection, SshClient client)
    {
        // Host certificates are signed by an authority; here the key itself is the identity.
        foreach (var name in connection.HostKeyAlgorithms.Keys.Where(name => name.Contains("-cert-", StringComparison.Ordinal)).ToList())
        {
            connection.HostKeyAlgorithms.Remove(name);
        }

        var types = pins.Select(pin => pin.Algorithm).ToHashSet(StringComparer.Ordinal);
        if (types.Count > 0 && !types.Contains(null))
        {
            foreach (var name in connection.HostKeyAlgorithms.Keys.Where(name => !types.Contains(KeyTypeOf(name))).ToList())
            {
                connection.HostKeyAlgorithms.Remove(name);
            }
        }

        client.HostKeyReceived += Receive;
    }

    private static string KeyTypeOf(string algorithm) => algorithm is "rsa-sha2-256" or "rsa-sha2-512" ? "ssh-rsa" : algorithm;

    private void Receive(object? sender, HostKeyEventArgs key)
    {
        var presented = HostKeyPin.FingerprintOf(key.HostKey);
        key.CanTrust = pins.Any(pin => pin.Fingerprint == presented);
        if (!key.CanTrust)
        {
            Refusal = pins.Count == 0 ? Unpinned(presented, key.HostKeyName) : Changed(presented, key.HostKeyName);
        }
    }

    private DeviceUntrustedException Unpinned(string presented, string type) => new($"No host key is known for {address.Display}, so it cannot be trusted")
    {
        Where = address.Display,
        Presented = presented,
        Why = $"it presented {presented} ({type}); nothing was sent to it",
        Next = $"compare with the device's own: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub there; if they are equal, {advice.PinHostKey(presented)}",
    };

    private DeviceUntrustedException Changed(string presented, string type) => new($"{address.Display} is not the machine it should be: its host key is another one")
    {
        Where = address.Display,
        Expected = string.Join(", ", pins.Select(pin => pin.Fingerprint)),
        Presented = presented,
        Why = $"expected  {string.Join(", ", pins.Select(pin => pin.Fingerprint))}\npresented {presented} ({type})\nnothing was sent to it",
        Next = $"if the device was made anew on purpose, change the pin ({advice.HostKey}); if not, somebody else answers at this address: do not go on",
    };
}
