using System.Buffers.Binary;
using System.Globalization;

namespace Provisioner.Provider.Resources.HostIdentity;

/// <summary>
/// ZFS's host id: 32 bits with which a pool remembers the system that imported it last. Zero means "none", so it is never given.
/// </summary>
internal static class HostId
{
    /// <summary>Eight lower-case hex digits, as networking.hostId wants them.</summary>
    public static string Generate(Action<Span<byte>> fillRandom)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        uint value;
        do
        {
            fillRandom(bytes);
            value = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        }
        while (value == 0);

        return value.ToString("x8", CultureInfo.InvariantCulture);
    }
}
