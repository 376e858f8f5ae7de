namespace Provisioner.VirtualPi;

/// <summary>What makes a card this Pi's own, as it is written onto the card before the first boot.</summary>
/// <param name="HostKeyPem">An ed25519 host key in OpenSSH's private key format, unencrypted. It is a secret.</param>
/// <param name="HostName">The system's name: letters, digits and '-', at most 63.</param>
public sealed record PiIdentity(string HostKeyPem, string HostName)
{
    /// <summary>The name a machine has when it is given no identity.</summary>
    public const string DefaultHostName = "raspberrypi";

    // A record would print the key.
    public override string ToString() => $"{nameof(PiIdentity)} {{ {nameof(HostName)} = {HostName} }}";

    /// <exception cref="PiException">A part is not as described.</exception>
    internal SshHostKey Check()
    {
        if (HostName.Length is 0 or > 63 || !HostName.All(character => char.IsAsciiLetterOrDigit(character) || character == '-') || HostName[0] == '-')
        {
            throw new PiException($"The host name '{HostName}' is none: letters, digits and '-', at most 63, not beginning with '-'.");
        }

        try
        {
            var key = SshHostKey.FromPrivateKey(HostKeyPem);
            return key.Type == "ssh-ed25519" ? key : throw new PiException($"The host key is of type {key.Type}; the bootstrap system takes ssh-ed25519.");
        }
        catch (FormatException exception)
        {
            throw new PiException($"The host key cannot be read: {exception.Message}", exception);
        }
    }
}
