using System.Buffers.Binary;
using System.Text;

namespace Provisioner.Provider.Remote;

/// <summary>SSH's length-prefixed strings (RFC 4251, section 5), as far as keys and the agent need them.</summary>
internal static class SshWire
{
    /// <summary>Takes one string off the front.</summary>
    /// <exception cref="FormatException">The data ends before the string does.</exception>
    public static byte[] ReadString(ref ReadOnlySpan<byte> data)
    {
        if (data.Length < 4 || BinaryPrimitives.ReadUInt32BigEndian(data) is var length && length > data.Length - 4)
        {
            throw new FormatException("SSH data ends in the middle of a string.");
        }

        var value = data.Slice(4, (int)length).ToArray();
        data = data[(4 + (int)length)..];
        return value;
    }

    /// <summary>Takes one 32-bit number off the front.</summary>
    /// <exception cref="FormatException">The data ends before the number does.</exception>
    public static uint ReadNumber(ref ReadOnlySpan<byte> data)
    {
        if (data.Length < 4)
        {
            throw new FormatException("SSH data ends in the middle of a number.");
        }

        var value = BinaryPrimitives.ReadUInt32BigEndian(data);
        data = data[4..];
        return value;
    }

    /// <summary>Appends one string.</summary>
    public static void WriteString(Stream target, ReadOnlySpan<byte> value)
    {
        WriteNumber(target, (uint)value.Length);
        target.Write(value);
    }

    /// <summary>Appends one 32-bit number.</summary>
    public static void WriteNumber(Stream target, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        target.Write(bytes);
    }

    /// <summary>The type that a public key in wire form begins with; null when it is none.</summary>
    public static string? TypeOf(ReadOnlySpan<byte> publicKey)
    {
        try
        {
            return Encoding.ASCII.GetString(ReadString(ref publicKey));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
