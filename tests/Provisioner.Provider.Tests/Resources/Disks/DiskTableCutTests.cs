using System.Text;
using Provisioner.Provider.Consent;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.Disk;

namespace Provisioner.Provider.Tests.Resources.Disks;

/// <summary>
/// What a power cut inside sgdisk may leave: of the sectors that it writes, any may be on the disk and any may not, for the kernel
/// brings them there in the order it likes. Each such disk is put together in an image file and looked at by the real script.
/// </summary>
public sealed class DiskTableCutTests
{
    private const long Size = (1L << 30) + (12345 * 512);
    private const long Sectors = Size / 512;

    // The protective MBR, the header, the entries; at the end the copy of the entries and of the header.
    private static readonly (long Start, int Count)[] Pieces = [(0, 1), (1, 1), (2, 32), (Sectors - 33, 32), (Sectors - 1, 1)];
    private static readonly DiskArgs Args = DiskWorld.Args with { EspSizeMiB = 64 };
    private static readonly DiskLayout Layout = DiskLayout.Of(Args);

    [Fact]
    public async Task Every_piece_of_a_new_table_is_made_a_whole_one_without_consent_when_it_is_proven_to_be_ours()
    {
        using var whole = new ImageDisk(Size);
        (await whole.RunAsync(DiskScripts.NewTable(Layout, Size))).ExitCode.ShouldBe(0);
        for (var there = 0; there < 1 << Pieces.Length; there++)
        {
            using var disk = new ImageDisk(Size);
            disk.Write(0, Padded(Provider.Inspection.BlockScript.LayoutMark + Layout.TableId + "\n"));
            Copy(whole, disk, there);
            await ShouldBecomeWholeAsync(disk, isKnown: Has(there, 0, 1, 2), $"{there:b5}");

            if (Has(there, 0))
            {
                // A table maker that clears the place of the boot loader takes the mark with it.
                using var unmarked = new ImageDisk(Size);
                Copy(whole, unmarked, there);
                unmarked.Write(0, new byte[440]);
                var isOurs = Has(there, 1, 2) || Has(there, 3, 4);
                await (isOurs
                    ? ShouldBecomeWholeAsync(unmarked, isKnown: Has(there, 0, 1, 2), $"{there:b5} unmarked")
                    : ShouldBeLeftAloneAsync(unmarked, $"{there:b5} unmarked"));
            }
        }
    }

    [Fact]
    public async Task Every_piece_of_a_changed_table_becomes_a_whole_one_as_long_as_the_table_or_its_copy_is_whole()
    {
        using var before = new ImageDisk(Size);
        await before.RunAsync(Shell.Lines(DiskScripts.NewTable(Layout, Size), DiskScripts.Unmark));
        using var after = new ImageDisk(Size);
        Copy(before, after, 0b11111);
        (await after.RunAsync(Shell.Of($"sgdisk {$"--change-name=1:{Layout.EspName}"} \"$d\""))).ExitCode.ShouldBe(0);
        for (var changed = 0; changed < 1 << Pieces.Length; changed += 2)
        {
            using var disk = new ImageDisk(Size);
            Copy(before, disk, 0b11111);
            Copy(after, disk, changed);
            disk.Write(66L << 20, "the pool's own bytes"u8.ToArray());
            var (isTable, isCopy) = (Has(changed, 1) == Has(changed, 2), Has(changed, 3) == Has(changed, 4));
            await (isTable || isCopy
                ? ShouldBecomeWholeAsync(disk, isKnown: isTable, $"{changed:b5}")
                : ShouldBeLeftAloneAsync(disk, $"{changed:b5}"));
            Encoding.ASCII.GetString(disk.Read(66L << 20, 20)).ShouldBe("the pool's own bytes");
        }
    }

    [Fact]
    public async Task The_damaged_table_of_somebody_else_is_left_alone_whoever_agrees_and_its_partitions_are_named()
    {
        using var disk = new ImageDisk(Size);
        await disk.RunAsync(Shell.Of($"sgdisk --clear --new=1:1M:+500M --change-name=1:photos \"$d\""));
        disk.Write(512, new byte[512]);
        var state = await ObservedAsync(disk);

        var plan = DiskPlanner.Plan(Args with { Consent = Args.Consent.Add(DiskWorld.Serial, ConsentToken.Of(DiskConsent.OfDisk(state))) }, state);

        plan.Steps.ShouldBeEmpty();
        plan.Refusals.ShouldHaveSingleItem().Why!.ShouldContain("partition 1 \"photos\" (500 MiB)");
    }

    private static async Task ShouldBecomeWholeAsync(ImageDisk disk, bool isKnown, string which)
    {
        await disk.KnowAsync(isKnown);
        var found = await ObservedAsync(disk);
        var plan = DiskPlanner.Plan(Args, found);

        plan.Refusals.ShouldBeEmpty(which);
        foreach (var step in plan.Steps)
        {
            var script = step.Sentence.StartsWith("make a GPT", StringComparison.Ordinal) ? Shell.Lines(DiskScripts.NewTable(Layout, Size), DiskScripts.Unmark)
                : step.Sentence.StartsWith("write the partition table again", StringComparison.Ordinal) ? DiskScripts.FromCopy(found.Found.TableId!)
                : Shell.Of($"sgdisk {$"--change-name=1:{Layout.EspName}"} \"$d\"");
            var result = await disk.RunAsync(script);
            result.ExitCode.ShouldBe(0, $"{which}: {step.Sentence}\n{result.StandardOutput}{result.StandardError}");
        }

        (await disk.RunAsync(Shell.Of($"sgdisk --verify \"$d\""))).StandardOutput.ShouldContain("No problems found", Case.Sensitive, which);
        await disk.KnowAsync(partitions: true);
        var state = await ObservedAsync(disk);
        DiskPlanner.Plan(Args, state).Steps.ShouldHaveSingleItem(which).Sentence.ShouldStartWith("make a FAT32 file system");
        (state.Found.TableId, state.Found.Partitions.Length, state.Found.LayoutBegun).ShouldBe((Layout.TableId, 2, false), which);
    }

    private static async Task ShouldBeLeftAloneAsync(ImageDisk disk, string which) =>
        DiskPlanner.Plan(Args, await ObservedAsync(disk)).Refusals.ShouldNotBeEmpty(which);

    private static async Task<DiskState> ObservedAsync(ImageDisk disk)
    {
        var state = DiskObserver.Observe(Args, null, await disk.TellAsync());
        state.Found.Doubts.ShouldBeEmpty();
        return state;
    }

    private static void Copy(ImageDisk from, ImageDisk to, int which)
    {
        for (var index = 0; index < Pieces.Length; index++)
        {
            if (Has(which, index))
            {
                to.Write(Pieces[index].Start * 512, from.Read(Pieces[index].Start * 512, Pieces[index].Count * 512));
            }
        }
    }

    private static bool Has(int which, params ReadOnlySpan<int> pieces)
    {
        foreach (var piece in pieces)
        {
            if ((which & (1 << piece)) == 0)
            {
                return false;
            }
        }

        return true;
    }

    private static byte[] Padded(string text)
    {
        var bytes = new byte[4096];
        Encoding.ASCII.GetBytes(text, bytes);
        return bytes;
    }
}
