using System.Collections.Immutable;
using Provisioner.Provider.Cards;
using Provisioner.Provider.Images.Lint;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Images;

/// <summary>
/// Looks into an image before it may be flashed: whether it would boot, join the WiFi, let us in, and make a pool; and whether
/// it holds a secret. Each of these has cost somebody an evening with a lamp.
/// </summary>
internal static class ImageLint
{
    /// <summary>Checks an image.</summary>
    /// <param name="image">The image, not compressed.</param>
    /// <param name="board">What it is for.</param>
    /// <param name="work">A private folder for what is taken out of it.</param>
    /// <param name="here">This machine.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<LintReport> RunAsync(string image, ImageBoard board, string work, IRemote here, CancellationToken cancellation)
    {
        var findings = ImmutableArray.CreateBuilder<LintFinding>();
        var contents = ImmutableArray.CreateBuilder<string>();
        using var file = File.OpenHandle(image);
        var sector = new byte[CardLayout.SectorSize];
        RandomAccess.Read(file, sector, 0);
        findings.AddRange(TableLint.Check(sector, RandomAccess.GetLength(file)));
        var entries = BootRecord.ConditionOf(sector) == CardCondition.Bootable ? BootRecord.EntriesOf(sector) : [];

        var boot = entries.FirstOrDefault(entry => entry.Type is 0x0b or 0x0c or 0x0e or 0x06);
        var firmware = boot is null ? null : await FirmwareVolume.ReadAsync(image, boot.Start * CardLayout.SectorSize, work, here, cancellation);
        findings.AddRange(FirmwareLint.Check(board, firmware));
        if (entries.FirstOrDefault(entry => entry.Type == 0x83) is not { } root)
        {
            findings.Add(NoSystem("there is no Linux partition"));
            return new LintReport(findings.ToImmutable(), contents.ToImmutable());
        }

        try
        {
            var files = new Ext4Reader(file, root.Start * CardLayout.SectorSize);
            if (SystemTree.Of(files, firmware) is { } tree)
            {
                var modules = await ModulesLint.ReadAsync(files, tree, here, cancellation);
                findings.AddRange(ModulesLint.Check(board, modules, files, tree, contents));
                findings.AddRange(SystemLint.Check(board, files, tree, contents));
            }
            else
            {
                findings.Add(NoSystem("its Linux partition holds no system that is known here"));
            }

            findings.AddRange(SecretLint.Check(files, firmware));
        }
        catch (InvalidDataException unreadable)
        {
            findings.Add(NoSystem($"its Linux partition cannot be read: {unreadable.Message}"));
        }

        return new LintReport(findings.ToImmutable(), contents.ToImmutable());
    }

    private static LintFinding NoSystem(string what) =>
        new("system", what, "the Pi finds its firmware and then nothing to start; the lamp stays dark to the network");
}
