using System.Text;
using CliWrap.Buffered;
using Newtonsoft.Json.Linq;
using Provisioner.Provider.Consent;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.Disk;
using Provisioner.Provider.Tests.Flakes;
using Provisioner.Provider.Tests.Remote;

namespace Provisioner.Provider.Tests.Resources.Disks;

/// <summary>The generated disko file and the guards in front of disko, with real Nix; disko itself is a double that tells its arguments.</summary>
public sealed class DiskoTests : IDisposable
{
    private static readonly string Generated = DiskoFile.Write(DiskWorld.Id, DiskWorld.Layout, 16L << 30);

    private readonly TemporaryFolder _folder = new();

    public DiskoTests() => Tool("disko", "echo \"disko $*\" >&2");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_generated_file_is_the_same_layout()
    {
        var path = Path.Combine(_folder.Path, "disk.nix");
        await File.WriteAllTextAsync(path, Generated);
        var result = await Sh.RunAsync(Shell.Of($"HOME={_folder.Path}; export HOME\nnix-instantiate --store dummy:// --eval --strict --json {path}"));

        result.ExitCode.ShouldBe(0, result.StandardError);
        var disks = JObject.Parse(result.StandardOutput)["disko"]!["devices"]!;
        ((JObject)disks).Properties().Select(property => property.Name).ShouldBe(["disk"]);
        var main = disks["disk"]!["main"]!;
        ((string?)main["device"]).ShouldBe($"/dev/disk/by-id/{DiskWorld.Id}");
        var (esp, pool) = (main["content"]!["partitions"]!["ESP"]!, main["content"]!["partitions"]!["zfs"]!);
        ((string?)esp["uuid"], (string?)esp["label"], (string?)esp["start"], (string?)esp["size"]).ShouldBe((DiskWorld.Layout.EspId, DiskWorld.Layout.EspName, "1M", "512M"));
        ((string?)pool["uuid"], (string?)pool["type"], (string?)pool["start"], (string?)pool["size"]).ShouldBe((DiskWorld.Layout.PoolId, DiskLayout.PoolType, "513M", "15870M"));
        // One mountpoint there must be for disko; what it mounts is unmounted again.
        ((string?)esp["content"]!["mountpoint"]).ShouldBe(DiskoFile.MountPoint);
        pool["content"].ShouldBeNull();
    }

    [Fact]
    public async Task The_file_that_is_held_against_disko_s_releases_is_the_generated_one()
    {
        var repository = Directory.GetParent(OurFlakeTests.Folder)!.Parent!.FullName;

        (await File.ReadAllTextAsync(Path.Combine(repository, "tests", "Provisioner.Provider.Tests", "Resources", "Disks", "Generated", "disk.nix"), TestContext.Current.CancellationToken)).ShouldBe(Generated);
    }

    [Fact]
    public void What_disko_mounts_of_a_generated_file_is_unmounted_and_of_a_given_one_not()
    {
        var state = DiskObserver.Observe(DiskWorld.Args with { Tool = DiskTool.Disko }, null, DiskWorld.Facts(DiskWorld.Blank));

        DiskScripts.Disko(state, DiskWorld.Layout, Generated, generated: true).Script!.Text.Source.ShouldContain("umount /mnt/boot");
        DiskScripts.Disko(state, DiskWorld.Layout, "{ }", generated: false).Script!.Text.Source.ShouldNotContain("umount /mnt/boot");
    }

    [Fact]
    public void A_device_without_disko_is_told_in_the_plan_with_the_way_out()
    {
        var args = DiskWorld.Args with { Tool = DiskTool.Disko };
        var facts = DiskWorld.Facts(DiskWorld.Blank);
        var without = DiskPlanner.Plan(args, DiskObserver.Observe(args, null, facts));
        var with = DiskPlanner.Plan(args, DiskObserver.Observe(args, null, facts with { Tools = ["disko"] }));
        var native = DiskPlanner.Plan(DiskWorld.Args, DiskObserver.Observe(DiskWorld.Args, null, facts));

        without.Steps.ShouldBeEmpty();
        var refusal = without.Refusals.ShouldHaveSingleItem();
        refusal.Why.ShouldBe("there is no disko on the device");
        refusal.Next.ShouldNotBeNull().ShouldContain("tool native");
        (with.Refusals.IsEmpty, with.Steps.IsEmpty).ShouldBe((true, false));
        native.Refusals.ShouldBeEmpty();
    }

    [Fact]
    public void A_used_disk_is_told_together_with_the_missing_disko()
    {
        var args = DiskWorld.Args with { Tool = DiskTool.Disko };

        DiskPlanner.Plan(args, DiskObserver.Observe(args, null, DiskWorld.Facts(DiskWorld.Used))).Refusals.Length.ShouldBe(2);
    }

    [Fact]
    public void A_layout_that_is_made_already_needs_no_disko()
    {
        var args = DiskWorld.Args with { Tool = DiskTool.Disko };

        DiskPlanner.Plan(args, DiskObserver.Observe(args, null, DiskWorld.Facts(DiskWorld.Ours))).Refusals.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_confirmed_mode_is_run_and_no_other()
    {
        var result = await RunAsync(Generated);

        result.ExitCode.ShouldBe(0, result.StandardError);
        result.StandardError.ShouldMatch(@"^disko --mode destroy,format,mount --yes-wipe-all-disks /\S+/disk\.nix\n$");
    }

    [Theory]
    [InlineData("{ lib, ... }: { disko.devices.disk.a.device = \"/dev/disk/by-id/ID\"; }", null)]
    [InlineData("{ disko.devices.disk.a.device = \"/dev/disk/by-id/another\"; }", "is for more than this one disk: disk /dev/disk/by-id/another")]
    [InlineData("{ disko.devices.disk = { a.device = \"/dev/disk/by-id/ID\"; b.device = \"/dev/sdb\"; }; }", "is for more than this one disk: disk /dev/sdb")]
    [InlineData("{ disko.devices.disk.a.device = \"/dev/disk/by-id/ID\"; disko.devices.mdadm.raid = { }; }", "is for more than this one disk: also mdadm")]
    [InlineData("{ disko.devices = { }; }", "does not name this disk")]
    [InlineData("{ disko.devices.disk = ", "cannot be evaluated")]
    [InlineData("{ disks, ... }: { }", "cannot be evaluated")]
    [InlineData("{ disko.devices.disk.a.device = \"/dev/disk/by-id/ID\"; disko.devices.zpool.tank = { }; }", "there is a pool tank already")]
    [InlineData("{ disko.devices.disk.a.device = \"/dev/disk/by-id/ID\"; disko.devices.zpool.away = { }; }", "there is a pool away already")]
    [InlineData("{ disko.devices.disk.a.device = \"/dev/disk/by-id/ID\"; disko.devices.zpool.new = { }; }", null)]
    public async Task A_file_that_is_for_more_than_the_disk_is_refused_before_disko_runs(string file, string? problem)
    {
        Tool("zpool", "case \"$*\" in 'list -H tank') ;; import) printf '   pool: away\\n     id: 1\\n' ;; *) exit 1 ;; esac");

        var result = await RunAsync(file.Replace("/ID", $"/{DiskWorld.Id}", StringComparison.Ordinal));

        result.ExitCode.ShouldBe(problem is null ? 0 : Recheck.Refused, result.StandardError);
        result.StandardError.ShouldContain(problem ?? "disko --mode");
        result.StandardError.Contains("disko --mode", StringComparison.Ordinal).ShouldBe(problem is null);
    }

    [Fact]
    public async Task Without_disko_the_way_out_is_told()
    {
        File.Delete(Path.Combine(_folder.Path, "disko"));
        var result = await RunAsync(Generated);

        result.ExitCode.ShouldBe(Recheck.Refused);
        result.StandardError.ShouldContain("there is no disko on the device; put disko into its system (environment.systemPackages), or use the tool native");
    }

    [Theory]
    [InlineData("zroot/root /mnt zfs rw 0 0", false)]
    [InlineData("/dev/sda1 /mnt/boot vfat rw 0 0", false)]
    [InlineData("/dev/sda1 /mnt2 vfat rw 0 0", true)]
    public async Task While_something_is_mounted_that_disko_would_unmount_it_does_not_run(string mount, bool runs)
    {
        var result = await RunAsync(Generated, $"/dev/mmcblk0p2 / ext4 rw 0 0\n{mount}\n");

        result.StandardError.Contains("disko --mode", StringComparison.Ordinal).ShouldBe(runs, result.StandardError);
        result.StandardError.Contains(mount, StringComparison.Ordinal).ShouldBe(!runs);
    }

    private async Task<BufferedCommandResult> RunAsync(string file, string mounts = "")
    {
        var table = Path.Combine(_folder.Path, "mounts");
        await File.WriteAllTextAsync(table, mounts);
        return await Sh.RunAsync(
            Shell.Lines(Shell.Of($"HOME={_folder.Path}; NIX_REMOTE=dummy://; export HOME NIX_REMOTE"), DiskoScripts.Guards(DiskWorld.Id, table), DiskoScripts.Make),
            Encoding.UTF8.GetBytes(file),
            $"{_folder.Path}:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    }

    private void Tool(string name, string text)
    {
        var path = Path.Combine(_folder.Path, name);
        File.WriteAllText(path, $"#!/bin/sh\n{text}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
