using System.Buffers.Binary;
using Provisioner.Provider.Cards;

namespace Provisioner.Provider.Tests.Cards;

/// <summary>First blocks of cards.</summary>
internal static class CardImages
{
    /// <summary>The table of the images for Pis: firmware at 8 MiB, root behind it; with the identity card's entry.</summary>
    public static byte[] FirstBlock(bool withIdentity = true)
    {
        var block = new byte[CardLayout.Block];
        Entry(block, 1, 0x0c, 16384, 16384);
        Entry(block, 2, 0x83, 32768, 65536);
        block[510] = 0x55;
        block[511] = 0xaa;
        if (withIdentity)
        {
            BootRecord.AddIdentity(block);
        }

        return block;
    }

    public static void Entry(byte[] block, int number, byte type, uint start, uint sectors)
    {
        var entry = block.AsSpan(446 + ((number - 1) * 16), 16);
        entry[4] = type;
        BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], start);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[12..], sectors);
    }
}
