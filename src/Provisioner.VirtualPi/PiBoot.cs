using System.Text.RegularExpressions;

namespace Provisioner.VirtualPi;

/// <summary>Media that a Pi boots from.</summary>
public enum PiBootMedium
{
    /// <summary>The SD card: boot mode 1.</summary>
    Card,

    /// <summary>A USB disk: boot mode 4.</summary>
    Usb,
}

/// <summary>What the firmware said last of what it boots.</summary>
/// <param name="Medium">Where the system came from, whichever medium U-Boot came from; null when it found nothing that boots.</param>
/// <param name="Text">Partition and label of what it booted, or its words for nothing.</param>
public sealed partial record PiBoot(PiBootMedium? Medium, string Text)
{
    /// <summary>The last such word on the serial line; null when it has none.</summary>
    internal static PiBoot? Last(string serialLine)
    {
        var match = Pattern().Matches(serialLine).LastOrDefault();
        return match switch
        {
            null => null,
            { Groups: var groups } when groups["nothing"].Success => new PiBoot(null, groups["nothing"].Value),
            { Groups: var groups } => new PiBoot(groups["what"].Value.StartsWith("mmcblk", StringComparison.Ordinal) ? PiBootMedium.Card : PiBootMedium.Usb, groups["what"].Value),
        };
    }

    [GeneratedRegex(
        @"virtual-pi firmware: (boot-mode=[14] (?<what>[^\r\n]+)|(?<nothing>nothing to boot[^\r\n]*|the boot order \S+ ends here|U-Boot found nothing to boot))\r?\n",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
