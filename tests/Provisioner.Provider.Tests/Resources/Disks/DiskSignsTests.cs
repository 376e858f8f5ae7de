using System.Buffers.Binary;
using Provisioner.Provider.Consent;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Resources.Disk;
using Provisioner.Provider.Tests.Remote;

namespace Provisioner.Provider.Tests.Resources.Disks;

/// <summary>
/// A FAT made over an old member of a pool: blkid calls it ambivalent, and tells nothing of it, not even its entry in the table. Real
/// loop devices, blkid and wipefs. The labels are a double: the rings of uberblocks that blkid knows, and of the list of names and
/// values in front of each the pool's name.
/// </summary>
[Collection(LoopDevices.Collection)]
public sealed class DiskSignsTests : IAsyncLifetime
{
    private const int Label = 256 << 10;

    private LoopDisk _disk = null!;

    public async ValueTask InitializeAsync()
    {
        _disk = await LoopDisk.MakeAsync();
        await Tool.RunAsync("/bin/sh", "-c", $"sgdisk --clear --new=1:1M:+64M --typecode=1:bf01 --change-name=1:old --new=2:70M:+64M {_disk.Node} >/dev/null && partx -u {_disk.Node}");
    }

    public async ValueTask DisposeAsync() => await _disk.DisposeAsync();

    [Fact]
    public async Task All_that_it_could_be_is_named_and_so_is_its_entry_in_the_table()
    {
        await MakeAsync(_disk.Node + "p1");

        var state = await _disk.ObserveAsync();

        state.Found.Doubts.ShouldBeEmpty();
        var partition = state.Found.Partitions[0];
        (partition.Number, partition.Type, partition.Name, partition.Id?.Length).ShouldBe((1, "6a898cc3-1dd2-11b2-99a6-080020736631", "old", 36));
        DiskText.Of(partition.Content).ShouldBe("more than one content: vfat PHOTOS, ZFS labels of t");
        var refusal = DiskPlanner.Plan(_disk.Args, state).Refusals.ShouldHaveSingleItem();
        refusal.Losses.ShouldContain("partition 1 \"old\" (64 MiB): more than one content: vfat PHOTOS, ZFS labels of t");
        refusal.Facts.ShouldContain(fact => fact.StartsWith("partition 1: 64 MiB from sector 2048, type 6a898cc3", StringComparison.Ordinal));
        refusal.Losses.ShouldContain(line => line.StartsWith("how much a pool holds", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_consent_it_is_wiped_and_laid_out_as_any_other()
    {
        await MakeAsync(_disk.Node + "p1");
        var token = ConsentToken.Of(DiskConsent.OfDisk(await _disk.ObserveAsync()));
        var result = await _disk.UpAsync(_disk.Args with { Consent = _disk.Args.Consent.Add(_disk.Args.Serial, token) });
        result.ExitCode.ShouldBe(0, result.StandardError);
        DiskPlanner.Plan(_disk.Args, await _disk.ObserveAsync()).Changes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_disk_without_a_table_that_holds_several_is_told_too()
    {
        await Tool.RunAsync("/bin/sh", "-c", $"sgdisk --zap-all {_disk.Node} >/dev/null; partx -d {_disk.Node} 2>/dev/null || :");
        await MakeAsync(_disk.Node);

        var state = await _disk.ObserveAsync();

        state.Found.Blank.ShouldBeFalse();
        DiskText.Of(state.Found.Content).ShouldBe("more than one content: vfat PHOTOS, ZFS labels of t");
    }

    private static async Task MakeAsync(string node)
    {
        var size = long.Parse((await Tool.RunAsync("blockdev", "--getsize64", node)).Trim(), System.Globalization.CultureInfo.InvariantCulture);
        await using (var device = File.OpenWrite(node))
        {
            foreach (var place in (long[])[0, Label, size - (2 * Label), size - Label])
            {
                device.Position = place + (16 << 10);
                device.Write([0, 0, 0, 7, .. "version"u8, 0, 0, 0, 0, 4, .. "name"u8, 0, 0, 0, 9, 0, 0, 0, 1, 0, 0, 0, 1, .. "t"u8, 0, 0, 0]);
                for (var index = 0; index < 32; index++)
                {
                    var block = new byte[24];
                    BinaryPrimitives.WriteUInt64LittleEndian(block, 0x00bab10c);
                    BinaryPrimitives.WriteUInt64LittleEndian(block.AsSpan(8), 5000);
                    BinaryPrimitives.WriteUInt64LittleEndian(block.AsSpan(16), 100UL + (ulong)index);
                    device.Position = place + (Label / 2) + (index * 4096);
                    device.Write(block);
                }
            }
        }

        // On the disk, and not on the way there: how much was written to it is part of what is seen.
        await Tool.RunAsync("mkfs.vfat", "-I", "-n", "PHOTOS", node);
        await Tool.RunAsync("blockdev", "--flushbufs", node);
        (await Tool.RunAsync("/bin/sh", "-c", $"blkid -p {node} >/dev/null 2>&1; echo $?")).Trim().ShouldBe("8", "blkid takes it for one thing only");
    }
}
