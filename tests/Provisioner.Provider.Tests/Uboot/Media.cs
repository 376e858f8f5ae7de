using System.Globalization;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.FirstBoot;
using Provisioner.Provider.Tests.Remote;
using Provisioner.Provider.Tests.Resources;

namespace Provisioner.Provider.Tests.Uboot;

/// <summary>
/// A card laid out as nixpkgs' sd-image module does (the firmware's FAT partition, and a root that is marked bootable, with
/// /boot/extlinux in it), and an SSD laid out as the Disk resource does (an ESP with extlinux on it, and a partition for the
/// pool). Their files lie in folders first, so that the product's own scripts can be let loose on them.
/// </summary>
internal sealed class Media : IDisposable
{
    private const int Mebibyte = 1 << 20;
    private const int FirmwareAt = 8;
    private const int RootAt = 72;

    private readonly TemporaryRoot _root = new();

    public Media()
    {
        foreach (var file in new[] { "start4.elf", "fixup4.dat", "config.txt", "u-boot-rpi-arm64.bin" })
        {
            _root.Write($"/firmware/{file}", $"stands for {file}");
        }

        Extlinux("/root/boot", "card");
        Extlinux("/esp", "ssd");
    }

    public string Card => _root.At("/card.img");

    public string Disk => _root.At("/disk.img");

    public FirstBootCard AsFound => new()
    {
        Path = _root.At("/none"),
        Id = "0x2178694e",
        EnvironmentPartition = _root.At("/firmware"),
        FileSystems = [_root.At("/firmware"), _root.At("/root")],
    };

    /// <summary>Runs one of the product's scripts; mounting a partition is to have its folder.</summary>
    public async Task RunAsync(Shell script, byte[]? stdin = null)
    {
        _root.MountsFolders();
        var result = await Sh.RunSourceAsync(
            script.Source.Replace("/var/lib/provisioner", _root.At("/var/lib/provisioner"), StringComparison.Ordinal), stdin, $"{_root.At("/bin")}:/usr/sbin:/usr/bin:/sbin:/bin");
        result.ExitCode.ShouldBe(0, result.StandardError);
    }

    /// <summary>Makes the images of what is in the folders.</summary>
    public async Task WriteAsync()
    {
        Empty(Card, 256);
        await Tool.RunAsync("sh", "-c", $"printf 'label: dos\\nlabel-id: 0x2178694e\\nstart={FirmwareAt}MiB, size={RootAt - FirmwareAt}MiB, type=b\\nstart={RootAt}MiB, type=83, bootable\\n' | sfdisk -q '{Card}'");
        await FatAsync(Card, FirmwareAt, RootAt - FirmwareAt, "/firmware");
        await Tool.RunAsync("mke2fs", "-q", "-t", "ext4", "-L", "NIXOS_SD", "-d", _root.At("/root"), "-E", string.Create(CultureInfo.InvariantCulture, $"offset={RootAt * Mebibyte}"), Card, $"{256 - RootAt - 1}m");

        Empty(Disk, 1024);
        await Tool.RunAsync("sgdisk", "--clear", "--new=1:2048:+512M", "--typecode=1:EF00", "--change-name=1:esp-1234567A666E", "--new=2:0:0", "--typecode=2:BF01", "--change-name=2:pool", Disk);
        await FatAsync(Disk, 1, 512, "/esp");
    }

    /// <summary>Whether the card's first partition has U-Boot's variables now.</summary>
    public async Task<bool> HasEnvironmentAsync() => (await Tool.RunAsync("mdir", "-b", "-i", $"{Card}@@{FirmwareAt}M", "::")).Contains(UbootEnvironment.File, StringComparison.OrdinalIgnoreCase);

    public void Dispose() => _root.Dispose();

    private void Extlinux(string folder, string name)
    {
        _root.Write(
            $"{folder}/extlinux/extlinux.conf",
            $"DEFAULT nixos-default\nMENU TITLE ---\nTIMEOUT 1\n\nLABEL nixos-default\n  MENU LABEL NixOS - Default\n  LINUX ../nixos/{name}-kernel\n  APPEND init=/nix/store/{name}/init\n");
        _root.Write($"{folder}/nixos/{name}-kernel", new byte[4096]);
    }

    private static void Empty(string image, int mebibytes)
    {
        using var file = File.Create(image);
        file.SetLength((long)mebibytes * Mebibyte);
    }

    private async Task FatAsync(string image, int at, int mebibytes, string folder)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"{image}@@{at}M");
        await Tool.RunAsync("mformat", "-i", place, "-T", string.Create(CultureInfo.InvariantCulture, $"{mebibytes * 2048}"), "-F", "::");
        await Tool.RunAsync("mcopy", ["-s", "-i", place, .. Directory.EnumerateFileSystemEntries(_root.At(folder)), "::"]);
    }
}
