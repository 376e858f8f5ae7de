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
    [InlineData("../nixos/kernel", "/media/extlinux/../nixos/kernel\n")]
    [InlineData("/nixos/kernel", "/media/nixos/kernel\n")]
    public async Task A_path_begins_at_its_file_or_at_the_partition(string path, string expected) =>
        (await RunAsync("beside", "/media", path)).ShouldBe(expected);

    [Fact]
    public async Task A_tryboot_txt_names_kernel_initrd_and_a_file_of_words()
    {
        await File.WriteAllTextAsync(_folder.File("tryboot.txt"), "arm_64bit=1\n[all]\nkernel=nixos/b-kernel\ninitramfs nixos/b-initrd followkernel\ncmdline=tryboot-words.txt\nkernel_watchdog_timeout=120\n");
        await File.WriteAllTextAsync(_folder.File("tryboot-words.txt"), "init=/nix/store/b/init root=ZFS=zroot/root quiet\n");

        (await RunAsync("trial_of", _folder.Path)).Replace('\u0001', '|').ShouldBe("tryboot.txt|/nixos/b-kernel|/nixos/b-initrd|init=/nix/store/b/init root=ZFS=zroot/root quiet\n");
    }

    [Fact]
    public async Task A_tryboot_txt_without_a_kernel_offers_nothing()
    {
        await File.WriteAllTextAsync(_folder.File("tryboot.txt"), "arm_64bit=1\n");

        (await RunAsync("trial_of", _folder.Path)).ShouldBe("");
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
