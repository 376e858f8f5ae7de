using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Provisioner.Provider.Modelling;

/// <summary>
/// UUIDs that are the same wherever and whenever they are made: version 5 of RFC 9562. What carries one is found again after a
/// lost state. Never made from anything secret.
/// </summary>
internal static class NameBasedUuid
{
    private static readonly Guid Namespace = new("6f2d5c3e-8a41-5d0b-9f57-2c1f0a7f4d13");

    // SHA-1 is what version 5 is made of; nothing here rests on its strength.
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "RFC 9562 fixes SHA-1 for version 5.")]
    public static Guid Create(ReadOnlySpan<byte> name)
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
