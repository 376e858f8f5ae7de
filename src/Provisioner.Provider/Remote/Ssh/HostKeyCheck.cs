using Provisioner.Provider.Errors;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Provisioner.Provider.Remote.Ssh;

/// <summary>
/// Holds the key that a device presents against the pin, in the middle of the key exchange: before it is over nothing of ours
/// has been sent, no user name and no signature. There is no first use that is trusted.
/// </summary>
internal sealed class HostKeyCheck(DeviceAddress address, KnownKeys known, RemoteAdvice advice)
{
    private IReadOnlyList<HostKeyPin> Pins => known.Pins;

    /// <summary>Set when the key was refused.</summary>
    public DeviceUntrustedException? Refusal { get; private set; }

    /// <summary>The pins of an address: its own, else those of the file of known hosts. What that file revokes, it revokes for both.</summary>
    public static HostKeyCheck For(DeviceAddress address, RemoteOptions options)
    {
        // Beside a pin, a file that is not there revokes nothing.
        var known = options.KnownHostsFile is { Length: > 0 } file && (address.HostKey is null || File.Exists(HomePath.Expand(file))) ? KnownHosts.Find(file, address) : new KnownKeys([], new HashSet<string>(), HasAuthority: false);
        return new HostKeyCheck(address, address.HostKey is { } pin ? known with { Pins = [pin] } : known, options.Advice);
    }

    /// <summary>Asks for a kind of key that can fit, and watches which one comes.</summary>
    public void Attach(ConnectionInfo connection, SshClient client)
    {
        var types = Pins.Select(pin => pin.Algorithm).ToHashSet(StringComparer.Ordinal);
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
        var isRevoked = known.Revoked.Contains(presented);
        key.CanTrust = !isRevoked && Pins.Any(pin => pin.Fingerprint == presented);
        if (!key.CanTrust)
        {
            Refusal = isRevoked ? Revoked(presented, key.HostKeyName) : Pins.Count == 0 ? Unpinned(presented, key.HostKeyName) : Changed(presented, key.HostKeyName);
        }
    }

    private DeviceUntrustedException Unpinned(string presented, string type) => new($"No host key is known for {address.Display}, so it cannot be trusted")
    {
        Where = address.Display,
        Presented = presented,
        Why = $"it presented {presented} ({type}); nothing was sent to it{(known.HasAuthority ? "\nthe file of known hosts knows an authority for it, and certificates of hosts are not followed here" : string.Empty)}",
        Next = $"compare with the device's own: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub there; if they are equal, {advice.PinHostKey(presented)}",
    };

    private DeviceUntrustedException Revoked(string presented, string type) => new($"{address.Display} presented a host key that is revoked")
    {
        Where = address.Display,
        Presented = presented,
        Why = $"the file of known hosts has {presented} ({type}) marked @revoked: somebody else may have it\nnothing was sent to it",
        Next = "do not go on; give the device a new host key over another way, and pin that",
    };

    private DeviceUntrustedException Changed(string presented, string type) => new($"{address.Display} is not the machine it should be: its host key is another one")
    {
        Where = address.Display,
        Expected = string.Join(", ", Pins.Select(pin => pin.Fingerprint)),
        Presented = presented,
        Why = $"expected  {string.Join(", ", Pins.Select(pin => pin.Fingerprint))}\npresented {presented} ({type})\nnothing was sent to it",
        Next = $"if the device was made anew on purpose, change the pin ({advice.HostKey}); if not, somebody else answers at this address: do not go on",
    };
}
