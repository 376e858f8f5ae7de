using Provisioner.Provider.Images;
using Provisioner.Provider.Images.Lint;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Tests.Remote;

namespace Provisioner.Provider.Tests.Images;

public sealed class ImageLintTests
{
    [Fact]
    public async Task An_image_that_has_everything_passes_for_both_boards()
    {
        (await LintAsync(ImageBoard.Pi4)).Findings.ShouldBeEmpty();
        var report = await LintAsync(ImageBoard.Virtual);
        report.Findings.ShouldBeEmpty();
        report.Contents.ShouldBe(["NixOS, kernel 6.12.34", "ZFS for 6.12.34", "NetworkManager with its supplicant, sshd with keys only, and the identity card's unit"]);
    }

    [Theory]
    [InlineData("gap", "table", "no room for the identity card")]
    [InlineData("start4.elf", "firmware", "start4.elf is missing")]
    [InlineData("fixup4.dat", "firmware", "fixup4.dat is missing")]
    [InlineData("config.txt", "firmware", "config.txt is missing")]
    [InlineData("bcm2711-rpi-4-b.dtb", "firmware", "bcm2711-rpi-4-b.dtb is missing")]
    [InlineData("u-boot-rpi4.bin", "firmware", "config.txt starts u-boot-rpi4.bin")]
    [InlineData("wifi-driver", "wifi-driver", "brcmfmac")]
    [InlineData("wifi-firmware", "wifi-firmware", "brcmfmac43455-sdio.bin")]
    [InlineData("supplicant", "supplicant", "networking.wireless.enable")]
    [InlineData("networkmanager", "networkmanager", "NetworkManager is not there")]
    [InlineData("zfs", "zfs", "no ZFS module for kernel 6.12.34")]
    [InlineData("zfs-magic", "zfs", "for kernel 6.6.1")]
    [InlineData("zpool", "zfs", "zpool is missing")]
    [InlineData("sshd", "sshd", "no sshd")]
    [InlineData("passwords", "sshd", "does not turn passwords off")]
    [InlineData("card-unit", "card-unit", "no identity-card.service")]
    [InlineData("card-wanted", "card-unit", "no identity-card.service that is started")]
    [InlineData("card-order", "card-unit", "not started before")]
    [InlineData("wifi-secret", "secret", "home.nmconnection holds a WiFi password in line 2")]
    [InlineData("fat-secret", "secret", "wpa_supplicant.conf on the firmware partition holds a WiFi password in line 3")]
    [InlineData("key-secret", "secret", "/etc/ssh/ssh_host_ed25519_key holds a private key")]
    public async Task An_image_that_lacks_one_thing_is_found_out_for_just_that(string without, string code, string what)
    {
        var finding = (await LintAsync(ImageBoard.Pi4, without)).Findings.ShouldHaveSingleItem();

        finding.Code.ShouldBe(code);
        finding.What.ShouldContain(what);
        finding.OnTheLamp.ShouldNotBeEmpty();
        finding.ToString().ShouldNotContain("canary");
    }

    [Fact]
    public async Task A_module_that_is_not_compressed_is_read_as_well() => (await LintAsync(ImageBoard.Pi4, "zfs-plain")).Findings.ShouldBeEmpty();

    [Fact]
    public async Task What_is_no_image_is_told_so()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder["image"], new byte[1 << 20]);

        (await LintAsync(folder, ImageBoard.Pi4)).Findings.Select(finding => finding.Code).ShouldBe(["table", "firmware", "system"]);
    }

    [Fact]
    public async Task Ext4_is_read_as_debugfs_reads_it()
    {
        using var folder = new TemporaryFolder();
        await SmallImage.MakeAsync(folder["image"]);
        using var file = File.OpenHandle(folder["image"]);
        var files = new Ext4Reader(file, 12 << 20);

        const string system = "/nix/store/0123456789abcdfghijklmnpqrsvwxyz-nixos-system-bootstrap-25.11";
        files.Text(system + "/etc/systemd/system/sshd.service")
            .ShouldBe(await DebugfsAsync(folder["image"], "cat /nix/store/0123456789abcdfghijklmnpqrsvwxyz-unit-sshd.service/sshd.service"));
        var listed = (await DebugfsAsync(folder["image"], "ls -p /nix/store")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('/')[5]).Where(name => name is not ("." or ".."));
        files.Names("/nix/store").Order(StringComparer.Ordinal).ShouldBe(listed.Order(StringComparer.Ordinal));
        files.Find("/nothing/here").ShouldBeNull();
        files.FindLink(system + "/kernel")!.IsLink.ShouldBeTrue();
        files.Find(system + "/kernel")!.IsFile.ShouldBeTrue();
    }

    [Fact]
    public async Task Ext4_with_many_and_large_and_broken_up_files_is_read_as_it_was_written()
    {
        using var folder = new TemporaryFolder();
        var tree = Directory.CreateDirectory(folder["tree"]).FullName;
        var random = new Random(4);
        var large = new byte[5 << 20];
        random.NextBytes(large.AsSpan(0, 1 << 20));
        random.NextBytes(large.AsSpan(3 << 20));
        await File.WriteAllBytesAsync(Path.Combine(tree, "with a hole"), large);
        for (var index = 0; index < 2000; index++)
        {
            await File.WriteAllTextAsync(Path.Combine(tree, $"a rather long name of a file {index}"), $"{index}");
        }

        foreach (var blockSize in new[] { 1024, 4096 })
        {
            File.Delete(folder["image"]);
            await Tool.RunAsync("mke2fs", "-q", "-t", "ext4", "-b", $"{blockSize}", "-d", tree, folder["image"], "40M");
            using var file = File.OpenHandle(folder["image"]);
            var files = new Ext4Reader(file, 0);

            files.Read("/with a hole", 8 << 20).ShouldBe(large);
            files.Names("/").Count(name => name.StartsWith("a rather", StringComparison.Ordinal)).ShouldBe(2000);
            files.Text("/a rather long name of a file 1234").ShouldBe("1234");
        }
    }

    private static async Task<LintReport> LintAsync(ImageBoard board, params string[] without)
    {
        using var folder = new TemporaryFolder();
        await SmallImage.MakeAsync(folder["image"], without);
        return await LintAsync(folder, board);
    }

    private static async Task<LintReport> LintAsync(TemporaryFolder folder, ImageBoard board)
    {
        await using var hub = new RemoteHub(new RemoteOptions(), TimeProvider.System);
        return await ImageLint.RunAsync(folder["image"], board, folder.Path, hub.ForLooking("local:"), default);
    }

    private static Task<string> DebugfsAsync(string image, string command) => Tool.RunAsync("debugfs", "-R", command, $"{image}?offset={12 << 20}");
}
