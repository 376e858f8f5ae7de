namespace Provisioner.VirtualPi.Tests;

public sealed class PiValuesTests
{
    [Fact]
    public void The_default_disk_has_the_name_that_udev_gives_it() =>
        PiDisk.Default.ById.ShouldBe("usb-Samsung_Portable_SSD_T5_S49TNP0KA12345-0:0");

    [Theory]
    [InlineData("")]
    [InlineData("../etc")]
    [InlineData("S49,file=/etc/passwd")]
    [InlineData("123456789012345678901")]
    public void A_serial_that_is_none_is_refused(string serial) => Should.Throw<PiException>(() => new PiDisk(serial).Check());

    [Theory]
    [InlineData("")]
    [InlineData("Pi")]
    [InlineData("1pi")]
    [InlineData("../pi")]
    [InlineData("a234567890123456789012345678901234")]
    public void A_machine_name_that_is_none_is_refused(string name)
    {
        var machines = new PiMachines(new PiHome("/nowhere", TimeProvider.System));

        Should.Throw<PiException>(() => machines.Get(name)).Message.ShouldContain($"'{name}'");
    }

    [Fact]
    public void A_machine_that_is_not_there_is_absent_and_no_error()
    {
        using var folder = new Support.TemporaryFolder();
        var machines = new PiMachines(new PiHome(folder.Path, TimeProvider.System));

        machines.Get().Status().Power.ShouldBe(PiPower.Absent);
        machines.List().ShouldBeEmpty();
        Directory.GetFileSystemEntries(folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public void A_cache_whose_path_is_too_long_for_a_socket_is_refused_with_the_way_out()
    {
        using var folder = new Support.TemporaryFolder();
        var home = Path.Combine(folder.Path, new string('x', 90));
        var machine = new VirtualPi.Machine.MachineFolder(Path.Combine(home, "machines", "pi"));

        Should.Throw<PiException>(machine.Make).Message.ShouldContain("PROVISIONER_CACHE");
    }
}
