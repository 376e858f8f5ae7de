using Provisioner.Provider.Consent;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Resources.Disk;
using Provisioner.Provider.Tests.Resources.Disks;

namespace Provisioner.Provider.Tests.Inspection;

/// <summary>The real script under a real sh, while tools of the device fail or hang: what was not read is not nothing.</summary>
public sealed class BlockScriptTests : IDisposable
{
    private const long Size = 1L << 30;

    private readonly ImageDisk _disk = new(Size);

    public void Dispose() => _disk.Dispose();

    [Fact]
    public async Task A_disk_of_zeros_is_blank()
    {
        var state = Observed(await _disk.TellAsync());
        (state.Found.Blank, state.Found.Doubts.IsEmpty, state.Found.Digest).ShouldBe((true, true, state.Found.BlankDigest));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3 << 20)]
    [InlineData(Size - 1)]
    public async Task One_byte_at_either_end_is_content(long place)
    {
        _disk.Write(place, [1]);
        var state = Observed(await _disk.TellAsync());
        (state.Found.Blank, state.Found.Doubts.IsEmpty, state.Found.Content.Digest?.Length).ShouldBe((false, true, 64));
    }

    [Theory]
    [InlineData("cmp", "exec sleep 60", "reading /dev/sda: cmp did not end within 8 s")]
    [InlineData("cmp", "exit 2", "reading /dev/sda: cmp failed (exit code 2)")]
    [InlineData("dd", "exec sleep 60", "reading /dev/sda: head and dd did not end within 8 s")]
    [InlineData("dd", "exit 1", "reading /dev/sda: head and dd failed (exit code 1)")]
    [InlineData("head", "exit 1", "reading /dev/sda: head and dd failed (exit code 1)")]
    [InlineData("blkid", "exec sleep 60", "/dev/sda: blkid did not end within 8 s")]
    [InlineData("blkid", "exit 127", "/dev/sda: blkid is not on the device")]
    [InlineData("lsblk", "exec sleep 60", "/dev/sda: lsblk did not end within 8 s")]
    [InlineData("lsblk", "exit 32", "/dev/sda: lsblk failed (exit code 32)")]
    [InlineData("lsblk", "exit 0", "lsblk tells nothing of /dev/sda")]
    public async Task What_was_not_read_is_a_doubt_and_nothing_is_done(string tool, string does, string words)
    {
        // dd and head read the disk only where it does not hold zeros.
        _disk.Write(Size - 512, tool is "dd" or "head" ? "data"u8.ToArray() : []);
        _disk.Tool(tool, does);

        var facts = await _disk.TellAsync();
        var state = Observed(facts);
        var plan = DiskPlanner.Plan(Args, state);

        state.Found.Blank.ShouldBeFalse();
        state.Found.Doubts.ShouldHaveSingleItem().ShouldBe($"/dev/disk/by-id/{DiskWorld.Id} leads to a disk that could not be read: {words}");
        plan.Steps.ShouldBeEmpty();
        plan.Refusals.ShouldHaveSingleItem().Why!.ShouldContain(words);
    }

    [Fact]
    public async Task What_cannot_be_read_in_the_last_look_is_not_what_the_plan_was_made_for()
    {
        var blank = DiskLook.Digest((await _disk.TellAsync()).Disks[0], new VdevFacts(""));
        _disk.Write(Size - 512, "data"u8.ToArray());
        _disk.Tool("dd", "exec sleep 60");
        _disk.Tool("cmp", "case \"$*\" in *' 0') exec sleep 60 ;; esac; exit 0");

        var unread = await _disk.TellAsync();

        DiskLook.Digest(unread.Disks[0], new VdevFacts("")).ShouldNotBe(blank);
    }

    [Fact]
    public async Task A_listing_of_serial_numbers_that_is_cut_off_does_not_prove_that_there_is_one()
    {
        _disk.Tool("lsblk", $"echo 'KNAME=\"sda\" SERIAL=\"{DiskWorld.Serial}\"'; exec sleep 60");

        var result = await _disk.RunAsync(Provider.Remote.Shell.Lines(BlockScript.Functions, DiskLook.Same(DiskWorld.Serial)));

        result.ExitCode.ShouldBe(Recheck.Refused, result.StandardError);
        result.StandardError.ShouldContain("unreadable lsblk 124");
    }

    private static DiskArgs Args => DiskWorld.Args;

    private static DiskState Observed(DeviceFacts facts) => DiskObserver.Observe(Args, null, facts);
}
