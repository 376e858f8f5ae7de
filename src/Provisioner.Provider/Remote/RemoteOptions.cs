namespace Provisioner.Provider.Remote;

/// <summary>How devices are reached, from the provider's configuration.</summary>
internal sealed record RemoteOptions
{
    /// <summary>The private key itself, in OpenSSH's or PEM's form.</summary>
    public string? PrivateKey { get; init; }

    /// <summary>A file with the private key; <c>~</c> is the home folder.</summary>
    public string? PrivateKeyFile { get; init; }

    /// <summary>The user's password there, for a device that takes one.</summary>
    public string? Password { get; init; }

    /// <summary>Opens an encrypted private key.</summary>
    public string? Passphrase { get; init; }

    /// <summary>Whether an SSH agent is asked; null: when no key is given.</summary>
    public bool? UseAgent { get; init; }

    /// <summary>The agent's socket; null for SSH_AUTH_SOCK.</summary>
    public string? AgentSocket { get; init; }

    /// <summary>Host keys of addresses that have none in them, in OpenSSH's form.</summary>
    public string? KnownHostsFile { get; init; }

    /// <summary>How long an update waits for a device to answer.</summary>
    public TimeSpan DialPatience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a preview or a read waits for a device to greet.</summary>
    public TimeSpan LookPatience { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often it is dialled, in place of <see cref="DialPatience"/>; null for as long as there is patience.</summary>
    public DialLimit? DialLimit { get; init; }

    /// <summary>The machine through which the device is reached; null for none.</summary>
    public Hop? Through { get; init; }

    /// <summary>What people are told to do.</summary>
    public RemoteAdvice Advice { get; init; } = new();

    /// <summary>The rhythm in which a link is watched.</summary>
    public LinkTiming Timing { get; init; } = new();
}

/// <summary>How often a device is dialled.</summary>
/// <param name="Errors">So many failures are followed by another try; -1 for any number.</param>
/// <param name="PerDial">How long one may take until the device greets; zero for any time.</param>
internal sealed record DialLimit(int Errors, TimeSpan PerDial);

/// <summary>A machine on the way to another: a connection to it carries the connection to that one.</summary>
internal sealed record Hop(DeviceAddress Address, RemoteOptions Options);

/// <summary>Where the settings of a connection stand, for the last line of an error.</summary>
internal sealed record RemoteAdvice
{
    /// <summary>What to do with a fingerprint that proved right.</summary>
    public Func<string, string> PinHostKey { get; init; } = fingerprint => $"put ?hostKey={fingerprint} into the address";

    /// <summary>Where the pin stands that may have to be changed.</summary>
    public string HostKey { get; init; } = "hostKey in the address";

    /// <summary>How to name a private key.</summary>
    public string PrivateKey { get; init; } = "config set provisioner:privateKeyFile <path>";

    /// <summary>How to give the passphrase of a private key.</summary>
    public string Passphrase { get; init; } = "config set --secret provisioner:passphrase";
}

/// <summary>
/// The rhythm in which a link is watched. SSH.NET's own keepalive asks for no answer and so notices nothing (facts of
/// SSH.NET); a link is held for dead when a question of ours stays without an answer. The two together stay below 45 s.
/// </summary>
internal sealed record LinkTiming
{
    /// <summary>While something runs and nothing arrives: how long until a question is asked.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>
    /// How long one try to dial may take until the device greets, where others may follow, some of which take a third of it:
    /// while it restarts, the network may take a connection that nobody will ever answer.
    /// </summary>
    public TimeSpan Greeting { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the answer may take, and a login once the device has greeted; a busy Pi takes seconds to start a process.</summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>A link that was idle for longer is asked before it is used.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long the answer after idleness may take before the device is dialled anew.</summary>
    public TimeSpan IdleAnswer { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>The first pause between two attempts to dial; it doubles up to eight times itself.</summary>
    public TimeSpan Redial { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>For how long after a vain dial everything that only looks is told so at once.</summary>
    public TimeSpan Absence { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Between asking an abandoned process to end and making it.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(3);
}
