using System.Text.RegularExpressions;

namespace Provisioner.Provider.Images.Lint;

/// <summary>The files that the board's own boot loader wants on the FAT partition.</summary>
internal static partial class FirmwareLint
{
    // Pi 4: the second stage is in its EEPROM and reads these.
    private static readonly (string File, string OnTheLamp)[] Pi4 =
    [
        ("start4.elf", "the Pi 4's boot loader stops with four long and four short blinks, where nobody looks"),
        ("fixup4.dat", "the Pi sees one gigabyte of its memory or stops before the kernel"),
        ("config.txt", "the Pi starts in 32-bit mode and looks for a kernel of another name"),
        ("bcm2711-rpi-4-b.dtb", "the kernel has no description of the board, and with it no SD card, no USB and no WiFi"),
    ];

    public static IEnumerable<LintFinding> Check(ImageBoard board, FirmwareVolume? volume)
    {
        if (board == ImageBoard.Virtual)
        {
            yield break;
        }

        if (volume is null)
        {
            yield return new LintFinding("firmware", "its first partition is no FAT file system that can be read", "the Pi's boot ROM finds no firmware, and blinks");
            yield break;
        }

        foreach (var (file, consequence) in Pi4)
        {
            if (!volume.Has(file))
            {
                yield return new LintFinding("firmware", $"{file} is missing on the firmware partition", consequence);
            }
        }

        // The last one that holds for the Pi 4 counts: sections of other boards are passed over.
        var kernel = KernelOf(volume.Text("config.txt"));
        if (volume.Has("config.txt") && kernel is not null && !volume.Has(kernel))
        {
            yield return new LintFinding("firmware", $"config.txt starts {kernel}, which is missing on the firmware partition", "the firmware loads nothing, and the green light blinks seven times");
        }
    }

    private static string? KernelOf(string config)
    {
        string? kernel = null;
        var counts = true;
        foreach (var line in config.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith('['))
            {
                counts = line is "[all]" or "[pi4]";
            }
            else if (counts && Kernel().Match(line) is { Success: true } match)
            {
                kernel = match.Groups["file"].Value;
            }
        }

        return kernel;
    }

    [GeneratedRegex(@"^kernel\s*=\s*(?<file>\S+)")]
    private static partial Regex Kernel();
}
