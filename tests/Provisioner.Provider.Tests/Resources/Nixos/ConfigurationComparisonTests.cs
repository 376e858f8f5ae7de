using System.Collections.Immutable;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Resources.NixosSystem;
using Provisioner.Provider.Resources.NixosSystem.Configuration;

namespace Provisioner.Provider.Tests.Resources.Nixos;

/// <summary>What a configuration says, held against what is wanted and against the device. Pure.</summary>
public sealed class ConfigurationComparisonTests
{
    private const string OurKey = "AAAAC3NzaC1lZDI1NTE5AAAAIKE5TuEWqtPk";

    private static readonly Login Root = new("root") { IsSeen = true, Port = 22, Interface = "wlan0", IsWifi = true, Ours = [OurKey], AtHome = [OurKey] };

    private static readonly Login Me = Root with { User = "me" };

    private static readonly ConfigurationFacts Good = new()
    {
        HostName = "lamp",
        HostId = "dc0bd73a",
        Kernel = "6.12.34",
        ZfsIsBroken = false,
        FileSystems = new Dictionary<string, ConfiguredMount>
        {
            ["/"] = new("zroot/root", "zfs", ["defaults"]),
            ["/nix"] = new("zroot/nix", "zfs", ["defaults"]),
            ["/var"] = new("zroot/var", "zfs", ["defaults"]),
            ["/home"] = new("zroot/home", "zfs", ["defaults"]),
            ["/boot"] = new(NixosPi.Args.BootPartition, "vfat", ["umask=0077"]),
        },
        FailedAssertions = [],
        Ssh = new SshFacts { Enable = true, Ports = [22], ListenPorts = [], PermitRootLogin = "prohibit-password", UsePam = true, AuthorizedKeysFiles = ["%h/.ssh/authorized_keys", "/etc/ssh/authorized_keys.d/%u"] },
        Users = new Dictionary<string, UserFacts>
        {
            ["root"] = new() { Enabled = true, Home = "/root", Shell = "/bin/bash", Groups = ["root"], Keys = [] },
            ["me"] = new() { Enabled = true, Home = "/home/me", Shell = "/bin/bash", Groups = ["users", "wheel"], Keys = [$"ssh-ed25519 {OurKey} me@home"] },
        },
        Sudo = new SudoFacts { Enable = true, WheelNeedsPassword = false, Rules = [new(["root"], [], true, false), new([], ["wheel"], true, true)] },
        Firewall = new FirewallFacts { Enable = true, Ports = [22], Ranges = [], Trusted = ["lo"] },
        Network = new ConfiguredNetwork { Manager = true, Unmanaged = [], WifiBackend = "wpa_supplicant", Wireless = true, Iwd = false, Supplicant = false },
    };

    [Fact]
    public void What_fits_is_not_spoken_of()
    {
        Of(Good).ShouldBeEmpty();
        Of(Good, Me).ShouldBeEmpty();
        Of(Good, device: NixosPi.Running).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true, "no other user of it both may log in and becomes root without a password")]
    [InlineData(false, "me could, by sudo")]
    public void While_nobody_knows_who_logs_in_it_is_told_whether_root_may_and_who_else_could(bool asksForPassword, string others)
    {
        var flake = Good with
        {
            Ssh = Good.Ssh with { PermitRootLogin = "no" },
            Sudo = Good.Sudo with { WheelNeedsPassword = asksForPassword, Rules = [new(["root"], [], true, false), new([], ["wheel"], true, !asksForPassword)] },
        };

        var found = Of(flake, new Login(null)).ShouldHaveSingleItem();

        found.Weight.ShouldBe(PreflightWeight.Warning);
        found.Text.ShouldStartWith("when the device's address names no other user than root: its sshd does not let in root (PermitRootLogin = \"no\")");
        found.Text.ShouldContain(others);
        Of(Good, new Login(null)).ShouldBeEmpty();
    }

    [Fact]
    public void Everything_that_does_not_fit_is_told_at_once_each_with_the_line_that_settles_it()
    {
        var found = Of(Good with
        {
            HostName = "pi4",
            HostId = "8425e349",
            ZfsIsBroken = true,
            FirmwarePath = "/boot/firmware",
            FailedAssertions = ["networking.hostId\n  is required"],
            FileSystems = new Dictionary<string, ConfiguredMount> { ["/"] = new("tank/root", "zfs", ["zfsutil"]), ["/nix"] = new("zroot/nix", "zfs", null), ["/var"] = new("zroot/var", "zfs", null) },
            Ssh = Good.Ssh with { PermitRootLogin = "no" },
            Firewall = Good.Firewall with { Ports = [] },
        });

        found.ShouldAllBe(finding => finding.Weight == PreflightWeight.Blocker);
        string[] lines =
        [
            "set networking.hostName = \"lamp\";",
            "set networking.hostId = \"dc0bd73a\";",
            "set fileSystems.\"/\".device = \"zroot/root\";",
            "take it out of fileSystems.\"/\".options",
            "set fileSystems.\"/home\" = { device = \"zroot/home\"; fsType = \"zfs\"; };",
            $"set fileSystems.\"/boot\" = {{ device = \"{NixosPi.Args.BootPartition}\"; fsType = \"vfat\"; options = [ \"umask=0077\" ]; }};",
            "set boot.loader.raspberry-pi.firmwarePath = \"/boot\";",
            "boot.kernelPackages = pkgs.linuxPackages;",
            "the configuration refuses itself: networking.hostId is required",
            "set services.openssh.settings.PermitRootLogin = \"prohibit-password\";",
            "set services.openssh.openFirewall = true;",
        ];
        found.Length.ShouldBe(lines.Length);
        foreach (var line in lines)
        {
            found.ShouldContain(finding => finding.Text.Contains(line, StringComparison.Ordinal), line);
        }
    }

    [Fact]
    public void A_boot_partition_may_be_named_in_any_way_that_leads_to_it()
    {
        var pi = WithDisk("sda", "ESP", "8a4c1f5e-0000-4000-8000-000000000001");

        foreach (var name in new[] { "/dev/disk/by-partlabel/ESP", "/dev/disk/by-partuuid/8A4C1F5E-0000-4000-8000-000000000001", "/dev/disk/by-label/BOOT", "/dev/disk/by-uuid/ABCD-1234", "/dev/disk/by-id/usb-x-part1", "/dev/sda1" })
        {
            Of(Boot(name), device: pi).ShouldBeEmpty(name);
        }

        Of(Boot("/dev/disk/by-partlabel/ESP"), device: NixosPi.Bare).ShouldHaveSingleItem().Weight.ShouldBe(PreflightWeight.Warning);
        var other = Of(Boot("/dev/disk/by-partlabel/EFI"), device: pi).ShouldHaveSingleItem();
        other.Weight.ShouldBe(PreflightWeight.Blocker);
        other.Text.ShouldContain($"set fileSystems.\"/boot\".device = \"{NixosPi.Args.BootPartition}\"; or have the Disk name its partition so: espPartitionLabel = \"EFI\"");

        var two = pi with { Disks = [.. pi.Disks, .. WithDisk("sdb", "ESP", "00000000-0000-4000-8000-000000000002").Disks] };
        Of(Boot("/dev/disk/by-partlabel/ESP"), device: two).ShouldHaveSingleItem().Text.ShouldContain("a name that 2 partitions have (/dev/sda1, /dev/sdb1)");
    }

    [Fact]
    public void What_is_not_known_yet_is_a_warning_with_the_flakes_own_value()
    {
        var found = Comparison.Of(Boot("/dev/disk/by-partlabel/ESP"), NixosPi.Args with { HostId = "", BootPartition = "", Hostname = "", Pool = "" }, new Login(null), null);

        found.ShouldAllBe(finding => finding.Weight == PreflightWeight.Warning);
        found.ShouldContain(finding => finding.Text.Contains("hostId = \"dc0bd73a\" of the HostIdentity", StringComparison.Ordinal));
        found.ShouldContain(finding => finding.Text.EndsWith("espPartitionLabel = \"ESP\"", StringComparison.Ordinal));
    }

    public static TheoryData<string> Locks => [.. Faults.Keys];

    [Theory]
    [MemberData(nameof(Locks))]
    public void What_would_lock_us_out_is_refused(string fault)
    {
        var (configuration, login, line) = Faults[fault];

        var found = Of(configuration, login);

        found.ShouldContain(finding => finding.Weight == PreflightWeight.Blocker && finding.Text.Contains(line, StringComparison.Ordinal), string.Join('\n', found));
        Of(configuration, login with { IsLocal = true }).ShouldAllBe(finding => finding.Weight == PreflightWeight.Warning, "who comes into this machine is not who comes into the disk's");
    }

    [Fact]
    public void What_the_configuration_does_not_say_is_a_warning_and_no_refusal()
    {
        var found = Of(new ConfigurationFacts());

        found.ShouldAllBe(finding => finding.Weight == PreflightWeight.Warning);
        found.ShouldContain(finding => finding.Text.Contains("does not say: services.openssh.enable, users.users.root, services.openssh.settings.PermitRootLogin, networking.firewall.enable", StringComparison.Ordinal));
    }

    [Fact]
    public void Text_that_is_not_judged_turns_a_refusal_into_a_warning()
    {
        Of(Good with { Firewall = Good.Firewall with { Ports = [], HasMore = true } }).ShouldHaveSingleItem().Weight.ShouldBe(PreflightWeight.Warning);
        Of(Good with { Sudo = Good.Sudo with { Rules = [], HasMore = true } }, Me).ShouldHaveSingleItem().Weight.ShouldBe(PreflightWeight.Warning);
        Of(Good with { Ssh = Good.Ssh with { HasMore = true } }).ShouldHaveSingleItem().Weight.ShouldBe(PreflightWeight.Warning);
    }

    [Fact]
    public void A_key_in_the_home_is_enough_where_sshd_reads_it_and_the_port_is_the_sessions_own()
    {
        Of(Good, Root with { AtHome = [] }).ShouldHaveSingleItem().Text.ShouldContain("has no key for it");
        Of(Good, Root with { AtHome = [], Ours = [] }).ShouldHaveSingleItem().Text.ShouldContain("openssh.authorizedKeys.keys = [ \"ssh-ed25519 AAAA…\" ];");
        Of(Good, Me with { AtHome = [] }).ShouldBeEmpty("the configuration has it");
        Of(Good, Root with { IsSeen = false, AtHome = [], Port = null, Interface = null, IsWifi = null }).ShouldBeEmpty("a first installation takes along what the card has");
        Of(Good with { Ssh = Good.Ssh with { Ports = [2222] }, Firewall = Good.Firewall with { Ports = [2222] } }, Root with { Port = 2222 }).ShouldBeEmpty();
        Of(Good with { Firewall = Good.Firewall with { Ports = [], Trusted = ["wlan0"] } }).ShouldBeEmpty();
        Of(Good with { Firewall = Good.Firewall with { Ports = [], Interfaces = new Dictionary<string, OpenPorts> { ["wlan0"] = new() { Ranges = [new(20, 30)] } } } }).ShouldBeEmpty();
    }

    [Fact]
    public void A_device_on_a_cable_needs_no_NetworkManager() =>
        Of(Good with { Network = new ConfiguredNetwork { Manager = false } }, Root with { Interface = "eth0", IsWifi = false }).ShouldBeEmpty();

    [Theory]
    [InlineData("wlan0", true)]
    [InlineData("interface-name:wl*", true)]
    [InlineData("*", true)]
    [InlineData("type:wifi", true)]
    [InlineData("except:interface-name:eth0", true)]
    [InlineData("eth0", false)]
    [InlineData("mac:00:11:22:33:44:55", false)]
    [InlineData("* except:interface-name:wlan0", false)]
    public void An_interface_is_left_alone_by_NetworkManagers_own_rule(string unmanaged, bool isLeft) =>
        Of(Good with { Network = Good.Network with { Unmanaged = unmanaged.Split(' ') } }).Length.ShouldBe(isLeft ? 1 : 0);

    [Fact]
    public void What_the_device_tells_of_the_session_is_read()
    {
        var login = new Login("root").With($"user=me\nport=22\ninterface=wlan0\nwifi=yes\nkey=ssh-ed25519 {OurKey} me@home\nkey=# ssh-ed25519 BBBB\nkey=from=\"10.0.0.0/8\",command=\"x\" ssh-ed25519 CCCC\nkey=from=\"10.*\" ssh-rsa DDDD\n");

        (login.User, login.Port, login.Interface, login.IsWifi).ShouldBe(("me", 22, "wlan0", true));
        login.AtHome.ShouldBe([OurKey, "DDDD"]);
        Login.LineOf(OurKey).ShouldBe($"ssh-ed25519 {OurKey}");
    }

    private static readonly Dictionary<string, (ConfigurationFacts Configuration, Login Login, string Line)> Faults = new()
    {
        ["sshd is off"] = (Good with { Ssh = Good.Ssh with { Enable = false } }, Root, "set services.openssh.enable = true;"),
        ["another port"] = (Good with { Ssh = Good.Ssh with { Ports = [2222] }, Firewall = Good.Firewall with { Ports = [22, 2222] } }, Root, "set services.openssh.ports = [ 22 ];"),
        ["another port on the only address"] = (Good with { Ssh = Good.Ssh with { ListenPorts = [2222] } }, Root, "listens on port 2222"),
        ["no root"] = (Good with { Ssh = Good.Ssh with { PermitRootLogin = "no" } }, Root, "PermitRootLogin = \"prohibit-password\";"),
        ["commands only"] = (Good with { Ssh = Good.Ssh with { PermitRootLogin = "forced-commands-only" } }, Root, "PermitRootLogin"),
        ["others only"] = (Good with { Ssh = Good.Ssh with { AllowUsers = ["you", "m?"] } }, Root, "add \"root\" to services.openssh.settings.AllowUsers"),
        ["denied"] = (Good with { Ssh = Good.Ssh with { DenyUsers = ["r*"] } }, Root, "DenyUsers"),
        ["other groups only"] = (Good with { Ssh = Good.Ssh with { AllowGroups = ["ssh"] } }, Me, "AllowGroups"),
        ["a group denied"] = (Good with { Ssh = Good.Ssh with { DenyGroups = ["wheel"] } }, Me, "DenyGroups"),
        ["no keys taken"] = (Good with { Ssh = Good.Ssh with { PubkeyAuthentication = "no" } }, Root, "PubkeyAuthentication = true;"),
        ["more than a key"] = (Good with { Ssh = Good.Ssh with { AuthenticationMethods = ["publickey,password"] } }, Root, "AuthenticationMethods = \"publickey\";"),
        ["another user"] = (Good, Root with { User = "pi" }, "it has no user pi who could log in"),
        ["a disabled user"] = (Good with { Users = new Dictionary<string, UserFacts> { ["me"] = new() { Enabled = false } } }, Me, "it has no user me"),
        ["no shell"] = (Good with { Users = new Dictionary<string, UserFacts> { ["root"] = Good.Users!["root"] with { Shell = "/bin/nologin" } } }, Root, "users.users.root.shell"),
        ["locked without PAM"] = (Good with { Ssh = Good.Ssh with { UsePam = false }, Users = new Dictionary<string, UserFacts> { ["root"] = Good.Users!["root"] with { IsLocked = true } } }, Root, "UsePAM = true;"),
        ["no sudo"] = (Good with { Sudo = new SudoFacts { Enable = false } }, Me, "security.sudo.enable = true;"),
        ["sudo with a password"] = (Good with { Sudo = new SudoFacts { Enable = true, WheelNeedsPassword = true, Rules = [new([], ["wheel"], true, false)] } }, Me, "security.sudo.wheelNeedsPassword = false;"),
        ["the last rule of sudo counts"] = (Good with { Sudo = new SudoFacts { Enable = true, Rules = [new([], ["wheel"], true, true), new(["me"], [], true, false)] } }, Me, "asks me for a password"),
        ["not in sudo at all"] = (Good with { Sudo = new SudoFacts { Enable = true, Rules = [new(["root"], [], true, false)] } }, Me, "may not become root"),
        ["other keys"] = (Good with { Users = new Dictionary<string, UserFacts> { ["me"] = Good.Users!["me"] with { Keys = ["ssh-ed25519 BBBB you"] } } }, Me with { AtHome = [] }, $"openssh.authorizedKeys.keys = [ \"ssh-ed25519 {OurKey}\" ];"),
        ["the home is not read"] = (Good with { Ssh = Good.Ssh with { AuthorizedKeysFiles = ["/etc/ssh/authorized_keys.d/%u"] } }, Root, "does not read ~/.ssh/authorized_keys"),
        ["the firewall is closed"] = (Good with { Firewall = Good.Firewall with { Ports = [80] } }, Root, "services.openssh.openFirewall = true;"),
        ["no NetworkManager"] = (Good with { Network = Good.Network with { Manager = false } }, Root, "networking.networkmanager.enable = true;"),
        ["no supplicant"] = (Good with { Network = Good.Network with { Wireless = false } }, Root, "networking.networkmanager.wifi.backend = \"iwd\";"),
        ["iwd is off"] = (Good with { Network = Good.Network with { WifiBackend = "iwd" } }, Root, "networking.wireless.iwd.enable = true;"),
        ["left alone"] = (Good with { Network = Good.Network with { Unmanaged = ["interface-name:wlan0"] } }, Root, "networking.networkmanager.unmanaged"),
    };

    private static ImmutableArray<PreflightFinding> Of(ConfigurationFacts flake, Login? login = null, DeviceFacts? device = null) => Comparison.Of(flake, NixosPi.Args, login ?? Root, device);

    private static ConfigurationFacts Boot(string name) => Good with { FileSystems = Good.FileSystems!.Where(mount => mount.Key != "/boot").Append(new("/boot", new(name, "vfat", null))).ToDictionary(mount => mount.Key, mount => mount.Value) };

    private static DeviceFacts WithDisk(string name, string label, string id) => NixosPi.Bare with
    {
        Disks =
        [
            new DiskFacts
            {
                Name = name,
                Path = $"/dev/{name}",
                ById = [name == "sda" ? "usb-x" : "usb-y"],
                Partitions =
                [
                    new PartitionFacts
                    {
                        Name = $"{name}1", Path = $"/dev/{name}1", Number = 1, PartitionLabel = label, PartitionId = id,
                        Content = new ContentFacts { FileSystem = "vfat", Label = name == "sda" ? "BOOT" : "OTHER", FileSystemId = name == "sda" ? "ABCD-1234" : "FFFF-0000" },
                    },
                ],
            },
        ],
    };
}
