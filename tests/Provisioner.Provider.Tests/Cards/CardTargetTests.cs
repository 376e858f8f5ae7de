using Grpc.Core;
using Provisioner.Provider.Cards.Writing;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Resources;
using Provisioner.Provider.Resources.SdCard;
using Provisioner.Provider.Tests.Hosting;
using Provisioner.Provider.Tests.Remote;
using Provisioner.Provider.Tests.Resources.Disks;
using Pulumi.Wire;
using Pulumi.Wire.Rpc;

namespace Provisioner.Provider.Tests.Cards;

/// <summary>What is a disk the kernel says, whatever it is called. Real loop devices, links, mounts and nodes. Needs root.</summary>
[Collection(LoopDevices.Collection)]
public sealed class CardTargetTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private string _disk = "";
    private string _name = "";

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "loop devices are root's");
        await Tool.RunAsync("truncate", "-s", "80M", _folder["disk"]);
        await Tool.RunAsync("mkfs.ext4", "-q", "-L", "photos", _folder["disk"]);
        _disk = (await Tool.RunAsync("losetup", "-fP", "--show", _folder["disk"])).Trim();
        _name = _disk["/dev/".Length..];
    }

    public async ValueTask DisposeAsync()
    {
        if (_disk.Length > 0)
        {
            await Tool.RunAsync("/bin/sh", "-c", $"umount {_folder["bound"]} {_folder["devices"]} 2>/dev/null; losetup -d {_disk}");
        }

        _folder.Dispose();
    }

    public static TheoryData<string> Names => ["plain", "doubled slash", "dots", "link", "link to a link", "own node", "bind mount", "folder of devices", "dots in a linked folder"];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_disk_is_a_disk_by_whatever_name_and_nothing_of_it_is_written_without_a_word(string kind)
    {
        var target = await NameAsync(kind);

        CardTarget.Of(target).ShouldSatisfyAllConditions(found => found.IsDisk.ShouldBeTrue(), found => found.Path.ShouldBe(_disk), found => found.KernelName.ShouldBe(_name), found => found.Problem.ShouldBeNull());

        await using var plugin = await Plugin.StartAsync(PropertyMap.Empty, [.. AllResources.Create()]);
        var image = await TestImage.MakeAsync(_folder);
        var inputs = SdCardWorld.Inputs(image, await TestImage.Sha256Async(image), target);
        (await Should.ThrowAsync<RpcException>(() => SdCardWorld.CreateAsync(plugin.Client, inputs))).Status.Detail.ShouldContain(_disk);
        (await Tool.RunAsync("blkid", "-p", _disk)).ShouldContain("LABEL=\"photos\"");
    }

    [Theory]
    [InlineData("fifo", "neither a file nor a disk")]
    [InlineData("character device", "neither a file nor a disk")]
    [InlineData("folder", "is a folder")]
    [InlineData("partition", "give the whole disk, /dev/loop")]
    [InlineData("link to nothing and back", "leads to itself")]
    [InlineData("command", "the kernel's own")]
    [InlineData("dots through nothing", "not there")]
    public async Task What_is_neither_a_disk_nor_a_file_is_refused_with_the_reason(string kind, string reason)
    {
        var target = kind switch
        {
            "fifo" => (await Tool.RunAsync("mkfifo", _folder["fifo"]), _folder["fifo"]).Item2,
            "character device" => "/dev/null",
            "folder" => _folder.Path,
            "partition" => await PartitionAsync(),
            "link to nothing and back" => (File.CreateSymbolicLink(_folder["loop"], _folder["loop"]), _folder["loop"]).Item2,
            "command" => "/proc/sysrq-trigger",
            _ => $"{_folder["none"]}/..{_disk}",
        };
        await using var plugin = await Plugin.StartAsync(PropertyMap.Empty, [.. AllResources.Create()]);

        var response = await plugin.Client.CheckAsync(new CheckRequest { Urn = SdCardWorld.Urn, News = PropertyCodec.Encode(SdCardWorld.Inputs("/images/x.img", new string('a', 64), target)) });

        var failure = response.Failures.ShouldHaveSingleItem();
        failure.Property.ShouldBe("target");
        failure.Reason.ShouldContain(reason);
    }

    [Fact]
    public void A_file_in_the_devices_folder_is_a_file()
    {
        var path = $"/dev/shm/{Guid.NewGuid():n}.img";
        File.WriteAllText(path, "x");
        try
        {
            CardTarget.Of(path).ShouldSatisfyAllConditions(found => found.IsDisk.ShouldBeFalse(), found => found.Problem.ShouldBeNull());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_disk_that_is_not_there_is_one_that_is_away()
    {
        CardTarget.Of("/dev/disk/by-id/usb-nobody-has-this").ShouldSatisfyAllConditions(found => found.IsDisk.ShouldBeTrue(), found => found.Node.ShouldBeNull(), found => found.Problem.ShouldBeNull());
        File.CreateSymbolicLink(_folder["card"], "/dev/disk/by-id/usb-nobody-has-this");
        CardTarget.Of(_folder["card"]).IsDisk.ShouldBeTrue();
        CardTarget.Of(_folder["new/card.img"]).ShouldSatisfyAllConditions(found => found.IsDisk.ShouldBeFalse(), found => found.Node.ShouldBeNull(), found => found.Path.ShouldBe(_folder["new/card.img"]));
    }

    [Fact]
    public async Task The_image_itself_is_no_target_under_another_name_either()
    {
        var image = await TestImage.MakeAsync(_folder);
        await Tool.RunAsync("ln", image, _folder["other.img"]);
        await using var plugin = await Plugin.StartAsync(PropertyMap.Empty, [.. AllResources.Create()]);

        var response = await plugin.Client.CheckAsync(new CheckRequest { Urn = SdCardWorld.Urn, News = PropertyCodec.Encode(SdCardWorld.Inputs(image, new string('a', 64), _folder["other.img"])) });

        response.Failures.ShouldHaveSingleItem().Reason.ShouldContain("the image itself");
    }

    [Fact]
    public async Task A_file_that_becomes_a_disk_between_two_looks_is_not_opened()
    {
        await Tool.RunAsync("cp", "-a", _disk, _folder["card.img"]);

        Should.Throw<CardAccessException>(() => FileMedium.Open(_folder["card.img"])).Message.ShouldContain("no regular file");
        File.CreateSymbolicLink(_folder["link.img"], _disk);
        Should.Throw<CardAccessException>(() => FileMedium.Open(_folder["link.img"])).Message.ShouldContain("no regular file");
        (await Tool.RunAsync("blkid", "-p", _disk)).ShouldContain("LABEL=\"photos\"");
    }

    [Theory]
    [InlineData("")]
    [InlineData("-r")]
    public async Task A_file_that_is_the_disk_of_a_loop_device_is_not_written(string readOnly)
    {
        var image = await TestImage.MakeAsync(_folder);
        var sha256 = await TestImage.Sha256Async(image);
        var inputs = SdCardWorld.Inputs(image, sha256, _folder["lamp.img"]);
        await using var plugin = await Plugin.StartAsync(PropertyMap.Empty, [.. AllResources.Create()]);
        var state = await SdCardWorld.CreateAsync(plugin.Client, inputs);
        await Tool.RunAsync("ln", _folder["lamp.img"], _folder["another-name"]);
        var loop = (await Tool.RunAsync("/bin/sh", "-c", $"losetup {readOnly} -f --show {_folder["another-name"]}")).Trim();
        try
        {
            var failure = await Should.ThrowAsync<RpcException>(() => SdCardWorld.UpdateAsync(plugin.Client, state, inputs, SdCardWorld.Inputs(image, sha256, _folder["lamp.img"], "bulb")));
            failure.Status.Detail.ShouldContain(loop);
        }
        finally
        {
            await Tool.RunAsync("losetup", "-d", loop);
        }
    }

    [Fact]
    public async Task A_file_that_another_process_writes_is_not_written()
    {
        await File.WriteAllTextAsync(_folder["lamp.img"], "x");
        using var process = new Holder($"exec 7>>{_folder["lamp.img"]}; echo open; read -r _");
        await process.ReadyAsync();

        Should.Throw<CardAccessException>(() => FileMedium.Open(_folder["lamp.img"])).Message.ShouldContain("in use");
    }

    private async Task<string> NameAsync(string kind)
    {
        switch (kind)
        {
            case "doubled slash":
                return "/" + _disk;
            case "dots":
                return $"{_folder.Path}{string.Concat(_folder.Path.Where(letter => letter == '/').Select(_ => "/.."))}{_disk}";
            case "link":
                File.CreateSymbolicLink(_folder["link.img"], _disk);
                return _folder["link.img"];
            case "link to a link":
                File.CreateSymbolicLink(_folder["first"], _disk);
                File.CreateSymbolicLink(_folder["link.img"], "first");
                return _folder["link.img"];
            case "own node":
                await Tool.RunAsync("cp", "-a", _disk, _folder["lamp.img"]);
                return _folder["lamp.img"];
            case "bind mount":
                await Tool.RunAsync("/bin/sh", "-c", $"touch {_folder["bound"]} && mount --bind {_disk} {_folder["bound"]}");
                return _folder["bound"];
            case "folder of devices":
                await Tool.RunAsync("/bin/sh", "-c", $"mkdir {_folder["devices"]} && mount --bind /dev {_folder["devices"]}");
                return $"{_folder["devices"]}/{_name}";
            case "dots in a linked folder":
                File.CreateSymbolicLink(_folder["dev"], "/dev");
                return $"{_folder["dev"]}/./{_name}";
            default:
                return _disk;
        }
    }

    private async Task<string> PartitionAsync()
    {
        await Tool.RunAsync("/bin/sh", "-c", $"sgdisk --zap-all {_disk} >/dev/null; sgdisk --new=1:1M:+10M {_disk} >/dev/null; partx -u {_disk}");
        File.CreateSymbolicLink(_folder["part"], _disk + "p1");
        return _folder["part"];
    }
}
