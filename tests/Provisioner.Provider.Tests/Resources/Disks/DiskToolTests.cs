using System.Globalization;
using System.Text;
using CliWrap.Buffered;
using Provisioner.Provider.Consent;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.Disk;
using Provisioner.Provider.Tests.Remote;

namespace Provisioner.Provider.Tests.Resources.Disks;

/// <summary>The scripts' own commands with real sgdisk, mkfs.vfat, wipefs and blkid, on an image file that stands for the disk.</summary>
public sealed class DiskToolTests : IDisposable
{
    private const long Size = (1L << 30) + 12345 * 512;

    private static readonly DiskLayout Layout = DiskLayout.Of(DiskWorld.Args with { EspSizeMiB = 64 });

    private readonly TemporaryFolder _folder = new();

    private string Image => Path.Combine(_folder.Path, "disk");

    public DiskToolTests() => File.WriteAllBytes(Image, []);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_table_is_what_the_comparison_expects()
    {
        Grow();

        await RunAsync(DiskScripts.NewTable(Layout, Size));

        var esp = await InfoAsync(1);
        esp.ShouldContain($"Partition unique GUID: {Layout.EspId.ToUpperInvariant()}");
        esp.ShouldContain("(EFI system partition)");
        esp.ShouldContain($"Partition name: '{Layout.UnfinishedName}'");
        esp.ShouldContain("First sector: 2048 ");
        esp.ShouldContain($"Partition size: {64 * 2048} sectors");
        var pool = await InfoAsync(2);
        pool.ShouldContain($"Partition unique GUID: {Layout.PoolId.ToUpperInvariant()}");
        pool.ShouldContain($"Partition GUID code: {DiskLayout.PoolType.ToUpperInvariant()}");
        pool.ShouldContain($"First sector: {65 * 2048} ");
        pool.ShouldContain($"Partition size: {Layout.PoolMiB(Size) * 2048} sectors");
        (await TellAsync(Shell.Of($"sgdisk --print {Image}"))).ShouldContain($"Disk identifier (GUID): {Layout.TableId.ToUpperInvariant()}");
        (await TellAsync(Shell.Of($"sgdisk --verify {Image}"))).ShouldContain("No problems found");
    }

    [Fact]
    public async Task An_entry_that_was_deleted_comes_back_with_what_is_in_the_partition()
    {
        Grow();
        await RunAsync(DiskScripts.NewTable(Layout, Size));
        await WriteAtAsync(66L << 20, "the pool's own bytes");
        await TellAsync(Shell.Of($"sgdisk --delete=2 {Image}"));

        await RunAsync(Shell.Of($"sgdisk {DiskScripts.NewPool(Layout, Size)} \"$d\" >/dev/null"));

        (await InfoAsync(2)).ShouldContain($"Partition unique GUID: {Layout.PoolId.ToUpperInvariant()}");
        (await ReadAtAsync(66L << 20, 20)).ShouldBe("the pool's own bytes");
    }

    [Fact]
    public async Task The_file_system_is_what_blkid_is_expected_to_say()
    {
        Grow(64L << 20);
        await TellAsync(Shell.Of($"mkfs.ext4 -q -F {Image}"));

        await RunAsync(DiskScripts.MakeFat(Layout));

        var seen = PairText.Read((await TellAsync(Shell.Of($"blkid -p {Image}")))[(Image.Length + 1)..]);
        (seen["TYPE"], seen["VERSION"], seen["LABEL"], seen["UUID"]).ShouldBe(("vfat", "FAT32", "BOOT", Layout.VolumeUuid));
        await TellAsync(Shell.Of($"fatlabel {Image} OTHER"));
        (await TellAsync(Shell.Of($"blkid -p {Image}"))).ShouldContain(" LABEL=\"OTHER\"");
    }

    [Fact]
    public async Task A_wiped_disk_shows_nothing_old_not_even_where_new_partitions_begin_and_end()
    {
        Grow();
        await RunAsync(DiskScripts.NewTable(Layout, Size));

        // Old labels: at the disk's start, where our partitions begin, and where they and the disk end.
        long[] places = [0, 512, 4096, 1L << 20, (2L << 20) + 4096, 65L << 20, (66L << 20) + 8192, ((65 + Layout.PoolMiB(Size)) << 20) - 4096, Size - 1024];
        foreach (var place in places)
        {
            await WriteAtAsync(place, "an old label");
        }

        await RunAsync(DiskScripts.Clear(Layout.PoolStartMiB, "disk-aaaa-bbbb-cccc-dddd"));

        // At the very beginning stands under which consent that was.
        (await ReadAtAsync(0, 43)).ShouldBe($"{BlockScript.Mark}disk-aaaa-bbbb-cccc-dddd\n");
        foreach (var place in places.Skip(1))
        {
            (await ReadAtAsync(place, 12)).ShouldBe(new string('\0', 12), place.ToString(CultureInfo.InvariantCulture));
        }

        new FileInfo(Image).Length.ShouldBe(Size);
        (await Sh.RunAsync(Shell.Of($"blkid -p {Image}"))).ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task A_wipe_that_is_cut_off_leaves_the_consent_it_was_begun_under()
    {
        Grow();
        await RunAsync(DiskScripts.NewTable(Layout, Size));

        // The power goes when wipefs is called: the mark stands, and nothing of the old table.
        var cut = await RunAsync(DiskScripts.Clear(Layout.PoolStartMiB, "disk-aaaa-bbbb-cccc-dddd"), ("wipefs", "exit 99"));

        cut.ExitCode.ShouldBe(99);
        (await ReadAtAsync(0, 43)).ShouldBe($"{BlockScript.Mark}disk-aaaa-bbbb-cccc-dddd\n");
        (await ReadAtAsync(512, 8)).ShouldBe(new string('\0', 8));
    }

    [Fact]
    public async Task The_last_look_reads_the_same_text_as_the_inspection_did()
    {
        // lsblk, blkid and /sys tell of a disk that this machine does not have.
        var disk = DiskWorld.Facts(DiskWorld.Card, DiskWorld.Used).Disks.Single(found => found.Name == "sda");
        var facts = Shell.Of($"n=sda\nvdevs() {{ printf 'rpool\\t1\\n\\t/dev/sdb1\\n'; }}\nbrief() {{ \"$@\"; }}\ndisk() {{ printf '%s\\n' {disk.Text}; }}");
        (string, string)[] tools = [("lsblk", $"printf '%s\\n' 'KNAME=\"mmcblk0\" SERIAL=\"0xdeadbeef\"' 'KNAME=\"sda\" SERIAL=\"{DiskWorld.Serial}\"'")];

        var result = await RunAsync(Shell.Lines(facts, DiskLook.That(DiskWorld.Serial, DiskLook.Digest(disk, new VdevFacts("rpool\t1\n\t/dev/sdb1")))), tools);
        var other = await RunAsync(Shell.Lines(facts, DiskLook.That("S1", DiskLook.Digest(disk, new VdevFacts("")))), tools);

        (result.ExitCode, result.StandardError).ShouldBe((0, ""));
        other.ExitCode.ShouldBe(Recheck.Refused);
    }

    [Fact]
    public async Task Every_step_is_a_script_that_a_shell_can_read_and_does_nothing_where_the_disk_is_not()
    {
        var state = DiskObserver.Observe(DiskWorld.Args, null, DiskWorld.Facts(DiskWorld.Card, DiskWorld.Used)) with { ById = "no-such-disk" };
        Step[] steps =
        [
            DiskScripts.Wipe(state, Layout, "disk-aaaa-bbbb-cccc-dddd"),
            DiskScripts.Table(state, Layout),
            DiskScripts.Disko(state, Layout, "{ }", generated: true),
            DiskScripts.Amend(state, ["--change-name=1:x"], ["x"], isFirst: true),
            DiskScripts.Label(state, Layout, isFirst: false),
            DiskScripts.FileSystem(state, Layout, isFirst: true, agreed: true),
            DiskScripts.FileSystem(state, Layout, isFirst: false, agreed: false),
        ];

        foreach (var step in steps)
        {
            var script = step.Script!.Text;
            var path = Path.Combine(_folder.Path, "script");
            await File.WriteAllTextAsync(path, script.Source);
            await TellAsync(Shell.Of($"sh -n {path}"));
            (await Sh.RunAsync(script)).ExitCode.ShouldBe(Recheck.Refused, step.Sentence);
        }
    }

    [Fact]
    public async Task A_disk_that_is_not_there_ends_a_script()
    {
        var result = await RunAsync(Shell.Lines(DiskLook.Find("no-such-disk"), Shell.Of($"echo written")));

        (result.ExitCode, result.StandardOutput).ShouldBe((Recheck.Refused, ""));
        result.StandardError.ShouldBe("nothing was done: there is no disk /dev/disk/by-id/no-such-disk\n");
    }

    private void Grow(long size = Size)
    {
        using var file = File.OpenWrite(Image);
        file.SetLength(size);
    }

    private Task<string> InfoAsync(int partition) => TellAsync(Shell.Of($"sgdisk {$"--info={partition}"} {Image}"));

    private static async Task<string> TellAsync(Shell script)
    {
        var result = await Sh.RunAsync(script);
        result.ExitCode.ShouldBe(0, result.StandardError);
        return result.StandardOutput;
    }

    private async Task<BufferedCommandResult> RunAsync(Shell script, params (string Name, string Text)[] tools)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, Guid.NewGuid().ToString("n"))).FullName;
        foreach (var (name, text) in tools.Append(("blockdev", $"case $1 in --getsize64) stat -c %s \"$2\" ;; esac")))
        {
            var path = Path.Combine(folder, name);
            await File.WriteAllTextAsync(path, $"#!/bin/sh\n{text}\n");
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var result = await Sh.RunAsync(
            Shell.Lines(Shell.Of($"d={Image}\nq={Image}\nn=none"), script), path: $"{folder}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        if (tools.Length == 0 && !script.Source.Contains("by-id", StringComparison.Ordinal))
        {
            result.ExitCode.ShouldBe(0, result.StandardError);
        }

        return result;
    }

    private async Task WriteAtAsync(long place, string text)
    {
        await using var file = new FileStream(Image, FileMode.Open, FileAccess.ReadWrite);
        file.Position = place;
        await file.WriteAsync(Encoding.ASCII.GetBytes(text));
    }

    private async Task<string> ReadAtAsync(long place, int length)
    {
        await using var file = new FileStream(Image, FileMode.Open, FileAccess.Read);
        file.Position = place;
        var bytes = new byte[length];
        await file.ReadExactlyAsync(bytes);
        return Encoding.ASCII.GetString(bytes);
    }
}
