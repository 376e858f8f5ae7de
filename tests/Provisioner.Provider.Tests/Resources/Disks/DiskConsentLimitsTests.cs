using System.Collections.Immutable;
using Provisioner.Provider.Consent;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Resources.Disk;
using Provisioner.Provider.Resources.ZfsPool;
using Provisioner.Provider.Tests.Remote;

namespace Provisioner.Provider.Tests.Resources.Disks;

/// <summary>What counts as blank, and how long a token is worth something. Real loop devices and tools.</summary>
[Collection(LoopDevices.Collection)]
public sealed class DiskConsentLimitsTests : IAsyncLifetime
{
    private LoopDisk _disk = null!;

    public async ValueTask InitializeAsync() => _disk = await LoopDisk.MakeAsync();

    public async ValueTask DisposeAsync() => await _disk.DisposeAsync();

    [Theory]
    [InlineData(100, 200)]
    [InlineData(10, 20)]
    [InlineData(300, 12)]
    public async Task A_disk_with_data_behind_a_beginning_of_zeros_is_not_blank(int fromMiB, int mib)
    {
        await WriteAsync(_disk.Node, fromMiB, mib);

        var state = await _disk.ObserveAsync();

        state.Found.Blank.ShouldBeFalse();
        var refusal = DiskPlanner.Plan(_disk.Args, state).Refusals.ShouldHaveSingleItem();
        refusal.Token.ShouldNotBeNull();
        refusal.Losses.ShouldHaveSingleItem().ShouldContain("behind a beginning of zeros");
    }

    [Fact]
    public async Task Such_a_disk_is_made_with_the_token_and_its_pool_needs_no_other()
    {
        await WriteAsync(_disk.Node, 100, 200);
        var args = Agreed(await _disk.ObserveAsync());

        var result = await _disk.UpAsync(args);

        result.ExitCode.ShouldBe(0, result.StandardError);
        var facts = await _disk.TellAsync();
        DiskPlanner.Plan(args, DiskObserver.Observe(args, null, facts)).Changes.ShouldBeEmpty();
        PoolMembers.Look(_disk.Layout.PoolPath, "zroot", facts).Holds.ShouldBeNull();
    }

    [Fact]
    public async Task A_wipe_that_ended_and_was_followed_by_nothing_goes_on_under_the_same_token()
    {
        await WriteAsync(_disk.Node, 100, 200);
        var args = Agreed(await _disk.ObserveAsync());
        var plan = DiskPlanner.Plan(args, await _disk.ObserveAsync());
        (await _disk.RunAsync(plan.Steps[0].Script!.Text)).ExitCode.ShouldBe(0);

        var result = await _disk.UpAsync(args);

        result.ExitCode.ShouldBe(0, result.StandardError);
        DiskPlanner.Plan(args, await _disk.ObserveAsync()).Changes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("sgdisk --clear --new=1:200M:+50M {0}")]
    [InlineData("printf 'label: dos\n409600,8192,83\n' | sfdisk -q --no-reread {0}")]
    public async Task A_mark_of_ours_counts_for_nothing_once_somebody_has_made_partitions_beside_it(string making)
    {
        foreach (var mark in (string[])[BlockScript.LayoutMark + _disk.Layout.TableId, BlockScript.Mark + ConsentToken.Of(DiskConsent.OfDisk(await _disk.ObserveAsync()))])
        {
            await Tool.RunAsync("/bin/sh", "-c", $"wipefs -aq {_disk.Node}; printf '%s\\n' '{mark}' | dd of={_disk.Node} bs=4096 count=1 conv=sync,notrunc,fsync 2>/dev/null; {string.Format(System.Globalization.CultureInfo.InvariantCulture, making, _disk.Node)} >/dev/null 2>&1; partx -u {_disk.Node}; mkfs.ext4 -qF {_disk.Node}p1");
            var args = _disk.Args with { Consent = ImmutableSortedDictionary<string, string>.Empty.Add(_disk.Args.Serial, mark[BlockScript.Mark.Length..]) };

            var state = DiskObserver.Observe(args, null, await _disk.TellAsync());

            (state.Found.WipeBegun, state.Found.LayoutBegun).ShouldBe((null, false));
            DiskPlanner.Plan(args, state).Refusals.ShouldHaveSingleItem().Token.ShouldNotBeNull();
            await Tool.RunAsync("partx", "-d", _disk.Node);
        }
    }

    [Fact]
    public async Task A_pool_is_not_made_without_consent_on_somebody_s_partition_whose_beginning_alone_is_zeros()
    {
        await Tool.RunAsync("/bin/sh", "-c", $"sgdisk --clear --new=1:1M:+300M {_disk.Node} >/dev/null; partx -u {_disk.Node}");
        await WriteAsync($"{_disk.Node}p1", 100, 50);
        var facts = await _disk.TellAsync();

        PoolMembers.Look($"/dev/disk/by-partuuid/{facts.Disks[0].Partitions[0].PartitionId}", "zroot", facts).Holds!.ShouldContain("behind a beginning of zeros");
    }

    [Fact]
    public async Task A_token_lasts_as_long_as_nothing_is_written_and_not_longer_wherever_that_is()
    {
        await Tool.RunAsync("/bin/sh", "-c", $"sgdisk --clear --new=1:1M:+300M {_disk.Node} >/dev/null; partx -u {_disk.Node}; mkfs.ext4 -qF {_disk.Node}p1");
        var given = Token(await _disk.ObserveAsync());

        Token(await _disk.ObserveAsync()).ShouldBe(given, "to look is not to write");
        await Tool.RunAsync("/bin/sh", "-c", $"cat {_disk.Node} >/dev/null; blkid -p {_disk.Node}p1");
        Token(await _disk.ObserveAsync()).ShouldBe(given, "nor is to read");

        await WriteAsync($"{_disk.Node}p1", 200, 20);
        Token(await _disk.ObserveAsync()).ShouldNotBe(given);
        DiskPlanner.Plan(Agreed(given), await _disk.ObserveAsync()).Refusals.ShouldHaveSingleItem().Why!.ShouldContain("something about it has changed since");
    }

    [Fact]
    public async Task A_token_ends_when_the_disk_is_plugged_in_again()
    {
        await Tool.RunAsync("mkfs.ext4", "-qF", _disk.Node);
        var given = Token(await _disk.ObserveAsync());

        await Tool.RunAsync("/bin/sh", "-c", $"losetup -d {_disk.Node}; losetup -P {_disk.Node} {_disk.Image}");

        Token(await _disk.ObserveAsync()).ShouldNotBe(given);
    }

    [Fact]
    public async Task What_is_written_between_the_plan_and_the_wipe_is_seen_by_the_last_look()
    {
        await Tool.RunAsync("mkfs.ext4", "-qF", _disk.Node);
        var step = DiskPlanner.Plan(Agreed(await _disk.ObserveAsync()), await _disk.ObserveAsync()).Steps[0];
        await WriteAsync(_disk.Node, 200, 20);

        (await _disk.RunAsync(step.Script!.Text)).ExitCode.ShouldBe(Recheck.Refused);
    }

    private static string Token(DiskState state) => ConsentToken.Of(DiskConsent.OfDisk(state));

    private DiskArgs Agreed(DiskState state) => Agreed(Token(state));

    private DiskArgs Agreed(string token) => _disk.Args with { Consent = ImmutableSortedDictionary<string, string>.Empty.Add(_disk.Args.Serial, token) };

    private static Task<string> WriteAsync(string node, int fromMiB, int mib) =>
        Tool.RunAsync("dd", "if=/dev/urandom", $"of={node}", "bs=1M", $"seek={fromMiB}", $"count={mib}", "conv=fsync,notrunc,nocreat");
}
