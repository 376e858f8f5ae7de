using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Resources.WifiProfile;
using Provisioner.Provider.Tests.Resources;

namespace Provisioner.Provider.Tests.Inspection;

/// <summary>The real script under a real sh, over a folder that stands for a device.</summary>
public sealed class InspectionScriptTests : IDisposable
{
    private const string Etc = "/etc/NetworkManager/system-connections";
    private const string Word = "0123456789abcdef0123456789abcdef";

    private readonly TemporaryRoot _root = new();
    private readonly DigestKey _key = DigestKey.Create(RandomNumberGenerator.Fill);

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task A_device_is_read_whole()
    {
        _root.Write("/proc/sys/kernel/hostname", "lamp\n");
        _root.Write("/proc/sys/kernel/random/boot_id", "7d3f7a5e-51a8-4f7c-8c11-4a8f6f2b3f10\n");
        _root.Write("/proc/uptime", "123.45 456.78\n");
        _root.Write("/proc/meminfo", "MemTotal:        3884376 kB\nMemFree:          100000 kB\nMemAvailable:    2884376 kB\n");
        _root.Write("/proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.5\0");
        _root.Write("/proc/device-tree/serial-number", "10000000abcdef01\0");
        _root.Write("/proc/device-tree/cpus/cpu@0/enable-method", "spin-table\0");
        _root.Write("/proc/device-tree/chosen/bootloader/boot-mode", [0, 0, 0, 4]);
        _root.Write("/proc/self/mounts", "none / rootfs rw 0 0\nzroot/root / zfs rw 0 0\n/dev/sda1 /boot vfat rw 0 0\n");
        _root.Write("/etc/os-release", "ID=nixos\nVERSION_ID=\"26.05\"\nPRETTY_NAME=\"NixOS 26.05 (Yarara)\"\n");
        _root.Write("/sys/module/zfs/version", "2.3.9-1\n");
        _root.Write("/sys/kernel/kexec_loaded", "0\n");

        var facts = await InspectAsync();

        facts.HostName.ShouldBe("lamp");
        facts.BootId.ShouldBe("7d3f7a5e-51a8-4f7c-8c11-4a8f6f2b3f10");
        facts.Uptime.ShouldBe(TimeSpan.FromSeconds(123.45));
        facts.Memory.ShouldBe(new MemoryFacts(3884376L * 1024, 2884376L * 1024));
        facts.Board.ShouldBe(new BoardFacts("Raspberry Pi 4 Model B Rev 1.5", "10000000abcdef01", "device-tree"));
        facts.Boot.ShouldBe(new BootFacts("zroot/root", "zfs", 4, Incarnation.Installed, false));
        facts.Os.IsNixos.ShouldBeTrue();
        facts.Os.PrettyName.ShouldBe("NixOS 26.05 (Yarara)");
        facts.ZfsModule.ShouldBe("2.3.9-1");
        facts.Kexec.CoreBuiltIn.ShouldBeTrue();
        facts.Kexec.EnableMethod.ShouldBe("spin-table");
        facts.Account.UserName.ShouldBe(Environment.UserName);
        facts.Tools.ShouldContain("sha256sum");
    }

    [Fact]
    public async Task An_empty_machine_is_read_too()
    {
        var facts = await InspectAsync();
        facts.HostName.ShouldBe("");
        facts.Board.Source.ShouldBe("dmi");
        facts.Board.Model.ShouldBeNull();
        facts.Profiles.ShouldBeEmpty();
        facts.Watchdog.ShouldBe(new WatchdogFacts(null, null, null));
    }

    [Theory]
    [InlineData("console=ttyS0 bootloader.boot-mode=1 quiet\n", 1)]
    [InlineData("bootloader.boot-mode=4", 4)]
    [InlineData("bootloader.boot-mode=$(reboot) bootloader.boot-mode= boot-mode=4", null)]
    [InlineData("", null)]
    public async Task A_board_without_a_device_tree_names_its_boot_medium_to_the_kernel(string words, int? mode)
    {
        _root.Write("/proc/cmdline", words);
        (await InspectAsync()).Boot.FirmwareBootMode.ShouldBe(mode);
    }

    [Theory]
    [InlineData("/dev/mmcblk0p2 / ext4 rw 0 0\n", "", "", true)]
    [InlineData("/dev/sda2 / ext4 rw 0 0\n", "VARIANT_ID=installer\n", "", true)]
    [InlineData("/dev/mmcblk0p2 / ext4 rw 0 0\nzroot/root /mnt zfs rw 0 0\n", "", "/mnt", true)]
    [InlineData("zroot/root / zfs rw 0 0\nzroot/x /mnt zfs rw 0 0\n", "", "", false)]
    public async Task The_target_is_the_system_under_construction_while_the_card_runs(string mounts, string release, string target, bool bootstrap)
    {
        _root.Write("/proc/self/mounts", mounts);
        _root.Write("/etc/os-release", release);
        var facts = await InspectAsync();
        facts.Boot.TargetRoot.ShouldBe(target);
        (facts.Boot.Incarnation == Incarnation.Bootstrap).ShouldBe(bootstrap);
    }

    /// <summary>nmcli and iw are stand-ins that say what the real ones said on a Pi with a hotspot of its own.</summary>
    [Fact]
    public async Task What_each_radio_does_and_whether_it_is_off_is_told()
    {
        _root.Write("/sys/class/ieee80211/phy0/index", "0\n");
        _root.Write("/sys/class/net/wlan0/phy80211/rfkill0/soft", "1\n");
        _root.Write("/sys/class/net/wlan0/phy80211/rfkill0/hard", "0\n");
        _root.Write("/sys/class/net/uap0/phy80211/rfkill0/soft", "0\n");
        _root.Write("/sys/class/net/uap0/phy80211/rfkill0/hard", "1\n");
        _root.Program(
            "/bin/nmcli",
            "case \"$*\" in *'device status') printf 'uap0:wifi:connected:0a900000-0000-4000-8000-000000000001\\nwlan0:wifi:unavailable:\\neth0:ethernet:connected:\\n' ;; *radio) echo enabled:disabled ;; esac");
        _root.Program("/bin/iw", "case \"$*\" in dev) printf 'phy#0\\n\\tUnnamed/non-netdev interface\\n\\t\\ttype P2P-device\\n\\tInterface uap0\\n\\t\\tifindex 4\\n\\t\\ttype AP\\n\\tInterface wlan0\\n\\t\\ttype managed\\n' ;; esac");

        var network = (await RunAsync(_key, path: $"{_root.At("/bin")}:{Environment.GetEnvironmentVariable("PATH")}")).Facts.Network;

        network.ManagerRunning.ShouldBeTrue();
        network.WifiSwitchedOff.ShouldBeTrue();
        network.Devices.Select(device => (device.Name, device.Mode, device.IsSoftBlocked, device.IsHardBlocked))
            .ShouldBe([("uap0", "AP", false, true), ("wlan0", "managed", true, false), ("eth0", null, false, false)]);
    }

    [Theory]
    [InlineData("192.168.1.9 51000 192.168.1.20 22", "192.168.1.20", "wlan0")]
    [InlineData("::ffff:192.168.1.9 51000 ::ffff:192.168.1.20 22", "192.168.1.20", "wlan0")]
    [InlineData("fe80::9%wlan1 51000 fe80::20%wlan1 22", "fe80::20%wlan1", "wlan1")]
    [InlineData("10.0.0.9 51000 10.0.0.20 22", "10.0.0.20", null)]
    [InlineData("", null, null)]
    public void The_interface_of_our_session_is_told_by_the_address_that_we_came_to(string session, string? address, string? name)
    {
        var answer = $"\n--{Word} ssh\n{session}\n--{Word} addresses\n1: lo    inet 127.0.0.1/8 scope host lo\n3: wlan0    inet 192.168.1.20/24 brd 192.168.1.255 scope global wlan0\n4: wlan1    inet6 fe80::20/64 scope link\n--{Word} end\n";

        var network = NetworkParser.Parse(Sections.Parse(answer, Word));

        (network.OurAddress, network.OurInterface).ShouldBe((address, name));
    }

    [Fact]
    public async Task The_addresses_of_a_profile_are_told_however_many_there_are()
    {
        var content = new ProfileContent("Lamp", Guid.NewGuid(), SsidOf("Lamp"), null, null, 0, false, null)
        {
            Ipv4 = new WifiIp { Method = WifiIpMethod.Manual, Addresses = [.. Enumerable.Range(1, 12).Select(number => $"10.0.{number}.1/24")], Gateway = "10.0.1.254", Dns = ["9.9.9.9"], DnsSearch = ["lan"] },
        };
        _root.Write($"{Etc}/Lamp.nmconnection", Keyfile.Write(content));

        IpSettings.Read("ipv4", (await InspectAsync()).Profiles.ShouldHaveSingleItem().Values).ShouldBe(IpSettings.Read("ipv4", content.Ipv4));
    }

    [Fact]
    public async Task A_profile_is_told_without_its_password()
    {
        var content = new ProfileContent("Lamp", Guid.NewGuid(), SsidOf("a;b \\ \n💡"), "wpa-psk", "  secret;in\\clear  ", 100, true, null);
        _root.Write($"{Etc}/Lamp.nmconnection", Keyfile.Write(content));

        var (answer, facts) = await InspectWithAnswerAsync();

        answer.ShouldNotContain("in\\clear");
        answer.ShouldNotContain(Convert.ToHexStringLower("secret"u8));
        var profile = facts.Profiles.ShouldHaveSingleItem();
        profile.Path.ShouldBe($"{Etc}/Lamp.nmconnection");
        profile.Ssid.ShouldBe(content.Ssid);
        profile.Uuid.ShouldBe(content.Uuid);
        profile.Priority.ShouldBe(100);
        profile.IsWifi.ShouldBeTrue();
        profile.IsRegular.ShouldBeTrue();
        profile.Permissions.ShouldBe(0x180);
        profile.OtherKeys.ShouldBe(["wifi-security.psk"]);
        profile.SecretDigest.ShouldBe(_key.Digest(Encoding.UTF8.GetBytes(Keyfile.EscapeString(content.Key!))));
    }

    [Fact]
    public async Task Two_inspections_give_two_digests_of_one_password()
    {
        _root.Write($"{Etc}/x.nmconnection", "[wifi-security]\npsk=the same password\n");
        var first = (await InspectAsync()).Profiles[0].SecretDigest;
        var other = await RunAsync(DigestKey.Create(RandomNumberGenerator.Fill));
        other.Facts.Profiles[0].SecretDigest.ShouldNotBe(first);
        first.ShouldBe(_key.Digest("the same password"u8));
    }

    [Fact]
    public async Task A_file_written_by_hand_in_older_spelling_is_understood()
    {
        _root.Write(
            $"{Etc}/old",
            "# a comment\n\n [connection] \nid=old\ntype=802-11-wireless\n autoconnect-priority = 5\n[802-11-wireless]\nssid=76;97;109;112;\n[802-11-wireless-security]\nkey-mgmt=wpa-psk\n; psk=commented\npsk= padded\nnonsense\n");
        var profile = (await InspectAsync()).Profiles.ShouldHaveSingleItem();
        profile.IsWifi.ShouldBeTrue();
        profile.Ssid!.ToString().ShouldBe("Lamp");
        profile.Priority.ShouldBe(5);
        profile.Values["wifi-security.key-mgmt"].ShouldBe("wpa-psk");
        profile.SecretDigest.ShouldBe(_key.Digest("padded"u8));
    }

    [Fact]
    public async Task What_is_no_regular_file_is_told_apart()
    {
        Directory.CreateDirectory(_root.At($"{Etc}/folder.nmconnection"));
        File.CreateSymbolicLink(_root.At($"{Etc}/link.nmconnection"), "/nowhere");
        _root.Write($"{Etc}/open.nmconnection", [], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        var profiles = (await InspectAsync()).Profiles;
        profiles.Select(profile => Path.GetFileName(profile.Path)).ShouldBe(["folder.nmconnection", "link.nmconnection", "open.nmconnection"]);
        profiles[0].IsRegular.ShouldBeFalse();
        profiles[1].IsSymbolicLink.ShouldBeTrue();
        profiles[2].Permissions.ShouldBe(0x1a4);
        profiles.ShouldAllBe(profile => !profile.IsAccepted);
    }

    [Property(MaxTest = 15)]
    public Property Any_file_name_and_any_network_name_survive_the_way() => Prop.ForAll(
        FileNames.ToArbitrary(),
        ProfileGenerator.Names.ToArbitrary(),
        (name, ssid) =>
        {
            using var root = new TemporaryRoot();
            var content = new ProfileContent("x", Guid.NewGuid(), SsidOf(ssid), "wpa-psk", "12345678", 0, false, null);
            root.Write($"{Etc}/{name}", Keyfile.Write(content));
            var profile = Parsed(root).Profiles.Single();
            return profile.Path == $"{Etc}/{name}" && content.Ssid.Equals(profile.Ssid) && profile.SecretDigest == _key.Digest("12345678"u8);
        });

    [Fact]
    public async Task An_answer_that_breaks_off_is_no_answer()
    {
        var (answer, _) = await InspectWithAnswerAsync();
        Should.Throw<FormatException>(() => DeviceFactsParser.Parse(answer[..(answer.Length / 2)], Word, _key));
    }

    [Fact]
    public async Task A_file_cannot_pretend_to_be_another_part_of_the_answer()
    {
        _root.Write("/etc/os-release", "ID=debian\n--ffffffffffffffffffffffffffffffff nixos\nyes\n");
        (await InspectAsync()).Os.IsNixos.ShouldBeFalse();
    }

    private static Gen<string> FileNames => Gen.Elements(" ", "\n", "'", "\"", "\\", "$", "*", "é", "a", "-", ";", "%s", "..")
        .NonEmptyListOf().Select(pieces => string.Concat(pieces)).Where(name => Encoding.UTF8.GetByteCount(name) < 200 && !name.StartsWith('.'));

    private static Ssid SsidOf(string text) => Ssid.TryParse(text, out var ssid, out _) ? ssid : throw new ArgumentException("too long", nameof(text));

    private DeviceFacts Parsed(TemporaryRoot root)
    {
        var run = RunAsync(_key, root);
        return run.GetAwaiter().GetResult().Facts;
    }

    private async Task<DeviceFacts> InspectAsync() => (await RunAsync(_key)).Facts;

    private Task<(string Answer, DeviceFacts Facts)> InspectWithAnswerAsync() => RunAsync(_key);

    private async Task<(string Answer, DeviceFacts Facts)> RunAsync(DigestKey key, TemporaryRoot? root = null, string? path = null)
    {
        var result = await Sh.RunAsync(InspectionScript.Source, Encoding.ASCII.GetBytes($"{key.Word}\n{Word}\n"), path, (root ?? _root).Path);
        result.StandardOutput.ShouldContain($"--{Word} end", Case.Sensitive, result.StandardError);
        return (result.StandardOutput, DeviceFactsParser.Parse(result.StandardOutput, Word, key));
    }
}
