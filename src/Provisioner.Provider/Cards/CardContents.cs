using System.Collections.Immutable;
using Microsoft.Win32.SafeHandles;

namespace Provisioner.Provider.Cards;

/// <summary>What the beginning of a card tells: its first block, and the identity card. It holds secrets.</summary>
/// <param name="FirstBlock">The first <see cref="CardLayout.Block"/> bytes.</param>
/// <param name="Archive">The identity card's archive; null when the card has no identity card.</param>
/// <param name="Stamp">Null when there is none.</param>
internal sealed record CardContents(byte[] FirstBlock, byte[]? Archive, CardStamp? Stamp)
{
    public CardCondition Condition => BootRecord.ConditionOf(FirstBlock);

    public ImmutableArray<BootRecordEntry> Entries => Condition is CardCondition.Bootable or CardCondition.IdentityUnfinished ? BootRecord.EntriesOf(FirstBlock) : [];

    /// <summary>Reads them.</summary>
    /// <param name="read">Fills the buffer from a position as far as there is something; tells how far.</param>
    public static CardContents Read(Func<byte[], long, int> read)
    {
        var first = new byte[CardLayout.Block];
        read(first, 0);
        if (BootRecord.ConditionOf(first) is not (CardCondition.Bootable or CardCondition.IdentityUnfinished) || !BootRecord.HasIdentity(BootRecord.EntriesOf(first)))
        {
            return new CardContents(first, null, null);
        }

        var identity = new byte[CardLayout.IdentityLength];
        return read(identity, CardLayout.IdentityOffset) < identity.Length
            ? new CardContents(first, null, null)
            : new CardContents(first, identity[..CardLayout.ArchiveLength], CardStamp.Read(identity.AsSpan(CardLayout.ArchiveLength)));
    }

    /// <summary>Reads them from a file or a disk's node.</summary>
    public static CardContents Read(string path)
    {
        // Unbuffered, so that what a card in a reader says is not what another card said.
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return Read(handle);
    }

    /// <summary>Reads them from what is open.</summary>
    public static CardContents Read(SafeFileHandle handle) => Read((buffer, offset) =>
    {
        var done = 0;
        while (done < buffer.Length && RandomAccess.Read(handle, buffer.AsSpan(done), offset + done) is var count and > 0)
        {
            done += count;
        }

        return done;
    });

    public override string ToString() => $"card ({Condition})";
}
