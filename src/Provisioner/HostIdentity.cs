using Pulumi;

namespace Provisioner;

/// <summary>
/// What makes a machine this machine: its SSH host key, its name and its ZFS host id. Made once, kept in the state as
/// secrets, and changed only when told to.
/// </summary>
public sealed class HostIdentity : CustomResource
{
    /// <param name="name">A name that no other HostIdentity of the same parent has.</param>
    /// <param name="args">The inputs.</param>
    /// <param name="options">How the engine treats the resource.</param>
    public HostIdentity(string name, HostIdentityArgs args, CustomResourceOptions? options = null)
        : base("provisioner:index:HostIdentity", name, args, options)
    {
    }

    /// <summary>The host's name.</summary>
    [Output("hostname")]
    public Output<string> Hostname { get; private set; } = null!;

    /// <summary>The text of the SSH host's private key file: OpenSSH's form, Ed25519, no passphrase. A secret.</summary>
    [Output("privateKey")]
    public Output<string> PrivateKey { get; private set; } = null!;

    /// <summary>The line of the SSH host's public key file.</summary>
    [Output("publicKey")]
    public Output<string> PublicKey { get; private set; } = null!;

    /// <summary>What ssh shows of the host key: <c>SHA256:…</c>.</summary>
    [Output("fingerprint")]
    public Output<string> Fingerprint { get; private set; } = null!;

    /// <summary>ZFS's host id: eight hex digits.</summary>
    [Output("hostId")]
    public Output<string> HostId { get; private set; } = null!;
}

/// <summary>The inputs of a <see cref="HostIdentity"/>.</summary>
public sealed class HostIdentityArgs : ResourceArgs
{
    /// <summary>The host's name: one label of lower-case letters, digits and hyphens, at most 63.</summary>
    [Input("hostname", required: true)]
    public Input<string> Hostname { get; set; } = null!;

    /// <summary>Change this text to have a new key and a new host id made.</summary>
    [Input("rotate")]
    public Input<string>? Rotate { get; set; }

    /// <summary>A ZFS host id to use instead of a new one, eight hex digits in lower case: that of a flake which sets networking.hostId itself.</summary>
    [Input("hostId")]
    public Input<string>? HostId { get; set; }

    /// <summary>An Ed25519 host key to use instead of a new one: the text of an OpenSSH private key file without a passphrase. A secret.</summary>
    [Input("privateKey")]
    public Input<string>? PrivateKey { get; set; }
}
