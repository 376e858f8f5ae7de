namespace Pulumi.Command.Remote.Outputs;

/// <summary>How a machine on the way to another is reached.</summary>
[OutputType]
public sealed class ProxyConnection
{
    /// <summary>The SSH agent's socket; that of <c>SSH_AUTH_SOCK</c> when it is left out.</summary>
    public readonly string? AgentSocketPath;

    /// <summary>How many failures to connect are followed by another try; -1 for any number, 10 when it is left out.</summary>
    public readonly int? DialErrorLimit;

    /// <summary>The machine's name or address.</summary>
    public readonly string Host;

    /// <summary>The host key that the machine must have, a public key such as <c>ssh-ed25519 AAAA…</c>.</summary>
    public readonly string? HostKey;

    /// <summary>The user's password there.</summary>
    public readonly string? Password;

    /// <summary>How many seconds one try may take; 0 for any time, 15 when it is left out.</summary>
    public readonly int? PerDialTimeout;

    /// <summary>The port of its sshd; 22 when it is left out.</summary>
    public readonly double? Port;

    /// <summary>The private key that logs in, as text in OpenSSH's or PEM's form.</summary>
    public readonly string? PrivateKey;

    /// <summary>The passphrase of the private key, when it is encrypted.</summary>
    public readonly string? PrivateKeyPassword;

    /// <summary>Who logs in; root when it is left out.</summary>
    public readonly string? User;

    [OutputConstructor]
    private ProxyConnection(
        string? agentSocketPath,
        int? dialErrorLimit,
        string host,
        string? hostKey,
        string? password,
        int? perDialTimeout,
        double? port,
        string? privateKey,
        string? privateKeyPassword,
        string? user)
    {
        AgentSocketPath = agentSocketPath;
        DialErrorLimit = dialErrorLimit;
        Host = host;
        HostKey = hostKey;
        Password = password;
        PerDialTimeout = perDialTimeout;
        Port = port;
        PrivateKey = privateKey;
        PrivateKeyPassword = privateKeyPassword;
        User = user;
    }
}
