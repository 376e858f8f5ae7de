using CliWrap.Buffered;
using Provisioner.Provider.Cards;
using Provisioner.Provider.Consent;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.FirstBoot;
using Provisioner.Provider.Tests.Cards;
using Provisioner.Provider.Tests.Remote;
using Provisioner.Provider.Tests.Resources.Disks;

namespace Provisioner.Provider.Tests.Resources.Nixos;

/// <summary>
/// The scripts that note a card and retire it, on a card that the kernel has made of a file, with real file systems that are really
/// mounted. Its maker's number is a double's: a loop device has none. Needs root.
/// </summary>
[Collection(LoopDevices.Collection)]
public sealed class CardRetirementTests : IAsyncLifetime
{
    private const string Starts = "fat/start4.elf fat/config.txt fat/uboot.env fat/EFI/BOOT/BOOTAA64.EFI ext4/boot/extlinux/extlinux.conf ext4/extlinux/extlinux.conf ext4/boot/boot.scr.uimg";
    private const string Others = "fat/fixup4.dat ext4/boot/nixos/kernel ext4/etc/hosts";
    private const string Number = "03534453553332478012345678901234";

    private readonly TemporaryRoot _root = new();
    private string _disk = "";

    private FirstBootCard Card => new() { Path = _disk, Id = "2178694e", Number = Number, Ours = true, FileSystems = [_disk + "p1", _disk + "p2"], IdentityPartition = _disk + "p3" };

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "loop devices are root's");
        using var folder = new TemporaryFolder();
        var image = await TestImage.MakeAsync(folder);
        await Tool.RunAsync("cp", image, _root.At("/card"));
        var block = SdCardWorld.Bytes(_root.At("/card"), 0, CardLayout.Block);
        BootRecord.AddIdentity(block);
        await using (var card = File.OpenWrite(_root.At("/card")))
        {
            await card.WriteAsync(block);
            card.Position = CardLayout.IdentityOffset;
            await card.WriteAsync(CardArchive.Write(Identities.Lamp));
        }

        // Not every kernel here has FAT, or reads tables.
        _disk = (await Tool.RunAsync("losetup", "-fP", "--show", _root.At("/card"))).Trim();
        await Tool.RunAsync("/bin/sh", "-c", $"partx -u {_disk}; mkfs.ext2 -qF {_disk}p1");
        await MountedAsync($"for f in {Starts} {Others}; do mkdir -p \"${{f%/*}}\"; echo \"$f\" >\"$f\"; done");
        _root.Write("/number", Number + "\n");
    }

    public async ValueTask DisposeAsync()
    {
        if (_disk.Length > 0)
        {
            await Tool.RunAsync("losetup", "-d", _disk);
        }

        _root.Dispose();
    }

    [Fact]
    public async Task A_retired_card_keeps_its_files_under_other_names_and_nothing_of_its_identity()
    {
        await NoteAsync();
        for (var time = 1; time <= 2; time++)
        {
            var retired = await RetireAsync();
            retired.ExitCode.ShouldBe(0, retired.StandardError);
        }

        (await FilesAsync()).ShouldBe(Starts.Split(' ').Select(file => file + ".retired").Concat(Others.Split(' ')), ignoreOrder: true);
        (await IdentityAsync()).ContainsAnyExcept((byte)0).ShouldBeFalse();
        File.ReadAllText(_root.At(CardNote.Retired)).ShouldBe($"{Number} 2178694e everything\n");
    }

    [Fact]
    public async Task The_note_is_root_s_alone_and_forgets_what_was_retired_before()
    {
        _root.Write("/mnt" + CardNote.Retired, "something\n");

        await NoteAsync();

        File.GetUnixFileMode(_root.At("/mnt" + CardNote.From)).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.ReadAllText(_root.At("/mnt" + CardNote.From)).ShouldMatch("^" + Number + " 2178694e [0-9a-f]{64}\n$");
        File.Exists(_root.At("/mnt" + CardNote.Retired)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("no note")]
    [InlineData("another card")]
    [InlineData("another table")]
    [InlineData("another identity")]
    [InlineData("an erased identity")]
    public async Task A_card_that_is_not_proven_to_be_the_one_is_not_touched_whatever_the_plan_said(string what)
    {
        await NoteAsync();
        switch (what)
        {
            case "no note": File.Delete(_root.At(CardNote.From)); break;
            case "another card": _root.Write("/number", new string('9', 32) + "\n"); break;
            case "another table": await Tool.RunAsync("/bin/sh", "-c", $"printf '\\0\\0\\0\\1' | dd of={_disk} bs=1 seek=440 conv=notrunc,fsync"); break;
            case "another identity": await Tool.RunAsync("/bin/sh", "-c", $"printf x | dd of={_disk}p3 bs=1 seek=700 conv=notrunc,fsync"); break;
            default: await Tool.RunAsync("dd", "if=/dev/zero", $"of={_disk}p3", "bs=1M", "count=4", "conv=fsync"); break;
        }

        var identity = await IdentityAsync();
        var result = await RetireAsync();

        result.ExitCode.ShouldBe(Recheck.Refused, result.StandardError);
        result.StandardError.ShouldContain("not proven to be the one");
        (await FilesAsync()).ShouldBe($"{Starts} {Others}".Split(' '), ignoreOrder: true);
        (await IdentityAsync()).AsSpan().SequenceEqual(identity).ShouldBeTrue();
        File.Exists(_root.At(CardNote.Retired)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("mv -f * .retired")]
    [InlineData("seek=1")]
    [InlineData("count=1 ")]
    public async Task A_retirement_that_was_cut_off_goes_on(string at)
    {
        await NoteAsync();
        var tool = at.StartsWith("mv", StringComparison.Ordinal) ? "mv" : "dd";
        _root.Program($"/bin/{tool}", tool == "mv" ? "case $* in *.retired) case $* in *card-retired*) ;; *) exit 9 ;; esac ;; esac; PATH=/usr/bin:/bin exec mv \"$@\"" : $"case \"$* \" in *of=/proc/*' {at}'*) exit 9 ;; esac; PATH=/usr/bin:/bin exec dd \"$@\"");
        (await RetireAsync()).ExitCode.ShouldBe(9);
        File.Delete(_root.At($"/bin/{tool}"));

        var result = await RetireAsync();

        result.ExitCode.ShouldBe(0, result.StandardError);
        (await IdentityAsync()).ContainsAnyExcept((byte)0).ShouldBeFalse();
        File.ReadAllText(_root.At(CardNote.Retired)).ShouldEndWith(" everything\n");
    }

    private async Task NoteAsync()
    {
        var noted = await RunAsync(FirstBootScripts.Note(Card));
        noted.ExitCode.ShouldBe(0, noted.StandardError);

        // What was below /mnt is / afterwards.
        _root.Write(CardNote.From, File.ReadAllBytes(_root.At("/mnt" + CardNote.From)));
    }

    private Task<BufferedCommandResult> RetireAsync() => RunAsync(FirstBootScripts.Retire(Card));

    private async Task<string[]> FilesAsync() => (await MountedAsync("find fat ext4 -type f")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private async Task<byte[]> IdentityAsync()
    {
        await Tool.RunAsync("blockdev", "--flushbufs", _disk + "p3");
        return SdCardWorld.Bytes(_root.At("/card"), CardLayout.IdentityOffset, CardLayout.IdentityLength);
    }

    /// <summary>Does something where the card's file systems are mounted as fat and ext4.</summary>
    private Task<string> MountedAsync(string script) => Tool.RunAsync(
        "/bin/sh", "-c", $"set -e; mkdir -p {_root.At("/m/fat")} {_root.At("/m/ext4")}; cd {_root.At("/m")}; mount {_disk}p1 fat; mount {_disk}p2 ext4; rm -rf fat/lost+found ext4/lost+found; {script}; sync; umount fat ext4");

    private Task<BufferedCommandResult> RunAsync(Shell script) => Sh.RunSourceAsync(
        script.Source.Replace("/var/lib/provisioner", _root.At("/var/lib/provisioner"), StringComparison.Ordinal)
            .Replace("/mnt" + _root.At(""), _root.At("/mnt"), StringComparison.Ordinal)
            .Replace("\"/sys/block/$n/device/cid\"", _root.At("/number"), StringComparison.Ordinal),
        path: $"{_root.At("/bin")}:/usr/sbin:/usr/bin:/sbin:/bin");
}
