using Provisioner.Provider.Cards;
using Provisioner.Provider.Tests.Remote;

namespace Provisioner.Provider.Tests.Cards;

public sealed class BootRecordTests
{
    [Fact]
    public async Task Sfdisk_finds_the_identity_card_in_the_gap_and_the_others_as_they_were()
    {
        using var folder = new TemporaryFolder();
        var disk = folder["disk"];
        await using (var file = File.Create(disk))
        {
            file.SetLength(64 << 20);
            await file.WriteAsync(CardImages.FirstBlock());
        }

        var lines = (await Tool.RunAsync("/sbin/sfdisk", "-d", disk)).Split('\n').Where(line => line.StartsWith(disk, StringComparison.Ordinal)).Select(line => line[disk.Length..].Replace(" ", string.Empty, StringComparison.Ordinal));

        lines.ShouldBe(["1:start=16384,size=16384,type=c", "2:start=32768,size=65536,type=83", "3:start=2048,size=8192,type=da"]);
    }

    [Fact]
    public void A_card_that_is_being_written_does_not_look_bootable()
    {
        BootRecord.ConditionOf(BootRecord.Unfinished()).ShouldBe(CardCondition.Unfinished);
        BootRecord.Unfinished()[510..512].ShouldBe([0, 0]);
    }

    [Fact]
    public void While_its_identity_is_changed_a_card_does_not_boot_and_afterwards_it_is_the_same()
    {
        var before = CardImages.FirstBlock();

        BootRecord.ConditionOf(BootRecord.Suspend(before)).ShouldBe(CardCondition.IdentityUnfinished);
        BootRecord.Resume(BootRecord.Suspend(before)).ShouldBe(before);
    }

    [Theory]
    [InlineData(1, 0xee, 1, "GPT")]
    [InlineData(3, 0x83, 200000, "entry 3")]
    [InlineData(4, 0x0c, 2048, "no room")]
    public void An_image_without_room_for_an_identity_card_is_told_apart(int number, byte type, uint start, string problem)
    {
        var block = CardImages.FirstBlock(withIdentity: false);
        CardImages.Entry(block, number, type, start, 4096);

        BootRecord.Problem(block).ShouldNotBeNull().ShouldContain(problem);
    }

    [Fact]
    public void The_images_for_Pis_have_room() => BootRecord.Problem(CardImages.FirstBlock(withIdentity: false)).ShouldBeNull();

    [Fact]
    public void What_has_no_boot_mark_is_no_image_of_a_card() => BootRecord.Problem(new byte[512]).ShouldNotBeNull().ShouldContain("master boot record");

    [Theory]
    [InlineData("printf 'label: dos\n2048,,83\n' | sfdisk -q {0}")]
    [InlineData("printf 'label: dos\n' | sfdisk -q {0}")]
    [InlineData("sgdisk --clear --new=1:1M:+20M {0}")]
    [InlineData("mkfs.ext4 -q -F {0}")]
    [InlineData("mkfs.vfat {0}")]
    [InlineData("mkswap {0}")]
    [InlineData("printf x | dd of={0} seek=4000 bs=1 conv=notrunc")]
    public async Task A_card_that_we_began_and_that_somebody_then_made_something_of_is_not_ours_any_more(string making)
    {
        using var folder = new TemporaryFolder();
        var disk = folder["disk"];
        await using (var file = File.Create(disk))
        {
            file.SetLength(64 << 20);
            await file.WriteAsync(BootRecord.Unfinished());
        }

        CardContents.Read(disk).Condition.ShouldBe(CardCondition.Unfinished);
        await Tool.RunAsync("/bin/sh", "-c", string.Format(System.Globalization.CultureInfo.InvariantCulture, making, disk));

        CardContents.Read(disk).Condition.ShouldNotBe(CardCondition.Unfinished);
    }

    [Fact]
    public void An_identity_whose_place_another_partition_takes_is_none()
    {
        var block = CardImages.FirstBlock();
        CardImages.Entry(block, 1, 0x0c, 4096, 20480);

        BootRecord.HasIdentity(BootRecord.EntriesOf(block)).ShouldBeFalse();
        BootRecord.ConditionOf(BootRecord.Suspend(block)).ShouldBe(CardCondition.NoTable);
    }

    [Theory]
    [InlineData(0, "partition 2 ends at 50.33 MB, the image at 0 bytes: it was cut off")]
    [InlineData(30L << 20, "partition 2 ends at 50.33 MB, the image at 31.46 MB: it was cut off")]
    [InlineData((48L << 20) - 1, "partition 2 ends at 50.33 MB, the image at 50.33 MB: it was cut off")]
    [InlineData(48L << 20, null)]
    [InlineData(1L << 30, null)]
    public void An_image_ends_behind_its_last_partition(long length, string? problem) =>
        BootRecord.CutOff(CardImages.FirstBlock(), length).ShouldBe(problem);

    [Fact]
    public void An_image_of_gigabytes_is_told_in_those()
    {
        var block = CardImages.FirstBlock();
        CardImages.Entry(block, 2, 0x83, 32768, 8388608 - 32768);
        BootRecord.CutOff(block, 1_500_000_000).ShouldBe("partition 2 ends at 4.29 GB, the image at 1.5 GB: it was cut off");
    }
}
