using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Provisioner.Provider.Resources.WifiProfile;

/// <summary>
/// The UUID of a profile: version 5 of RFC 9562, from the network's bytes and the profile's name. It survives a lost state
/// and a changed password, which is why it is neither random nor derived from anything secret.
/// </summary>
internal static class NameBasedUuid
{
    private static readonly Guid Namespace = new("6f2d5c3e-8a41-5d0b-9f57-2c1f0a7f4d13");

    public static Guid ForProfile(Ssid ssid, string name) => Create([.. ssid.Bytes, 0, .. Encoding.UTF8.GetBytes(name)]);

    // SHA-1 is what version 5 is made of; nothing here rests on its strength.
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "RFC 9562 fixes SHA-1 for version 5.")]
    internal static Guid Create(ReadOnlySpan<byte> name)
    {
        Span<byte> input = stackalloc byte[16 + name.Length];
        Namespace.TryWriteBytes(input, bigEndian: true, out _);
        name.CopyTo(input[16..]);
        Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(input, digest);
        BinaryPrimitives.WriteUInt16BigEndian(digest[6..], (ushort)((BinaryPrimitives.ReadUInt16BigEndian(digest[6..]) & 0x0fff) | 0x5000));
        digest[8] = (byte)((digest[8] & 0x3f) | 0x80);
        return new Guid(digest[..16], bigEndian: true);
    }
}
