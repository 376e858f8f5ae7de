using System.Collections.Immutable;
using Provisioner.Provider.Consent;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Resources.Disk;
using Provisioner.Provider.Tests.Remote;

namespace Provisioner.Provider.Tests.Resources.Disks;

/// <summary>A disk that somebody uses past every tree of devices is not written, whoever agrees. Real loop devices, mounts and descriptors.</summary>
[Collection(LoopDevices.Collection)]
public sealed class DiskUserTests : IAsyncLifetime
{
    private LoopDisk _disk = null!;
    private string _loop = "";

    public async ValueTask InitializeAsync()
    {
        _disk = await LoopDisk.MakeAsync();
        await Tool.RunAsync("/bin/sh", "-c", $"sgdisk --clear --new=1:1M:+64M {_disk.Node} >/dev/null && partx -u {_disk.Node} && mkfs.ext4 -q {_disk.Node}p1");
    }

    public async ValueTask DisposeAsync()
    {
        if (_loop.Length > 0)
        {
            await Tool.RunAsync("losetup", "-d", _loop);
        }

        await _disk.DisposeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("p1")]
    public async Task A_loop_device_over_the_disk_or_its_partition_is_a_user(string part)
    {
        var agreed = Agreed(await _disk.ObserveAsync());
        _loop = (await Tool.RunAsync("losetup", "-f", "--show", "-o", "1048576", _disk.Node + part)).Trim();

        await ShouldBeRefusedAsync(agreed, $"the loop device {_loop} lies on it (from byte 1048576)");
    }

    [Theory]
    [InlineData("", "<>")]
    [InlineData("p1", "<>")]
    [InlineData("", ">>")]
    public async Task A_process_that_has_the_disk_or_its_partition_open_to_write_it_is_a_user(string part, string how)
    {
        var agreed = Agreed(await _disk.ObserveAsync());
        using var process = new Holder($"exec 7{how}{_disk.Node}{part}; echo open; read -r _");
        await process.ReadyAsync();

        await ShouldBeRefusedAsync(agreed, "has it open to write it");
    }

    [Fact]
    public async Task A_node_of_another_name_hides_no_user()
    {
        var agreed = Agreed(await _disk.ObserveAsync());
        using var folder = new TemporaryFolder();
        await Tool.RunAsync("cp", "-a", _disk.Node, folder["photos"]);
        using var process = new Holder($"exec 7<>{folder["photos"]}; rm {folder["photos"]}; echo open; read -r _");
        await process.ReadyAsync();

        await ShouldBeRefusedAsync(agreed, "has it open to write it");
    }

    [Fact]
    public async Task Who_only_reads_is_none()
    {
        using var process = new Holder($"exec 7<{_disk.Node}; echo open; read -r _");
        await process.ReadyAsync();

        (await _disk.ObserveAsync()).Found.InUse.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_mount_that_only_another_namespace_has_keeps_the_wipe_away()
    {
        var agreed = Agreed(await _disk.ObserveAsync());
        var step = DiskPlanner.Plan(agreed, await _disk.ObserveAsync()).Steps[0];
        using var folder = new TemporaryFolder();
        using var process = new Holder($"exec unshare -m sh -c 'mount {_disk.Node}p1 {folder.Path} && echo open && read -r _'");
        await process.ReadyAsync();

        (await _disk.RunAsync(step.Script!.Text)).ExitCode.ShouldBe(Recheck.Refused);

        (await Tool.RunAsync("blkid", "-p", $"{_disk.Node}p1")).ShouldContain("ext4");
    }

    /// <summary>By the plan, and by the last look of a plan that was made before.</summary>
    private async Task ShouldBeRefusedAsync(DiskArgs agreed, string why)
    {
        var state = await _disk.ObserveAsync();
        var plan = DiskPlanner.Plan(agreed, state);
        plan.Steps.ShouldBeEmpty();
        plan.Refusals.ShouldHaveSingleItem().Why!.ShouldContain(why);

        var before = _disk.Digest();
        var step = DiskScripts.Wipe(state with { Found = state.Found with { InUse = [] } }, _disk.Layout, "disk-aaaa-bbbb-cccc-dddd");
        var free = DiskScripts.Wipe(await WithoutUsersAsync(state), _disk.Layout, "disk-aaaa-bbbb-cccc-dddd");
        step.Script!.Text.Source.ShouldNotBe(free.Script!.Text.Source, "what was seen of a free disk and of a used one is not the same");
        var result = await _disk.RunAsync(free.Script.Text);
        result.ExitCode.ShouldBe(Recheck.Refused, result.StandardError);
        _disk.Digest().ShouldBe(before);
    }

    private async Task<DiskState> WithoutUsersAsync(DiskState state)
    {
        var disk = (await _disk.TellAsync()).Disks.Single();
        var text = string.Join('\n', disk.Text.Split('\n').Where(line => !line.StartsWith("user ", StringComparison.Ordinal)));
        return state with { Found = state.Found with { Digest = DiskLook.Digest(disk with { Text = text }, new VdevFacts("")) } };
    }

    private static DiskArgs Agreed(DiskState state) =>
        DiskWorld.Args with { ById = state.ById, Serial = state.Serial, EspSizeMiB = 64, Consent = ImmutableSortedDictionary<string, string>.Empty.Add(state.Serial, ConsentToken.Of(DiskConsent.OfDisk(state))) };
}
