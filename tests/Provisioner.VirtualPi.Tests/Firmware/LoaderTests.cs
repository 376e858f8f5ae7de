using Provisioner.VirtualPi.Building;
using Provisioner.VirtualPi.Tests.Support;

namespace Provisioner.VirtualPi.Tests.Firmware;

/// <summary>What the firmware thinks, under a real sh: the very text that runs in the machine.</summary>
public sealed class LoaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _loader;

    public LoaderTests() => _loader = Embedded.Unpack("Guest/Firmware/loader", _folder.File("loader"));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("0xf41", "1 4 f")]
    [InlineData("0xf14", "4 1 f")]
    [InlineData("0XF461", "1 6 4 f")]
    [InlineData("4", "4")]
    public async Task The_least_significant_digit_of_a_boot_order_is_tried_first(string order, string media) =>
        (await RunAsync("media", order)).ShouldBe($"{media}\n");

    [Theory]
    [InlineData("50 00 00 0f 14", "0xf14\n")]
    [InlineData("50 00 00 00 04", "0x4\n")]
    [InlineData("00 00 00 0f 14", "")]
    [InlineData("50 00", "")]
    [InlineData("", "")]
    public async Task An_order_for_once_counts_when_it_carries_its_mark(string cells, string order) =>
        (await RunAsync("one_shot", cells)).ShouldBe(order);

    [Fact]
    public async Task The_default_label_comes_first_and_the_others_follow_as_U_Boot_tries_them() =>
        (await LabelsAsync("""
            # Generated file, all changes will be lost on nixos-rebuild!
            DEFAULT nixos-default

            MENU TITLE ------
            TIMEOUT 50

            LABEL nixos-2-default
              MENU LABEL NixOS - Configuration 2-default
              LINUX ../nixos/b-kernel
              INITRD ../nixos/b-initrd
              APPEND init=/nix/store/b/init root=ZFS=zroot/root  loglevel=4

            LABEL nixos-default
              kernel /nixos/c-kernel
              append quiet
            """)).ShouldBe(
        [
            "nixos-default|/nixos/c-kernel||quiet",
            "nixos-2-default|../nixos/b-kernel|../nixos/b-initrd|init=/nix/store/b/init root=ZFS=zroot/root  loglevel=4",
        ]);

    [Theory]
    [InlineData("")]
    [InlineData("DEFAULT a\nLABEL a\n  APPEND quiet\n")]
    [InlineData("LINUX ../nixos/kernel\n")]
    [InlineData("\0\0\0\0")]
    public async Task A_file_without_a_label_that_has_a_kernel_offers_nothing(string file) => (await LabelsAsync(file)).ShouldBeEmpty();

    [Fact]
    public async Task Line_ends_of_another_system_are_no_part_of_a_name() =>
        (await LabelsAsync("DEFAULT a\r\nLABEL a\r\n  LINUX ../k\r\n  INITRD ../i\r\n")).ShouldBe(["a|../k|../i|"]);

    [Theory]
    [InlineData("../nixos/kernel", "/media/boot/extlinux/../nixos/kernel\n")]
    [InlineData("/nixos/kernel", "/media/nixos/kernel\n")]
    public async Task A_path_begins_at_its_file_or_at_the_partition(string path, string expected) =>
        (await RunAsync("beside", "/media", "/media/boot/extlinux", path)).ShouldBe(expected);

    [Theory]
    [InlineData("tryboot.txt", "cmdline=words.txt\n", "words.txt")]
    [InlineData("config.txt", "", "cmdline.txt")]
    public async Task The_firmware_s_files_name_kernel_initrd_and_a_file_of_words(string file, string line, string words)
    {
        await File.WriteAllTextAsync(_folder.File(file), $"arm_64bit=1\n[all]\nkernel=nixos/b-kernel\ninitramfs nixos/b-initrd followkernel\n{line}kernel_watchdog_timeout=120\n");
        await File.WriteAllTextAsync(_folder.File(words), "init=/nix/store/b/init root=ZFS=zroot/root quiet\n");

        (await RunAsync("named_by", _folder.Path, file)).Replace('\u0001', '|').ShouldBe($"{file}|/nixos/b-kernel|/nixos/b-initrd|init=/nix/store/b/init root=ZFS=zroot/root quiet\n");
        (await RunAsync("kernel_of", _folder.File(file))).ShouldBe("nixos/b-kernel\n");
    }

    [Fact]
    public async Task A_file_of_the_firmware_s_without_a_kernel_offers_nothing()
    {
        await File.WriteAllTextAsync(_folder.File("tryboot.txt"), "arm_64bit=1\n");

        (await RunAsync("named_by", _folder.Path, "tryboot.txt")).ShouldBe("");
    }

    [Theory]
    [InlineData("sfdisk", "label: dos\nsize=8MiB, type=b\nsize=8MiB, type=83, bootable\n", "2")]
    [InlineData("sfdisk", "label: dos\nsize=8MiB, type=b, bootable\nsize=8MiB, type=83, bootable\n", "1 2")]
    [InlineData("sfdisk", "label: dos\nsize=8MiB, type=b\nsize=8MiB, type=83\n", "1")]
    [InlineData("sfdisk", "label: gpt\nsize=8MiB, type=L\nsize=8MiB, type=U\n", "2")]
    [InlineData("sfdisk", "label: gpt\nsize=8MiB, type=L\nsize=8MiB, type=L\nsize=8MiB, type=L, attrs=LegacyBIOSBootable\n", "3")]
    [InlineData("sfdisk", "label: gpt\nsize=8MiB, type=L\nsize=8MiB, type=L\n", "1")]
    [InlineData("true", "", "1")]
    public async Task U_Boot_looks_into_partitions_that_are_marked_bootable_or_the_first_one(string tool, string table, string numbers)
    {
        var disk = _folder.File("disk");
        await using (var file = File.Create(disk))
        {
            file.SetLength(64 << 20);
        }

        await Tool.OutputAsync("sh", "-c", $"printf '%s' '{table}' | {tool} '{disk}'");

        string.Join(' ', (await RunAsync("bootable", disk)).Split('\n', StringSplitOptions.RemoveEmptyEntries)).ShouldBe(numbers);
    }

    [Fact]
    public async Task An_environment_whose_checksum_fits_is_U_Boot_s_and_another_is_none()
    {
        var file = _folder.File("uboot.env");
        await File.WriteAllTextAsync(_folder.File("text"), "bootcmd=run distro_bootcmd; true\nbootdelay=1\n");
        await Tool.OutputAsync("mkenvimage", "-s", "0x4000", "-o", file, _folder.File("text"));

        (await RunAsync("environment", file)).ShouldBe("bootcmd=run distro_bootcmd; true\nbootdelay=1\n");

        var bytes = await File.ReadAllBytesAsync(file);
        bytes[100] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        (await RunAsync("environment", file)).ShouldBe("");
    }

    private async Task<string[]> LabelsAsync(string text)
    {
        var file = _folder.File("extlinux.conf");
        await File.WriteAllTextAsync(file, text);
        return [.. (await RunAsync("labels", file)).Replace('\u0001', '|').Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private Task<string> RunAsync(params string[] words) =>
        Tool.OutputAsync("sh", ["-c", """loader=$1; shift; . "$loader"; "$@" || true""", "sh", _loader, .. words]);
}
