using Provisioner.Provider.Cards;
using Provisioner.Provider.Cards.Writing;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Tests.Remote;
using Provisioner.Provider.Tests.Resources.Disks;

namespace Provisioner.Provider.Tests.Cards;

/// <summary>Cards on a disk that the kernel has made of a file: opened with O_DIRECT and O_EXCL, as a card in a reader is. Needs root.</summary>
[Collection(LoopDevices.Collection)]
public sealed class CardDiskTests : IAsyncLifetime
{
    private const int DiskMiB = 80;

    private readonly TemporaryFolder _folder = new();
    private string _disk = "";
    private string _image = "";

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "loop devices are root's");
        var backing = _folder["disk"];
        await Tool.RunAsync("/bin/sh", "-c", $"head -c {DiskMiB}M /dev/urandom > {backing}");
        _image = await TestImage.MakeAsync(_folder);
        _disk = (await Tool.RunAsync("/sbin/losetup", "-f", "--show", backing)).Trim();
    }

    public async ValueTask DisposeAsync()
    {
        if (_disk.Length > 0)
        {
            await Tool.RunAsync("/sbin/losetup", "-d", _disk);
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task A_disk_full_of_old_data_becomes_the_card_and_nothing_of_the_old_is_left_in_it()
    {
        using (var disk = LinuxDisk.Open(_disk))
        {
            disk.Capacity.ShouldBe(DiskMiB << 20);
            await WriteAsync(disk);
        }

        await Tool.RunAsync("cmp", "-i", $"{CardLayout.IdentityEnd}", "-n", $"{new FileInfo(_image).Length - CardLayout.IdentityEnd}", _image, _disk);
        var card = CardContents.Read(_disk);
        card.Condition.ShouldBe(CardCondition.Bootable);
        CardSummary.Of(card).Hostname.ShouldBe("lamp");
        (await Tool.RunAsync("/sbin/sfdisk", "-d", _disk)).ShouldContain("type=da");
        SdCardWorld.Bytes(_disk, (DiskMiB - 1) << 20, 1 << 20).ShouldAllBe(value => value == 0);
        SdCardWorld.Bytes(_disk, 512, 1 << 19).ShouldAllBe(value => value == 0);
    }

    [Fact]
    public async Task Another_identity_is_written_without_the_rest()
    {
        using var disk = LinuxDisk.Open(_disk);
        var written = await WriteAsync(disk);

        new CardWriter(disk, _ => { }).ChangeIdentity(CardArchive.Write(Identities.Lamp with { Hostname = "bulb" }), new CardStamp(new string('a', 64), written.Bytes));

        CardSummary.Of(CardContents.Read(_disk)).ShouldSatisfyAllConditions(card => card.Hostname.ShouldBe("bulb"), card => card.Problems.ShouldBeEmpty());
    }

    [Fact]
    public async Task An_image_that_is_larger_than_the_card_leaves_one_that_does_not_boot()
    {
        var large = await TestImage.MakeAsync(_folder, rootMiB: DiskMiB);
        _image = large;
        using var disk = LinuxDisk.Open(_disk);

        (await Should.ThrowAsync<InputInvalidException>(() => WriteAsync(disk))).Message.ShouldContain("does not fit");
        CardContents.Read(_disk).Condition.ShouldBe(CardCondition.Unfinished);
    }

    [Fact]
    public async Task A_stop_leaves_one_that_does_not_boot()
    {
        using var stop = new CancellationTokenSource();
        using var disk = LinuxDisk.Open(_disk);
        await using var image = ImageSource.Open(_image);

        await Should.ThrowAsync<OperationCanceledException>(async () =>
            await new CardWriter(disk, moment => stop.Cancel()).WriteAsync(image, await TestImage.Sha256Async(_image), CardArchive.Write(Identities.Lamp), stop.Token));

        CardContents.Read(_disk).Condition.ShouldBe(CardCondition.Unfinished);
    }

    [Fact]
    public async Task A_disk_that_somebody_uses_is_not_even_opened()
    {
        using var disk = LinuxDisk.Open(_disk);

        Should.Throw<CardAccessException>(() => LinuxDisk.Open(_disk)).Message.ShouldContain("in use");
        await Task.CompletedTask;
    }

    [Fact]
    public async Task A_disk_that_is_held_cannot_be_taken_away_under_its_name()
    {
        using (var disk = LinuxDisk.Open(_disk))
        {
            var other = await TestImage.MakeAsync(_folder);
            await Tool.RunAsync("/bin/sh", "-c", $"losetup -d {_disk}; ! losetup {_disk} {other} 2>/dev/null");
            await WriteAsync(disk);
        }

        CardContents.Read(_folder["disk"]).Condition.ShouldBe(CardCondition.Bootable);
        _disk = "";
    }

    [Fact]
    public async Task Another_disk_under_the_same_name_has_another_identity()
    {
        string before;
        using (var disk = LinuxDisk.Open(_disk))
        {
            before = disk.Identity;
        }

        await Tool.RunAsync("/bin/sh", "-c", $"losetup -d {_disk}; losetup {_disk} {_folder["disk"]}");
        using var again = LinuxDisk.Open(_disk);
        again.Identity.ShouldNotBe(before);
        again.Identity.Split(' ')[0].ShouldBe(before.Split(' ')[0]);
    }

    [Fact]
    public async Task A_card_that_was_cut_off_has_no_partitions_left_that_the_kernel_knows()
    {
        await Tool.RunAsync("/bin/sh", "-c", $"losetup -d {_disk}; printf 'label: dos\n2048,8192,83\n' | sfdisk -q {_folder["disk"]}; losetup -P {_disk} {_folder["disk"]}; partx -u {_disk}");
        File.Exists(_disk + "p1").ShouldBeTrue();
        using var stop = new CancellationTokenSource();
        using (var disk = LinuxDisk.Open(_disk))
        {
            await using var image = ImageSource.Open(_image);
            await Should.ThrowAsync<OperationCanceledException>(async () =>
                await new CardWriter(disk, moment => stop.Cancel()).WriteAsync(image, await TestImage.Sha256Async(_image), CardArchive.Write(Identities.Lamp), stop.Token));
        }

        Directory.EnumerateDirectories($"/sys/block/{_disk["/dev/".Length..]}", "loop*p*").ShouldBeEmpty();
    }

    [Fact]
    public async Task An_image_that_was_cut_off_inside_a_partition_is_told_before_the_card_is_touched()
    {
        var before = await TestImage.Sha256Async(_disk);
        await Tool.RunAsync("truncate", "-s", "30M", _image);
        using (var disk = LinuxDisk.Open(_disk))
        {
            (await Should.ThrowAsync<InputInvalidException>(() => WriteAsync(disk))).Why.ShouldBe("partition 2 ends at 50.33 MB, the image at 31.46 MB: it was cut off");
        }

        (await TestImage.Sha256Async(_disk)).ShouldBe(before);
    }

    private async Task<WrittenCard> WriteAsync(LinuxDisk disk)
    {
        await using var image = ImageSource.Open(_image);
        return await new CardWriter(disk, _ => { }).WriteAsync(image, await TestImage.Sha256Async(_image), CardArchive.Write(Identities.Lamp), CancellationToken.None);
    }
}
