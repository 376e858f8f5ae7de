namespace Pulumi.Command.Remote.Inputs;

/// <summary>How a machine is reached.</summary>
public sealed class ConnectionArgs : ResourceArgs
{
    /// <summary>With the defaults.</summary>
    public ConnectionArgs()
    {
        DialErrorLimit = 10;
        PerDialTimeout = 15;
        Port = 22;
        User = "root";
    }

    /// <summary>The SSH agent's socket; that of <c>SSH_AUTH_SOCK</c> when it is left out.</summary>
    [Input("agentSocketPath")]
    public Input<string>? AgentSocketPath { get; set; }

    /// <summary>How many failures to connect are followed by another try; -1 for any number, 10 when it is left out.</summary>
    [Input("dialErrorLimit")]
    public Input<int>? DialErrorLimit { get; set; }

    /// <summary>The machine's name or address.</summary>
    [Input("host", required: true)]
    public Input<string> Host { get; set; } = null!;

    /// <summary>The host key that the machine must have, a public key such as <c>ssh-ed25519 AAAA…</c>.</summary>
    [Input("hostKey")]
    public Input<string>? HostKey { get; set; }

    [Input("password")]
    private Input<string>? _password;

    /// <summary>The user's password there.</summary>
    public Input<string>? Password
    {
        get => _password;
        set => _password = value is null ? (Input<string>?)null : Output.CreateSecret(value.ToOutput());
    }

    /// <summary>How many seconds one try may take; 0 for any time, 15 when it is left out.</summary>
    [Input("perDialTimeout")]
    public Input<int>? PerDialTimeout { get; set; }

    /// <summary>The port of its sshd; 22 when it is left out.</summary>
    [Input("port")]
    public Input<double>? Port { get; set; }

    [Input("privateKey")]
    private Input<string>? _privateKey;

    /// <summary>The private key that logs in, as text in OpenSSH's or PEM's form.</summary>
    public Input<string>? PrivateKey
    {
        get => _privateKey;
        set => _privateKey = value is null ? (Input<string>?)null : Output.CreateSecret(value.ToOutput());
    }

    [Input("privateKeyPassword")]
    private Input<string>? _privateKeyPassword;

    /// <summary>The passphrase of the private key, when it is encrypted.</summary>
    public Input<string>? PrivateKeyPassword
    {
        get => _privateKeyPassword;
        set => _privateKeyPassword = value is null ? (Input<string>?)null : Output.CreateSecret(value.ToOutput());
    }

    /// <summary>A machine on the way to that one.</summary>
    [Input("proxy")]
    public Input<ProxyConnectionArgs>? Proxy { get; set; }

    /// <summary>Who logs in; root when it is left out.</summary>
    [Input("user")]
    public Input<string>? User { get; set; }

    /// <summary>With the defaults.</summary>
    public static new ConnectionArgs Empty => new();
}
