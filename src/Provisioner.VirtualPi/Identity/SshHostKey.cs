using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Provisioner.VirtualPi;

/// <summary>The public half of an SSH host key.</summary>
/// <param name="Type">The key's type as in known_hosts: <c>ssh-ed25519</c>.</param>
/// <param name="Blob">The key's wire form, base64.</param>
public sealed record SshHostKey(string Type, string Blob)
{
    /// <summary>As ssh prints it: <c>SHA256:</c> and the digest in base64 without padding.</summary>
    public string Fingerprint => "SHA256:" + Convert.ToBase64String(SHA256.HashData(Convert.FromBase64String(Blob))).TrimEnd('=');

    /// <summary>A line for known_hosts; the port is written only where it is not 22, as ssh does.</summary>
    public string KnownHostsLine(string host, int port) => $"{(port == 22 ? host : $"[{host}]:{port}")} {Type} {Blob}";

    public override string ToString() => $"{Type} {Blob}";

    /// <summary>Reads <c>ssh-ed25519 AAAA…</c>; a comment after it is dropped.</summary>
    /// <exception cref="FormatException">It is no such line.</exception>
    public static SshHostKey Parse(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2 || !words[0].StartsWith("ssh-", StringComparison.Ordinal) && !words[0].StartsWith("ecdsa-", StringComparison.Ordinal))
        {
            throw new FormatException("Not a public key line ('ssh-ed25519 AAAA…').");
        }

        return FromBlob(Convert.FromBase64String(words[1]));
    }

    /// <summary>Takes the public half out of an unencrypted OpenSSH private key (PROTOCOL.key: it stands there in the clear).</summary>
    /// <exception cref="FormatException">It is no OpenSSH private key.</exception>
    public static SshHostKey FromPrivateKey(string pem)
    {
        const string header = "-----BEGIN OPENSSH PRIVATE KEY-----";
        const string footer = "-----END OPENSSH PRIVATE KEY-----";
        var start = pem.IndexOf(header, StringComparison.Ordinal);
        var end = pem.IndexOf(footer, StringComparison.Ordinal);
        if (start < 0 || end < start)
        {
            throw new FormatException($"The host key is not in OpenSSH's format ('{header}').");
        }

        var content = Convert.FromBase64String(string.Concat(pem[(start + header.Length)..end].Where(character => !char.IsWhiteSpace(character))));
        var magic = "openssh-key-v1\0"u8;
        ReadOnlySpan<byte> rest = content;
        if (!rest.StartsWith(magic))
        {
            throw new FormatException("The host key does not begin as OpenSSH's format does.");
        }

        rest = rest[magic.Length..];
        var cipher = Encoding.ASCII.GetString(Take(ref rest));
        _ = Take(ref rest);
        _ = Take(ref rest);
        if (cipher != "none")
        {
            throw new FormatException($"The host key is encrypted ({cipher}); sshd could not read it.");
        }

        rest = rest[sizeof(uint)..];
        return FromBlob(Take(ref rest).ToArray());
    }

    private static SshHostKey FromBlob(byte[] blob)
    {
        ReadOnlySpan<byte> rest = blob;
        return new SshHostKey(Encoding.ASCII.GetString(Take(ref rest)), Convert.ToBase64String(blob));
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest)
    {
        if (rest.Length < sizeof(uint) || BinaryPrimitives.ReadUInt32BigEndian(rest) is var length && length > rest.Length - sizeof(uint))
        {
            throw new FormatException("The key ends too early.");
        }

        var taken = rest.Slice(sizeof(uint), (int)length);
        rest = rest[(sizeof(uint) + (int)length)..];
        return taken;
    }
}
