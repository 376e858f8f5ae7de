using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Resources.FirstBoot;

/// <summary>
/// What makes U-Boot try USB before the card, once. BOOT_ORDER says where the firmware takes U-Boot from; that U-Boot then has
/// an order of its own, <c>boot_targets=mmc usb …</c>, and starts the card's system although it came from the SSD. But wherever
/// it came from, U-Boot for the Raspberry Pi takes its variables from the file <c>uboot.env</c> on the card's first partition
/// (ENV_IS_IN_FAT, <c>mmc 0:1</c>), and does what <c>bootcmd</c> in them says: ours removes the file, and goes on with U-Boot's
/// built-in variables in the other order.
/// </summary>
/// <remarks>
/// The other ways were: U-Boot with another order, which every Pi would have to compile; starting the SSD's kernel without
/// U-Boot (the <c>kernel</c> boot loader of nixos-raspberrypi), which would leave out everybody whose flake has the default; and
/// taking the card's extlinux.conf away beforehand, after which nothing starts the card any more when the SSD fails.
/// Works with bootflow scan (U-Boot 2023.07 and newer) and with distro_bootcmd before; the tests run both, Debian's builds for
/// the Pi 3. What the board's code has set at this start is kept: where the firmware put its device tree.
/// </remarks>
internal static class UbootEnvironment
{
    public const string File = "uboot.env";

    /// <summary>CONFIG_ENV_SIZE of all Raspberry Pis: a checksum over the rest, then <c>NAME=VALUE</c>, each ended by a zero byte, and zeros.</summary>
    private const int Length = 0x4000;

    // Only when the file is gone does the order change: a card that cannot be written would otherwise start the SSD for ever, also
    // one that does not work. Both orders name devices as either kind of U-Boot does; what one does not know it passes over.
    private const string Command =
        "at=${fdt_addr}; own=${fdtcontroladdr}; tree=${fdtfile}; "
        + "if fatrm mmc 0:1 " + File + "; then env default -f -a; setenv boot_targets usb usb0 mmc mmc0 mmc1; else env default -f -a; fi; "
        + "setenv fdt_addr ${at}; setenv fdtcontroladdr ${own}; setenv fdtfile ${tree}; "
        + "run preboot; run bootcmd";

    /// <summary>The file's bytes.</summary>
    public static ReadOnlyMemory<byte> UsbOnce { get; } = Of($"bootcmd={Command}");

    /// <summary>The same for a script's stdin.</summary>
    public static Payload ToPayload() => Payload.Of(UsbOnce.ToArray());

    private static byte[] Of(string variable)
    {
        var file = new byte[Length];
        Encoding.ASCII.GetBytes(variable, file.AsSpan(sizeof(uint)));
        BinaryPrimitives.WriteUInt32LittleEndian(file, Crc32.HashToUInt32(file.AsSpan(sizeof(uint))));
        return file;
    }
}
