using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Utilities;

namespace Provisioner.Provider.Resources.HostIdentity;

/// <summary>An Ed25519 host key in OpenSSH's own forms.</summary>
/// <param name="PrivateKey">The text of the private key file, without a passphrase, ends with a line break. Secret.</param>
/// <param name="PublicKey">The line of the public key file: type, base64, comment.</param>
/// <param name="Fingerprint">What ssh shows: <c>SHA256:</c> and unpadded base64.</param>
internal sealed record HostKey(string PrivateKey, string PublicKey, string Fingerprint)
{
    private const string Algorithm = "ssh-ed25519";
    private const string Begin = "-----BEGIN OPENSSH PRIVATE KEY-----";
    private const string End = "-----END OPENSSH PRIVATE KEY-----";
    private const int LineLength = 70;

    /// <summary>A new key from 32 random bytes.</summary>
    public static HostKey Generate(Action<Span<byte>> fillRandom, string comment)
    {
        var seed = new byte[Ed25519PrivateKeyParameters.KeySize];
        fillRandom(seed);
        var key = new Ed25519PrivateKeyParameters(seed);
        CryptographicOperations.ZeroMemory(seed);
        return From(key, Armour(OpenSshPrivateKeyUtilities.EncodePrivateKey(key)), comment);
    }

    /// <summary>A key that the user brings along; the reason never quotes it.</summary>
    public static (HostKey? Key, string? Reason) Parse(string text, string comment)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length < 3 || lines[0] != Begin || lines[^1] != End)
        {
            return (null, $"is no OpenSSH private key: it must begin with the line '{Begin}' and end with '{End}'; make one with: ssh-keygen -t ed25519 -N '' -f hostkey");
        }

        try
        {
            var parsed = OpenSshPrivateKeyUtilities.ParsePrivateKeyBlob(Convert.FromBase64String(string.Concat(lines[1..^1])));
            return parsed is Ed25519PrivateKeyParameters key
                ? (From(key, string.Join('\n', lines) + "\n", comment), null)
                : (null, "is no Ed25519 key; make one with: ssh-keygen -t ed25519 -N '' -f hostkey");
        }
        catch (Exception e) when (e is FormatException or ArgumentException or ArithmeticException or InvalidOperationException or IOException or IndexOutOfRangeException)
        {
            return (null, "cannot be read: it is damaged, or protected with a passphrase, which a host key must not be; remove that with: ssh-keygen -p -N '' -f hostkey");
        }
    }

    /// <summary>The fingerprint of a public key line or of its base64 part; null when it is none.</summary>
    public static string? FingerprintOf(string publicKey)
    {
        var words = publicKey.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var blob = new byte[publicKey.Length];
        return words.Length is 2 or 3 && Convert.TryFromBase64String(words[1], blob, out var length) && length > 4
            ? FingerprintOf(blob.AsSpan(0, length))
            : null;
    }

    /// <summary>Never the private key.</summary>
    public override string ToString() => Fingerprint;

    private static HostKey From(Ed25519PrivateKeyParameters key, string privateKey, string comment)
    {
        var blob = OpenSshPublicKeyUtilities.EncodePublicKey(key.GeneratePublicKey());
        return new HostKey(privateKey, $"{Algorithm} {Convert.ToBase64String(blob)} {comment}", FingerprintOf(blob));
    }

    private static string FingerprintOf(ReadOnlySpan<byte> blob) => "SHA256:" + Convert.ToBase64String(SHA256.HashData(blob)).TrimEnd('=');

    private static string Armour(byte[] blob)
    {
        var text = new StringBuilder(Begin).Append('\n');
        foreach (var line in Convert.ToBase64String(blob).Chunk(LineLength))
        {
            text.Append(line).Append('\n');
        }

        return text.Append(End).Append('\n').ToString();
    }
}
