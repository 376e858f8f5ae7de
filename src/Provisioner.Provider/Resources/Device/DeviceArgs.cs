using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.Device;

/// <summary>What is wanted of a device: that it answers, and proves to be the one.</summary>
[Doc("A machine as it answers: waited for, its host key checked before anything is sent, and read in one command.")]
internal sealed record DeviceArgs
{
    [Doc("Where it is: `user@host:port`, `ssh://user@host:port`, or `local:` for this machine. User root and port 22 when left out.")]
    public required string Address { get; init; }

    [Doc("The SSH host key that it must have: a fingerprint (`SHA256:…`) or a public key (`ssh-ed25519 AAAA…`). Left out only for `local:` or when the address has it.")]
    public string? HostKey { get; init; }

    [Doc("How many seconds a new device is waited for, 1 to 3600.")]
    public int WaitFor { get; init; } = 300;

    [Doc("The serial number of the board; when it is another machine's, nothing is done.")]
    public string? Serial { get; init; }
}
