using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Provisioner.Provider.Cards;

/// <summary>What the first sector of a card says of the card.</summary>
internal enum CardCondition
{
    /// <summary>There is no partition table of this kind.</summary>
    NoTable,

    /// <summary>It has a master boot record, and so counts as bootable.</summary>
    Bootable,

    /// <summary>We began to write it and did not finish.</summary>
    Unfinished,

    /// <summary>We began to change the identity card on it and did not finish.</summary>
    IdentityUnfinished,
}

/// <summary>An entry of the table.</summary>
/// <param name="Number">1 to 4.</param>
/// <param name="Type">The type's number.</param>
/// <param name="IsActive">The boot flag.</param>
/// <param name="Start">The first sector.</param>
/// <param name="Sectors">The length.</param>
internal sealed record BootRecordEntry(int Number, byte Type, bool IsActive, long Start, long Sectors)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"partition {Number}: type {Type:x2}, {Sectors * CardLayout.SectorSize / (1024 * 1024.0):0.#} MiB at sector {Start}{(IsActive ? ", bootable" : string.Empty)}");
}

/// <summary>
/// The first sector of a card. It is written last: as long as a card is being written there stands a mark in its place that no
/// boot loader takes for a table, so that a card that was given up half-way does not pretend to boot, and is known as ours.
/// </summary>
internal static class BootRecord
{
    private const int Table = 446;
    private const int EntrySize = 16;
    private const int Entries = 4;
    private const int IdentityEntry = 3;
    private const int Signature = 510;

    // In place of the boot signature 55 aa, while only the identity card is being changed: the table itself stays readable.
    private static readonly byte[] Suspended = "PV"u8.ToArray();

    private static readonly byte[] Mark = Encoding.ASCII.GetBytes("provisioner: this card is being written, and does not boot yet\n");

    /// <summary>
    /// What the first sector says, or the first block. Our mark counts only while all that was given is as we wrote it: partitioning
    /// tools leave the place of a boot loader, and with it the mark, as it is.
    /// </summary>
    public static CardCondition ConditionOf(ReadOnlySpan<byte> sector) =>
        sector.Length < CardLayout.SectorSize ? CardCondition.NoTable
        : IsUnfinished(sector) ? CardCondition.Unfinished
        : sector[Signature] == 0x55 && sector[Signature + 1] == 0xaa ? CardCondition.Bootable
        : sector.Slice(Signature, 2).SequenceEqual(Suspended) && HasIdentity(EntriesOf(sector)) ? CardCondition.IdentityUnfinished
        : CardCondition.NoTable;

    /// <summary>The entries that are in use.</summary>
    public static ImmutableArray<BootRecordEntry> EntriesOf(ReadOnlySpan<byte> sector)
    {
        var entries = ImmutableArray.CreateBuilder<BootRecordEntry>();
        for (var index = 0; index < Entries && sector.Length >= CardLayout.SectorSize; index++)
        {
            var entry = sector.Slice(Table + (index * EntrySize), EntrySize);
            if (entry[4] != 0)
            {
                entries.Add(new BootRecordEntry(
                    index + 1, entry[4], (entry[0] & 0x80) != 0, BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]), BinaryPrimitives.ReadUInt32LittleEndian(entry[12..])));
            }
        }

        return entries.ToImmutable();
    }

    /// <summary>Whether the identity card has its entry, and its place to itself.</summary>
    public static bool HasIdentity(ImmutableArray<BootRecordEntry> entries) =>
        entries.Any(IsIdentity) && !entries.Any(entry => !IsIdentity(entry) && entry.Start < CardLayout.IdentityEnd / CardLayout.SectorSize && entry.Start + entry.Sectors > CardLayout.IdentitySector);

    /// <summary>Why an image with this first sector cannot become a card; null when it can.</summary>
    public static string? Problem(ReadOnlySpan<byte> sector)
    {
        if (ConditionOf(sector) != CardCondition.Bootable)
        {
            return "it does not begin with a master boot record, so it is no image of a card (or it is compressed in another way than its name says)";
        }

        var entries = EntriesOf(sector);
        if (entries.Any(entry => entry.Type == 0xee))
        {
            return "it has a GPT; the Pi 4's images have a master boot record, and only that has room for an identity card";
        }

        if (entries.FirstOrDefault(entry => entry.Number == IdentityEntry) is { } third && !IsIdentity(third))
        {
            return $"entry {IdentityEntry} of its partition table is in use ({third}), and the identity card needs it";
        }

        return entries.FirstOrDefault(entry => !IsIdentity(entry) && entry.Start < CardLayout.IdentityEnd / CardLayout.SectorSize) is { } early
            ? $"its {early} leaves no room for the identity card in front of it, which takes sectors {CardLayout.IdentitySector} to {(CardLayout.IdentityEnd / CardLayout.SectorSize) - 1}"
            : entries.IsEmpty ? "its partition table is empty" : null;
    }

    /// <summary>Why an image of this length is not whole, as by a download that broke off; null when it may be.</summary>
    /// <param name="sector">Its first sector.</param>
    /// <param name="length">Bytes of the image, decompressed.</param>
    public static string? CutOff(ReadOnlySpan<byte> sector, long length)
    {
        if (ConditionOf(sector) != CardCondition.Bootable)
        {
            return null;
        }

        // The identity card's place is in front of all others. An extended partition ends where the last one in it does, or behind it.
        var last = EntriesOf(sector).Where(entry => !IsIdentity(entry)).MaxBy(entry => entry.Start + entry.Sectors);
        return last is not null && (last.Start + last.Sectors) * CardLayout.SectorSize is var end && end > length
            ? $"partition {last.Number.ToString(CultureInfo.InvariantCulture)} ends at {Gigabytes(end)}, the image at {Gigabytes(length)}: it was cut off"
            : null;
    }

    /// <summary>Gives the identity card its entry.</summary>
    public static void AddIdentity(Span<byte> sector)
    {
        var entry = sector.Slice(Table + ((IdentityEntry - 1) * EntrySize), EntrySize);

        // Cylinders, heads and sectors as everyone writes them since disks outgrew them: "too large".
        ((ReadOnlySpan<byte>)[0, 0xfe, 0xff, 0xff, CardLayout.IdentityType, 0xfe, 0xff, 0xff]).CopyTo(entry);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], CardLayout.IdentitySector);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[12..], CardLayout.IdentitySectors);
    }

    /// <summary>The first block of a card that is being written.</summary>
    public static byte[] Unfinished()
    {
        var block = new byte[CardLayout.Block];
        Mark.CopyTo(block, 0);
        return block;
    }

    /// <summary>The same table, with which the card does not boot: while the identity card is being changed.</summary>
    public static byte[] Suspend(ReadOnlySpan<byte> block)
    {
        var changed = block.ToArray();
        Suspended.CopyTo(changed, Signature);
        return changed;
    }

    /// <summary>Undoes <see cref="Suspend"/>.</summary>
    public static byte[] Resume(ReadOnlySpan<byte> block)
    {
        var changed = block.ToArray();
        changed[Signature] = 0x55;
        changed[Signature + 1] = 0xaa;
        return changed;
    }

    private static string Gigabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{(bytes < 10_000_000 ? $"{bytes} bytes" : bytes < 1_000_000_000 ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.##} MB") : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.##} GB"))}");

    private static bool IsUnfinished(ReadOnlySpan<byte> start)
    {
        var ours = Math.Min(start.Length, CardLayout.Block);
        return start[..ours].SequenceEqual(Unfinished().AsSpan(0, ours));
    }

    private static bool IsIdentity(BootRecordEntry entry) =>
        entry is { Number: IdentityEntry, Type: CardLayout.IdentityType, Start: CardLayout.IdentitySector, Sectors: CardLayout.IdentitySectors };
}
