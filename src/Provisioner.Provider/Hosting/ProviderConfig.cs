using System.Collections.Immutable;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Hosting;

/// <summary>The provider's configuration, <c>provisioner:…</c> in a stack's file.</summary>
[Doc("Keeps headless Raspberry Pis, from the SD card to the running NixOS on ZFS. The credentials by which devices are reached stand here, so that they are in the state once and a new key is no change of anything.")]
internal sealed record ProviderConfig
{
    [Secret]
    [Doc("The private key that logs in to devices, as text in OpenSSH's or PEM's form. Set it with --secret.")]
    public string? PrivateKey { get; init; }

    [Doc("A file with the private key that logs in to devices; ~ is the home folder.")]
    public string? PrivateKeyFile { get; init; }

    [Secret]
    [Doc("The passphrase of the private key, when it is encrypted. Set it with --secret.")]
    public string? Passphrase { get; init; }

    [Doc("Whether the SSH agent's keys may log in. By default they may when neither privateKey nor privateKeyFile is given.")]
    public bool? UseAgent { get; init; }

    [Doc("The SSH agent's socket; by default that of SSH_AUTH_SOCK.")]
    public string? AgentSocket { get; init; }

    [Doc("Host keys, in OpenSSH's known_hosts form, of devices whose address holds none. A device without a known host key is refused.")]
    public string? KnownHostsFile { get; init; }

    [Doc("Seconds that an update waits for a device to answer, 1 to 3600. A preview waits at most 3.")]
    public double ConnectTimeout { get; init; } = 15;

    /// <summary>What must hold beyond the types.</summary>
    public static ImmutableArray<Rule<ProviderConfig>> Rules { get; } =
    [
        Rule<ProviderConfig>.Of(
            config => config.ConnectTimeout is >= 1 and <= 3600 ? null : "must be 1 to 3600 seconds",
            nameof(ConnectTimeout)),
        Rule<ProviderConfig>.Of(
            config => config.PrivateKey is null || config.PrivateKey.Contains("PRIVATE KEY", StringComparison.Ordinal)
                ? null
                : "is no private key: it must be the whole text, from its BEGIN line to its END line; a file's path belongs into privateKeyFile",
            nameof(PrivateKey)),
    ];

    /// <summary>How devices are reached.</summary>
    public RemoteOptions ToOptions() => new()
    {
        PrivateKey = PrivateKey,
        PrivateKeyFile = PrivateKeyFile,
        Passphrase = Passphrase,
        UseAgent = UseAgent,
        AgentSocket = AgentSocket,
        KnownHostsFile = KnownHostsFile,
        DialPatience = TimeSpan.FromSeconds(ConnectTimeout),
        LookPatience = TimeSpan.FromSeconds(Math.Min(3, ConnectTimeout)),
    };
}
