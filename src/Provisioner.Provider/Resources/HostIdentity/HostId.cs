using System.Buffers.Binary;
using System.Globalization;

namespace Provisioner.Provider.Resources.HostIdentity;

/// <summary>
/// ZFS's host id: 32 bits with which a pool remembers the system that imported it last. Zero means "none", so it is never given.
/// </summary>
internal static class HostId
{
    /// <summary>What is wrong with a host id, or null.</summary>
    public static string? Problem(string id) => id switch
    {
        "00000000" => "is 00000000, which to ZFS means that there is none; take another one",
        { Length: 8 } when id.All(c => char.IsAsciiDigit(c) || c is >= 'a' and <= 'f') => null,
        { Length: 8 } when id.All(char.IsAsciiHexDigit) => $"must be in lower case: write '{id.ToLowerInvariant()}'",
        _ => $"must be eight hex digits in lower case, such as 'dc0bd73a', but is '{id}'; a flake has it in networking.hostId",
    };

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
