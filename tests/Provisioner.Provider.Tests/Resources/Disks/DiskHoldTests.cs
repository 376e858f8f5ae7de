using System.Collections.Immutable;
using Provisioner.Provider.Consent;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Resources.Disk;
using Provisioner.Provider.Tests.Remote;

namespace Provisioner.Provider.Tests.Resources.Disks;

/// <summary>From the last look to the last write it is one disk, whatever takes its name meanwhile. Real loop devices and tools.</summary>
[Collection(LoopDevices.Collection)]
public sealed class DiskHoldTests : IAsyncLifetime
{
    private LoopDisk _disk = null!;
    private LoopDisk _victim = null!;

    public async ValueTask InitializeAsync()
    {
        _disk = await LoopDisk.MakeAsync();
        _victim = await LoopDisk.MakeAsync("VICTIM1");
        await Tool.RunAsync("/bin/sh", "-c", $"sgdisk --clear --new=1:1M:+64M --new=2:65M:+200M {_victim.Node} >/dev/null && partx -u {_victim.Node} && mkfs.ext4 -q {_victim.Node}p1 && mkfs.ext4 -q {_victim.Node}p2");
    }

    public async ValueTask DisposeAsync()
    {
        await _victim.DisposeAsync();
        await _disk.DisposeAsync();
    }

    [Fact]
    public async Task A_blank_disk_becomes_the_layout_and_is_then_left_alone()
    {
        var result = await _disk.UpAsync();

        result.ExitCode.ShouldBe(0, result.StandardError);
        var state = await _disk.ObserveAsync();
        state.Found.Doubts.ShouldBeEmpty();
        DiskPlanner.Plan(_disk.Args, state).Changes.ShouldBeEmpty();
        state.Found.Partitions.Select(partition => partition.Content.FileSystem).ShouldBe(["vfat", null]);
    }

    [Fact]
    public async Task A_used_disk_is_wiped_with_the_token_and_becomes_the_layout()
    {
        await Tool.RunAsync("mkfs.ext4", "-q", _disk.Node);

        var result = await _disk.UpAsync(Agreed(await _disk.ObserveAsync()));

        result.ExitCode.ShouldBe(0, result.StandardError);
        DiskPlanner.Plan(_disk.Args, await _disk.ObserveAsync()).Changes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("link")]
    [InlineData("node")]
    public async Task A_disk_that_takes_the_name_while_a_wipe_waits_for_udev_is_not_met(string what)
    {
        await Tool.RunAsync("mkfs.ext4", "-q", _disk.Node);
        var step = Steps(await _disk.ObserveAsync())[0];
        var before = _victim.Digest();
        _disk.Settling(what == "link" ? $"ln -sfn {_victim.Node} {_disk.Link}" : $"mv {_disk.Node} {_disk.Node}.was; cp -a {_victim.Node} {_disk.Node}");
        try
        {
            await _disk.RunAsync(step.Script!.Text);
        }
        finally
        {
            if (File.Exists($"{_disk.Node}.was"))
            {
                await Tool.RunAsync("mv", $"{_disk.Node}.was", _disk.Node);
            }
        }

        await Tool.RunAsync("blockdev", "--flushbufs", _victim.Node);
        _victim.Digest().ShouldBe(before);
    }

    [Fact]
    public async Task A_disk_cannot_be_given_another_content_by_name_while_it_is_held()
    {
        await Tool.RunAsync("mkfs.ext4", "-q", _disk.Node);
        var step = Steps(await _disk.ObserveAsync())[0];
        var before = _victim.Digest();

        // Pulled out, and another one put in that gets the same name: the kernel cannot give it as long as the first is held.
        _disk.Settling($"losetup -d {_disk.Node}; losetup {_disk.Node} {_victim.Image} 2>/dev/null || :");
        await _disk.RunAsync(step.Script!.Text);

        _victim.Digest().ShouldBe(before);
        if (!(await Tool.RunAsync("losetup", "-l")).Contains(_disk.Image, StringComparison.Ordinal))
        {
            await Tool.RunAsync("losetup", _disk.Node, _disk.Image);
        }
    }

    [Fact]
    public async Task What_comes_onto_the_disk_while_a_wipe_waits_is_seen_by_the_last_look()
    {
        await Tool.RunAsync("mkfs.ext4", "-q", _disk.Node);
        var step = Steps(await _disk.ObserveAsync())[0];
        _disk.Settling($"mkfs.ext4 -q -F -L photos {_disk.Node}");

        (await _disk.RunAsync(step.Script!.Text)).ExitCode.ShouldBe(Recheck.Refused);

        (await Tool.RunAsync("blkid", "-p", _disk.Node)).ShouldContain("LABEL=\"photos\"");
    }

    [Fact]
    public async Task An_EFI_partition_s_link_that_leads_to_another_disk_meanwhile_is_not_followed()
    {
        (await _disk.UpAsync()).ExitCode.ShouldBe(0);
        await Tool.RunAsync("wipefs", "-aq", $"{_disk.Node}p1");
        await Tool.RunAsync("dd", "if=/dev/zero", $"of={_disk.Node}p1", "bs=1M", "count=2", "conv=fsync,nocreat");
        var step = DiskPlanner.Plan(_disk.Args, await _disk.ObserveAsync()).Steps.ShouldHaveSingleItem();
        var before = _victim.Digest();

        // The last look reads with lsblk; the link moves while it does.
        _disk.Program("lsblk", $"ln -sfn {_victim.Node}p1 {_disk.Layout.EspPath}; PATH=/usr/sbin:/usr/bin:/sbin:/bin lsblk \"$@\" | sed '/KNAME=\"{_disk.Name}\"/s/SERIAL=\"\"/SERIAL=\"{DiskWorld.Serial}\"/'");
        await _disk.RunAsync(step.Script!.Text);

        await Tool.RunAsync("blockdev", "--flushbufs", $"{_victim.Node}p1");
        _victim.Digest().ShouldBe(before);
    }

    private DiskArgs Agreed(DiskState state) =>
        _disk.Args with { Consent = ImmutableSortedDictionary<string, string>.Empty.Add(state.Serial, ConsentToken.Of(DiskConsent.OfDisk(state))) };

    private ImmutableArray<Step> Steps(DiskState state) => DiskPlanner.Plan(Agreed(state), state).Steps;
}
