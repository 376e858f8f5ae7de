using System.Globalization;

namespace Provisioner.VirtualPi.Machine;

/// <summary>What a machine's QEMU is started with.</summary>
internal sealed record QemuPlan
{
    public required MachineFolder Folder { get; init; }

    public required string Name { get; init; }

    public required PiAcceleration Acceleration { get; init; }

    public required string Kernel { get; init; }

    public required string InitialRamDisk { get; init; }

    /// <summary>The board's serial number: 16 hex digits.</summary>
    public required string BoardSerial { get; init; }

    public required int WifiPort { get; init; }

    public required int ServicePort { get; init; }

    public int MemoryMiB { get; init; } = 2048;

    /// <summary>Whether this host allows it. QEMU's SD card moves 512 bytes at a time, and is four times as fast so.</summary>
    public bool IoUring { get; init; }

    /// <summary>Files with the SMBIOS strings that give the booted system the drivers of the simulated hardware.</summary>
    public IReadOnlyList<string> Hardware { get; init; } = [];

    /// <summary>Wait for a frozen machine's memory instead of switching on.</summary>
    public bool Incoming { get; init; }
}

/// <summary>The arguments for QEMU. No secret is among them: the router's settings are read from files.</summary>
internal static class QemuCommandLine
{
    public const string Program = "qemu-system-x86_64";
    public const int CardControllerSlot = 0x10;
    public const string UsbBus = "xhci.0";

    /// <summary>The board's BOOT_ORDER: the card, then USB, then again; what boards have had since 2020.</summary>
    public const string BootOrder = "0xf41";

    /// <summary>
    /// What the card's extlinux.conf says to its kernel. It checks no timers: on a host that is busy they fail, and it would panic.
    /// norandmaps, because QEMU translates code anew at every new address: without it each process takes twice as long to start.
    /// One that panics all the same starts again, as a machine should that nobody stands beside.
    /// </summary>
    public const string CardWords =
        "console=ttyS0 root=/dev/mmcblk0p2 rootfstype=ext4 ro quiet loglevel=4 mitigations=off norandmaps panic=5 lsm=yama no_timer_check net.ifnames=0 systemd.show_status=0 systemd.ssh_auto=no audit=0";

    // The firmware is the card's kernel too, so a card that holds it goes on with these words; see Guest/Firmware/init.
    private const string FirmwareWords = $"{CardWords} bootloader.boot-mode=1 virtual-pi.firmware virtual-pi.boot-order={BootOrder}";

    public static IReadOnlyList<string> Of(QemuPlan plan)
    {
        var folder = plan.Folder;
        List<string> arguments =
        [
            "-name", $"virtual-pi-{plan.Name}",
            "-machine", "q35",
            .. Processor(plan.Acceleration),
            "-m", plan.MemoryMiB.ToString(CultureInfo.InvariantCulture),
            "-nodefaults", "-no-user-config", "-display", "none",
            // Paused until the disks are plugged; and detached, so that it outlives whoever starts it.
            "-S", "-daemonize", "-pidfile", folder.PidFile,
            "-chardev", $"socket,id=qmp,path={Value(folder.QmpSocket)},server=on,wait=off", "-mon", "chardev=qmp,mode=control",
            "-chardev", $"socket,id=console,path={Value(folder.ConsoleSocket)},server=on,wait=off,logfile={Value(folder.SerialLog)},logappend=on",
            "-serial", "chardev:console",
            "-rtc", "base=utc",
            "-object", "rng-random,id=random,filename=/dev/urandom", "-device", "virtio-rng-pci,rng=random",
            "-smbios", $"type=1,manufacturer=Raspberry Pi Foundation,product=Raspberry Pi 4 Model B Rev 1.5,family=BCM2711,serial={plan.BoardSerial}",
            // Unsafe only when this host crashes: a power cut ends QEMU in order, and the guest has no way to flush an SD card anyway.
            "-drive", $"if=none,id=card,format=qcow2,file={Value(folder.Card)},discard=unmap,cache=unsafe,aio={(plan.IoUring ? "io_uring" : "threads")}",
            "-device", $"sdhci-pci,addr=0x{CardControllerSlot:x}", "-device", "sd-card,drive=card",
            .. Network("service", "10.0.2.0/24", "10.0.2.15", plan.ServicePort, "52:54:00:bb:00:01"),
            .. Network("house", "10.0.3.0/24", "10.0.3.15", plan.WifiPort, "52:54:00:aa:00:01"),
            "-device", "qemu-xhci,id=xhci",
            "-fw_cfg", $"name=opt/virtual-pi/boot-order,string={BootOrder}",
            .. Firmware("ssid", folder.SsidFile),
            .. Firmware("password", folder.PasswordFile),
            .. Firmware("radio", folder.RadioFile),
            "-kernel", plan.Kernel, "-initrd", plan.InitialRamDisk, "-append", FirmwareWords,
        ];
        if (plan.Hardware.Count > 0)
        {
            arguments.AddRange(["-smbios", $"type=11,{string.Join(',', plan.Hardware.Select(file => $"path={Value(file)}"))}"]);
        }

        if (plan.Incoming)
        {
            arguments.AddRange(["-incoming", "defer"]);
        }

        return arguments;
    }

    /// <summary>The processor that a frozen machine depends on, too.</summary>
    public static IReadOnlyList<string> Processor(PiAcceleration acceleration) => acceleration switch
    {
        PiAcceleration.Kvm => ["-accel", "kvm", "-cpu", "host", "-smp", "2"],
        // What costs an emulated processor time for nothing: a fifth level of page tables, protection keys, copying byte by byte
        // (erms), and wide registers, for which ZFS measures more of its algorithms whenever it is loaded.
        _ => ["-accel", "tcg,thread=multi", "-cpu", "max,la57=off,pku=off,mpx=off,erms=off,avx=off,avx2=off,f16c=off", "-smp", "2"],
    };

    /// <summary>A value inside an option list: QEMU ends it at a comma, unless there are two.</summary>
    public static string Value(string text) => text.Replace(",", ",,", StringComparison.Ordinal);

    private static string[] Network(string id, string network, string guest, int port, string address) =>
    [
        "-netdev",
        string.Create(
            CultureInfo.InvariantCulture,
            $"user,id={id},restrict=on,ipv6=off,net={network},dhcpstart={guest},hostfwd=tcp:127.0.0.1:{port}-{guest}:22"),
        "-device", $"virtio-net-pci,netdev={id},mac={address}",
    ];

    private static string[] Firmware(string name, string file) => ["-fw_cfg", $"name=opt/virtual-pi/{name},file={Value(file)}"];
}
