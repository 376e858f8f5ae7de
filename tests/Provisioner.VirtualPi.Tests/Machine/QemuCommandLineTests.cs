using Provisioner.VirtualPi.Machine;
using Provisioner.VirtualPi.Tests.Support;

namespace Provisioner.VirtualPi.Tests.Machine;

public sealed class QemuCommandLineTests
{
    [Fact]
    public void Every_forwarded_port_is_on_the_loopback_alone()
    {
        var networks = Arguments(Plan()).Where(argument => argument.StartsWith("user,", StringComparison.Ordinal)).ToArray();

        networks.Length.ShouldBe(2);
        networks.ShouldAllBe(network => network.Contains("hostfwd=tcp:127.0.0.1:", StringComparison.Ordinal));
        networks.ShouldAllBe(network => network.Contains("restrict=on", StringComparison.Ordinal));
    }

    [Fact]
    public void The_WiFi_port_leads_to_the_address_behind_the_house_router()
    {
        Arguments(Plan()).ShouldContain(argument => argument.Contains("hostfwd=tcp:127.0.0.1:4001-10.0.3.15:22", StringComparison.Ordinal));
        Arguments(Plan()).ShouldContain(argument => argument.Contains("hostfwd=tcp:127.0.0.1:4002-10.0.2.15:22", StringComparison.Ordinal));
    }

    [Fact]
    public void The_router_settings_are_named_by_file_and_not_given()
    {
        var firmware = Arguments(Plan()).Where(argument => argument.StartsWith("name=opt/virtual-pi/", StringComparison.Ordinal)).ToArray();

        firmware.ShouldBe(
        [
            "name=opt/virtual-pi/boot-order,string=0xf41",
            "name=opt/virtual-pi/ssid,file=/m/pi/ssid",
            "name=opt/virtual-pi/password,file=/m/pi/password",
            "name=opt/virtual-pi/radio,file=/m/pi/radio",
        ]);
    }

    [Theory]
    [InlineData(PiAcceleration.Tcg, "tcg,thread=multi")]
    [InlineData(PiAcceleration.Kvm, "kvm")]
    public void The_acceleration_is_the_one_chosen(PiAcceleration acceleration, string expected) =>
        After("-accel", Plan() with { Acceleration = acceleration }).ShouldBe(expected);

    [Fact]
    public void A_comma_in_a_path_does_not_end_the_option() =>
        Arguments(Plan() with { Folder = new MachineFolder("/a,b") }).ShouldContain(argument => argument.Contains("file=/a,,b/card.qcow2,", StringComparison.Ordinal));

    [Fact]
    public void A_copy_of_a_frozen_machine_waits_for_its_memory_and_is_the_same_machine_otherwise()
    {
        var copy = Arguments(Plan() with { Incoming = true });

        copy.Except(Arguments(Plan())).ShouldBe(["-incoming", "defer"]);
    }

    [Fact]
    public void The_board_says_that_it_is_a_Pi_and_which()
    {
        var board = After("-smbios", Plan());

        board.ShouldContain("product=Raspberry Pi 4 Model B Rev 1.5");
        board.ShouldContain("serial=10000000abcdef01");
    }

    [Fact]
    public void What_the_simulated_hardware_brings_is_handed_over_as_SMBIOS_strings() =>
        Arguments(Plan() with { Hardware = ["/c/a,b", "/c/c"] }).ShouldContain("type=11,path=/c/a,,b,path=/c/c");

    [Fact]
    public async Task QEMU_itself_accepts_the_arguments()
    {
        using var folder = new TemporaryFolder();
        var machine = new MachineFolder(folder.Path);
        foreach (var file in (string[])[machine.SsidFile, machine.PasswordFile, machine.RadioFile, folder.File("initrd")])
        {
            await File.WriteAllTextAsync(file, "x");
        }

        await File.WriteAllBytesAsync(folder.File("kernel"), KernelHeader());
        HardwareDrivers.Write(folder.File("hardware"));

        await Tool.OutputAsync("qemu-img", "create", "-q", "-f", "qcow2", machine.Card, "64M");
        var qemu = new QemuProcess(machine, TimeProvider.System);
        var (wifi, service) = LoopbackPorts.Choose("test", new HashSet<int>());
        var plan = Plan() with
        {
            Folder = machine, Kernel = folder.File("kernel"), InitialRamDisk = folder.File("initrd"), WifiPort = wifi, ServicePort = service, MemoryMiB = 64, Incoming = true,
            Hardware = HardwareDrivers.Files(folder.File("hardware")),
        };

        await qemu.StartAsync(QemuCommandLine.Of(plan), TestContext.Current.CancellationToken);
        try
        {
            qemu.Id.ShouldNotBeNull();
            var status = await qemu.AskAsync("query-status", null, TestContext.Current.CancellationToken);
            status["status"]!.GetValue<string>().ShouldBe("inmigrate");
        }
        finally
        {
            await qemu.EndAsync(CancellationToken.None);
        }

        qemu.Id.ShouldBeNull();
    }

    /// <summary>As much of a Linux image as QEMU looks at before it starts one (Documentation/arch/x86/boot.rst).</summary>
    private static byte[] KernelHeader()
    {
        var image = new byte[32 * 1024];
        image[0x1f1] = 1;
        "HdrS"u8.CopyTo(image.AsSpan(0x202));
        BitConverter.TryWriteBytes(image.AsSpan(0x206), (ushort)0x020c);
        image[0x211] = 1;
        BitConverter.TryWriteBytes(image.AsSpan(0x22c), 0x7fffffff);
        return image;
    }

    private static IReadOnlyList<string> Arguments(QemuPlan plan) => QemuCommandLine.Of(plan);

    private static string After(string option, QemuPlan plan) => Arguments(plan).SkipWhile(argument => argument != option).ElementAt(1);

    private static QemuPlan Plan() => new()
    {
        Folder = new MachineFolder("/m/pi"),
        Name = "pi",
        Acceleration = PiAcceleration.Tcg,
        Kernel = "/c/vmlinuz",
        InitialRamDisk = "/c/initrd",
        BoardSerial = "10000000abcdef01",
        WifiPort = 4001,
        ServicePort = 4002,
    };
}
