using System.Text;

namespace Provisioner.Provider.Remote.Ssh;

/// <summary>
/// Whether the lengths in a private key file of OpenSSH's form (PROTOCOL.key) lie within the file. SSH.NET takes the memory that a
/// length asks for before it looks whether so much is there; where a file is of another form, there is nothing to be said.
/// </summary>
internal static class OpenSshKeyForm
{
    private const string Kind = "OPENSSH PRIVATE KEY";

    private static readonly byte[] Magic = "openssh-key-v1\0"u8.ToArray();

    /// <summary>False for a file whose lengths lead out of it.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> file)
    {
        if (Body(file, out var isOfThisForm) is not { } body)
        {
            return !isOfThisForm;
        }

        try
        {
            ReadOnlySpan<byte> data = body;
            var cipher = SshWire.ReadString(ref data);
            SshWire.ReadString(ref data);
            SshWire.ReadString(ref data);
            if (SshWire.ReadNumber(ref data) != 1)
            {
                return false;
            }

            SshWire.ReadString(ref data);
            ReadOnlySpan<byte> inside = SshWire.ReadString(ref data);
            return !cipher.AsSpan().SequenceEqual("none"u8) || IsKey(inside);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>The public half, which such a file has in clear even when it is encrypted; null where it is of another form.</summary>
    public static byte[]? PublicKey(ReadOnlySpan<byte> file)
    {
        if (Body(file, out _) is not { } body)
        {
            return null;
        }

        try
        {
            ReadOnlySpan<byte> data = body;
            SshWire.ReadString(ref data);
            SshWire.ReadString(ref data);
            SshWire.ReadString(ref data);
            return SshWire.ReadNumber(ref data) == 1 ? SshWire.ReadString(ref data) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>How many rounds of bcrypt a passphrase takes; 0 where it takes none, or the file does not say.</summary>
    public static uint Rounds(ReadOnlySpan<byte> file)
    {
        if (Body(file, out _) is not { } body)
        {
            return 0;
        }

        try
        {
            ReadOnlySpan<byte> data = body;
            SshWire.ReadString(ref data);
            if (!SshWire.ReadString(ref data).AsSpan().SequenceEqual("bcrypt"u8))
            {
                return 0;
            }

            ReadOnlySpan<byte> options = SshWire.ReadString(ref data);
            SshWire.ReadString(ref options);
            return SshWire.ReadNumber(ref options);
        }
        catch (FormatException)
        {
            return 0;
        }
    }

    /// <summary>What lies between the lines of dashes, behind the magic word; null when it is not there.</summary>
    private static byte[]? Body(ReadOnlySpan<byte> file, out bool isOfThisForm)
    {
        isOfThisForm = Armour.Has(file, Kind);
        return Armour.Body(file, Kind) is { } blob && blob.AsSpan().StartsWith(Magic) ? blob[Magic.Length..] : null;
    }

    /// <summary>Two numbers, the type, the strings that a key of this type has, and the comment.</summary>
    /// <exception cref="FormatException">It ends before that.</exception>
    private static bool IsKey(ReadOnlySpan<byte> data)
    {
        SshWire.ReadNumber(ref data);
        SshWire.ReadNumber(ref data);
        var strings = Encoding.ASCII.GetString(SshWire.ReadString(ref data)) switch
        {
            "ssh-ed25519" => 3,
            "ssh-rsa" => 7,
            "ssh-dss" => 6,
            var type when type.StartsWith("ecdsa-sha2-", StringComparison.Ordinal) => 4,
            _ => 0,
        };
        for (var left = strings; left > 0; left--)
        {
            SshWire.ReadString(ref data);
        }

        return strings > 0;
    }
}
