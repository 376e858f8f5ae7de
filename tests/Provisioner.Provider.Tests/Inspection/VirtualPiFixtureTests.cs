using System.Security.Cryptography;
using Provisioner.Provider.Inspection;

namespace Provisioner.Provider.Tests.Inspection;

/// <summary>An answer that a real system gave: a virtual Pi (Debian 13) while it ran from its card, before our profile was there.</summary>
public sealed class VirtualPiFixtureTests
{
    private const string Word = "00112233445566778899aabbccddeeff";

    private static readonly DeviceFacts Facts = DeviceFactsParser.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Inspection", "Fixtures", "virtual-pi.txt")), Word, DigestKey.Create(RandomNumberGenerator.Fill));

    [Fact]
    public void It_is_root_on_a_Pi_that_runs_from_its_card()
    {
        Facts.Account.ShouldBe(new Account(0, "root"));
        Facts.Board.Model.ShouldBe("Raspberry Pi 4 Model B Rev 1.5");
        Facts.Board.Source.ShouldBe("dmi");
        Facts.Board.Serial.ShouldNotBeNull().ShouldMatch("^[0-9a-f]{16}$");
        Facts.Boot.RootSource.ShouldBe("/dev/mmcblk0p2");
        Facts.Boot.Incarnation.ShouldBe(Incarnation.Bootstrap);
        Facts.Boot.TargetRoot.ShouldBe("");
        Facts.Os.Id.ShouldBe("debian");
        Facts.Os.Kernel.ShouldStartWith("6.12");
        Facts.Os.Architecture.ShouldBe("x86_64");
        Facts.Memory.TotalBytes.ShouldBeGreaterThan(1_000_000_000);
        Facts.Memory.AvailableBytes.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Its_card_has_three_partitions()
    {
        var card = Facts.Disks.Single(disk => disk.Path == "/dev/mmcblk0");
        card.Partitions.Select(partition => partition.Path).ShouldBe(["/dev/mmcblk0p1", "/dev/mmcblk0p2", "/dev/mmcblk0p3"]);
        card.Partitions[1].MountPoint.ShouldBe("/");
        card.Transport.ShouldBe("mmc");
        card.ById.ShouldHaveSingleItem().ShouldStartWith("mmc-");
    }

    [Fact]
    public void It_talks_to_us_over_WiFi_through_the_bootstrap_profile()
    {
        Facts.Network.ManagerRunning.ShouldBeTrue();
        Facts.Network.OurInterface.ShouldBe("wlan0");
        Facts.Network.WifiDevice!.Name.ShouldBe("wlan0");
        Facts.Network.ActiveWifi!.FileName.ShouldBe("/etc/NetworkManager/system-connections/bootstrap.nmconnection");
        Facts.Network.ActiveWifi.Priority.ShouldBe(-100);
        Facts.Network.AccessPoints.ShouldContain(point => point.Ssid.ToString() == "Lamp Home");
        Facts.Profiles.Select(file => file.Path).ShouldBe(
            ["/etc/NetworkManager/system-connections/bootstrap.nmconnection", "/run/NetworkManager/system-connections/lo.nmconnection"]);
        var profile = Facts.Profiles[0];
        profile.IsAccepted.ShouldBeTrue();
        profile.Uuid.ShouldBe(Facts.Network.ActiveWifi.Uuid);
        profile.OtherKeys.ShouldContain("wifi-security.psk");
        profile.SecretDigest.ShouldNotBeNull().Length.ShouldBe(64);
    }

    [Fact]
    public void It_has_the_tools_that_the_watchdog_wants() => new[] { "nmcli", "systemd-run", "sha256sum" }.ShouldBeSubsetOf(Facts.Tools);
}
