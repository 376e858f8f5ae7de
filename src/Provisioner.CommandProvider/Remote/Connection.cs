using System.Globalization;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;

namespace Provisioner.CommandProvider.Remote;

/// <summary>A machine, and how to log in to it.</summary>
internal abstract record Endpoint
{
    [Doc("The machine's name or address.")]
    public required string Host { get; init; }

    [Doc("The port of its sshd.")]
    public double Port { get; init; } = 22;

    [Doc("Who logs in.")]
    public string User { get; init; } = "root";

    [Secret]
    [Doc("The user's password there.")]
    public string? Password { get; init; }

    [Secret]
    [Doc("The private key that logs in, as text in OpenSSH's or PEM's form; it is tried before the password. With neither, the SSH agent's keys and those in ~/.ssh are.")]
    public string? PrivateKey { get; init; }

    [Secret]
    [Doc("The passphrase of the private key, when it is encrypted.")]
    public string? PrivateKeyPassword { get; init; }

    [Doc("The SSH agent's socket; its keys are then tried too. That of SSH_AUTH_SOCK where the agent is asked and this is left out.")]
    public string? AgentSocketPath { get; init; }

    [Doc("How many failures to connect are followed by another try; -1 for any number.")]
    public int DialErrorLimit { get; init; } = 10;

    [Doc("How many seconds one try may take until the machine greets; 0 for any time.")]
    public int PerDialTimeout { get; init; } = 15;

    [Doc("The host key that the machine must have, a public key such as ssh-ed25519 AAAA… or a fingerprint SHA256:…. When it is left out, ~/.ssh/known_hosts must know the machine: nothing is ever sent to one whose key is not known.")]
    public string? HostKey { get; init; }

    /// <summary>For people.</summary>
    public DeviceAddress Address => new(string.Empty) { User = User, Host = Host.Trim('[', ']'), Port = (int)Port, HostKey = HostKey is null ? null : HostKeyPin.Parse(HostKey) };

    /// <summary>Why this cannot be a connection; null when it can. No secret is told.</summary>
    public virtual string? Problem(string path)
    {
        if (Host.Length == 0 || Host.Any(character => char.IsWhiteSpace(character) || char.IsControl(character) || character is '/' or '@'))
        {
            return $"{path}.host must be a name or an address, but is \"{Host}\"; the user and the port have properties of their own";
        }

        if (Port is < 1 or > 65535 || !double.IsInteger(Port))
        {
            return string.Create(CultureInfo.InvariantCulture, $"{path}.port must be a whole number from 1 to 65535, but is {Port}");
        }

        if (PrivateKey is { } key && !key.Contains("PRIVATE KEY", StringComparison.Ordinal))
        {
            return $"{path}.privateKey is no private key: it must be the whole text, from its BEGIN line to its END line";
        }

        return HostKey is { } pin && HostKeyPin.Parse(pin) is null
            ? $"{path}.hostKey must be a public key such as ssh-ed25519 AAAA…, or a fingerprint SHA256:…, but is \"{pin}\""
            : DialErrorLimit < -1 ? $"{path}.dialErrorLimit must be -1 or more, but is {DialErrorLimit}"
            : PerDialTimeout < 0 ? $"{path}.perDialTimeout must be 0 or more seconds, but is {PerDialTimeout}"
            : null;
    }

    /// <summary>How the machine is reached.</summary>
    /// <param name="path">Where these properties stand, for errors.</param>
    public virtual RemoteOptions ToOptions(string path) => new()
    {
        PrivateKey = PrivateKey,
        Passphrase = PrivateKeyPassword,
        Password = Password,
        AgentSocket = AgentSocketPath,
        UseAgent = AgentSocketPath is null ? null : true,
        KnownHostsFile = HostKey is null && HomePath.Expand("~/.ssh/known_hosts") is var file && File.Exists(file) ? file : null,
        DialLimit = new DialLimit(DialErrorLimit, TimeSpan.FromSeconds(PerDialTimeout)),
        Advice = new RemoteAdvice
        {
            PinHostKey = fingerprint => $"set {path}.hostKey to {fingerprint}",
            HostKey = $"{path}.hostKey",
            PrivateKey = $"set {path}.privateKey",
            Passphrase = $"{path}.privateKeyPassword",
        },
    };

    /// <summary>Never a secret.</summary>
    public sealed override string ToString() => Address.Display;
}

[SecretParts]
[Doc("How a machine is reached.")]
internal sealed record Connection : Endpoint
{
    [Doc("A machine on the way to that one: its sshd carries the connection.")]
    public ProxyConnection? Proxy { get; init; }

    public override string? Problem(string path) => base.Problem(path) ?? Proxy?.Problem($"{path}.proxy");

    public override RemoteOptions ToOptions(string path) =>
        Proxy is null ? base.ToOptions(path) : base.ToOptions(path) with { Through = new Hop(Proxy.Address, Proxy.ToOptions($"{path}.proxy")) };
}

[SecretParts]
[Doc("How a machine on the way to another is reached.")]
internal sealed record ProxyConnection : Endpoint;
