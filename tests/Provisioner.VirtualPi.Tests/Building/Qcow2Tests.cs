using Provisioner.VirtualPi.Building;
using Provisioner.VirtualPi.Tests.Support;

namespace Provisioner.VirtualPi.Tests.Building;

public sealed class Qcow2Tests
{
    [Fact]
    public async Task Every_image_below_an_overlay_is_found()
    {
        using var folder = new TemporaryFolder();
        await Tool.OutputAsync("qemu-img", "create", "-q", "-f", "qcow2", folder.File("card"), "1M");
        await Tool.OutputAsync("qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", folder.File("card"), folder.File("frozen"));
        await Tool.OutputAsync("qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", folder.File("frozen"), folder.File("clone"));

        Qcow2.Below(folder.File("clone")).ShouldBe([folder.File("frozen"), folder.File("card")]);
    }

    [Fact]
    public async Task What_is_no_image_lies_over_nothing()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("text"), "no image, but longer than the header of one");

        Qcow2.Below(folder.File("text")).ShouldBeEmpty();
        Qcow2.Below(folder.File("absent")).ShouldBeEmpty();
    }
}
