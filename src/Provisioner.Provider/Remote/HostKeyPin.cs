using System.Security.Cryptography;

namespace Provisioner.Provider.Remote;

/// <summary>The host key that a device must present.</summary>
/// <param name="Fingerprint"><c>SHA256:</c> and 43 characters of base64, as OpenSSH prints it.</param>
/// <param name="Algorithm">The key's type, such as <c>ssh-ed25519</c>; null when only the fingerprint is known.</param>
internal sealed record HostKeyPin(string Fingerprint, string? Algorithm)
{
    private const string Prefix = "SHA256:";

    /// <summary>The fingerprint of a public key in SSH's wire form.</summary>
    public static string FingerprintOf(ReadOnlySpan<byte> publicKey) => Prefix + Convert.ToBase64String(SHA256.HashData(publicKey)).TrimEnd('=');

    /// <summary>Reads <c>SHA256:…</c> or <c>type base64 [comment]</c>; null when it is neither.</summary>
    public static HostKeyPin? Parse(string text)
    {
        text = text.Trim();
        if (text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            var digest = text[Prefix.Length..].TrimEnd('=');
            Span<byte> bytes = stackalloc byte[33];
            return Convert.TryFromBase64String(digest + "=", bytes, out var length) && length == 32 ? new HostKeyPin(Prefix + digest, null) : null;
        }

        var parts = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 2)
        {
            return null;
        }

        var blob = new byte[parts[1].Length];
        return Convert.TryFromBase64String(parts[1], blob, out var size) && SshWire.TypeOf(blob.AsSpan(0, size)) == parts[0]
            ? new HostKeyPin(FingerprintOf(blob.AsSpan(0, size)), parts[0])
            : null;
    }

    public override string ToString() => Fingerprint;
}
