using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.HostIdentity;

/// <summary>The identity.</summary>
internal sealed record HostIdentityState
{
    [Doc("The host's name.")]
    public required string Hostname { get; init; }

    [Doc("The text that the key was made for.")]
    public string? Rotate { get; init; }

    [Secret]
    [Doc("The text of the SSH host's private key file, in OpenSSH's form, Ed25519, without a passphrase.")]
    public required string PrivateKey { get; init; }

    [Doc("The line of the SSH host's public key file.")]
    public required string PublicKey { get; init; }

    [Doc("What ssh shows of the host key: `SHA256:…`.")]
    public required string Fingerprint { get; init; }

    [Doc("ZFS's host id: eight hex digits.")]
    public required string HostId { get; init; }
}
