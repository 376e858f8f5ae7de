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
    private readonly List<(string Fingerprint, string Type)> _strange = [];

    private IReadOnlyList<HostKeyPin> Pins => known.Pins;

    /// <summary>Set when a key was refused, and none has proved right since.</summary>
    public DeviceUntrustedException? Refusal { get; private set; }

    /// <summary>Whether it was refused on the connection that was attached last.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>
    /// Whether a key of another type may be the pinned one: a fingerprint does not tell of which type its key is, and a server has
    /// several and shows one.
    /// </summary>
    public bool MayHaveAnother { get; private set; }

    /// <summary>The type of the key that proved right; null for none yet.</summary>
    public string? Proven { get; private set; }

    /// <summary>The type that is asked for first; null for the library's order.</summary>
    public string? Preferred { get; init; }

    /// <summary>The types that a pin names; empty where one is a fingerprint alone.</summary>
    public IReadOnlySet<string> PinnedTypes => Pins.All(pin => pin.Algorithm is not null) ? Pins.Select(pin => pin.Algorithm!).ToHashSet(StringComparer.Ordinal) : new HashSet<string>();

    /// <summary>The pins of an address: its own, else those of the file of known hosts. What that file revokes, it revokes for both.</summary>
    /// <param name="address">The device.</param>
    /// <param name="options">How it is reached.</param>
    /// <param name="preferred">The type of key that it proved itself with before; null for none.</param>
    public static HostKeyCheck For(DeviceAddress address, RemoteOptions options, string? preferred)
    {
        // Beside a pin, a file that is not there revokes nothing.
        var known = options.KnownHostsFile is { Length: > 0 } file && (address.HostKey is null || File.Exists(HomePath.Expand(file))) ? KnownHosts.Find(file, address) : new KnownKeys([], new HashSet<string>(), HasAuthority: false);
        return new HostKeyCheck(address, address.HostKey is { } pin ? known with { Pins = [pin] } : known, options.Advice) { Preferred = preferred };
    }

    /// <summary>Asks for a kind of key that can fit, and watches which one comes.</summary>
    public void Attach(ConnectionInfo connection, SshClient client)
    {
        (IsRefused, MayHaveAnother) = (false, false);
        var algorithms = connection.HostKeyAlgorithms;
        foreach (var name in algorithms.Keys.Where(name => !MayBe(KeyTypeOf(name))).ToList())
        {
            algorithms.Remove(name);
        }

        // What stands first is asked for first.
        foreach (var name in Preferred is null ? [] : algorithms.Keys.Where(name => KeyTypeOf(name) != Preferred).ToList())
        {
            var algorithm = algorithms[name];
            algorithms.Remove(name);
            algorithms.Add(name, algorithm);
        }

        client.HostKeyReceived += Receive;
    }

    private bool MayBe(string type) => _strange.All(key => key.Type != type) && (PinnedTypes.Count == 0 || PinnedTypes.Contains(type));

    private static string KeyTypeOf(string algorithm) => algorithm is "rsa-sha2-256" or "rsa-sha2-512" ? "ssh-rsa" : algorithm;

    private void Receive(object? sender, HostKeyEventArgs key)
    {
        var presented = HostKeyPin.FingerprintOf(key.HostKey);
        var isRevoked = known.Revoked.Contains(presented);
        key.CanTrust = !isRevoked && Pins.Any(pin => pin.Fingerprint == presented);
        var type = SshWire.TypeOf(key.HostKey) ?? key.HostKeyName;
        if (key.CanTrust)
        {
            (Proven, Refusal) = (type, null);
            return;
        }

        MayHaveAnother = !isRevoked && Pins.Any(pin => pin.Algorithm is null) && _strange.All(strange => strange.Type != type);
        IsRefused = true;
        _strange.Add((presented, type));
        Refusal = isRevoked ? Revoked(presented, key.HostKeyName) : Pins.Count == 0 ? Unpinned(presented, key.HostKeyName) : Changed();
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

    private DeviceUntrustedException Changed() => new($"{address.Display} is not the machine it should be: its host key is another one")
    {
        Where = address.Display,
        Expected = string.Join(", ", Pins.Select(pin => pin.Fingerprint)),
        Presented = _strange[0].Fingerprint,
        Why = $"expected  {string.Join(", ", Pins.Select(pin => pin.Fingerprint))}\n{string.Join('\n', _strange.Select(key => $"presented {key.Fingerprint} ({key.Type})"))}\nnothing was sent to it",
        Next = $"if the device was made anew on purpose, change the pin ({advice.HostKey}); if not, somebody else answers at this address: do not go on",
    };
}
