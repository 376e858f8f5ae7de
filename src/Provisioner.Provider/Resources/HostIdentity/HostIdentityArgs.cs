using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.HostIdentity;

/// <summary>What is wanted of an identity.</summary>
[Doc("What makes a machine this machine: its SSH host key, its name and its ZFS host id. Made once, kept in the state as secrets, and changed only when told to.")]
internal sealed record HostIdentityArgs
{
    [Doc("The host's name: one label of lower-case letters, digits and hyphens, at most 63.")]
    public required string Hostname { get; init; }

    [Doc("Change this text to have a new key and host id made.")]
    public string? Rotate { get; init; }

    [Doc("A ZFS host id to use instead of a new one, eight hex digits in lower case: that of a flake which sets networking.hostId itself.")]
    public string? HostId { get; init; }

    [Secret]
    [Doc("An Ed25519 host key to use instead of a new one: the text of an OpenSSH private key file without a passphrase.")]
    public string? PrivateKey { get; init; }
}
