using Provisioner.Provider.Cards;

namespace Provisioner.Provider.Images.Lint;

/// <summary>The partition table: what the Pi's boot ROM reads, with room for the identity card.</summary>
internal static class TableLint
{
    /// <param name="sector">The first sector.</param>
    /// <param name="length">Bytes of the image.</param>
    public static IEnumerable<LintFinding> Check(ReadOnlySpan<byte> sector, long length) =>
        BootRecord.CutOff(sector, length) is { } cut ? [new LintFinding("table", cut, "what is missing is found out when the Pi reads it, or never")]
        : BootRecord.Problem(sector) is { } problem
            ? [new LintFinding("table", problem, "there is no place for the identity card, so the Pi comes up as nobody: without the WiFi and with a host key that nobody knows")]
            : BootRecord.EntriesOf(sector).Any(entry => entry.Type is 0x0b or 0x0c or 0x0e or 0x06)
                ? []
                : [new LintFinding("table", "its partition table has no FAT partition", "the Pi's boot ROM reads FAT only, finds nothing, and blinks")];
}
