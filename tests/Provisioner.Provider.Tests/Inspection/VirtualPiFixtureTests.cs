using System.Security.Cryptography;
using Provisioner.Provider.Inspection;

namespace Provisioner.Provider.Tests.Inspection;

/// <summary>An answer that a real system gave: a virtual Pi (Debian 13) while it ran from its card, before our profile was there.</summary>
public sealed class VirtualPiFixtureTests
{
    private const string Word = "00112233445566778899aabbccddeeff";

    private static readonly DeviceFacts Facts = DeviceFactsParser.Parse(
        File.ReadAllText(Fixture("virtual-pi.txt")), Word, DigestKey.Create(RandomNumberGenerator.Fill));

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
        card.Partitions.Select(partition => partition.Path).ShouldBe(["/dev/mmcblk0p3", "/dev/mmcblk0p1", "/dev/mmcblk0p2"]);
        card.Partitions[2].MountPoints.ShouldBe(["/"]);
        var firmware = card.Partitions[1].Content;
        (firmware.FileSystem, firmware.Label, firmware.FileSystemId).ShouldBe(("vfat", "FIRMWARE", "0AB5-939C"));
        card.Transport.ShouldBe("mmc");
        card.TableType.ShouldBe("dos");
        card.TableId.ShouldBe("0badcafe");
        card.ById.ShouldHaveSingleItem().ShouldStartWith("mmc-");
    }

    [Fact]
    public void Its_SSD_is_told_with_everything_on_it()
    {
        var ssd = Facts.Disks.Single(disk => disk.Serial == "S49TNP0KA12345");
        ssd.Path.ShouldBe("/dev/sda");
        ssd.SizeBytes.ShouldBe(16L << 30);
        ssd.Model.ShouldBe("Portable SSD T5");
        ssd.Transport.ShouldBe("usb");
        (ssd.Removable, ssd.ReadOnly).ShouldBe((false, false));
        ssd.ById.ShouldBe(["usb-Samsung_Portable_SSD_T5_S49TNP0KA12345-0:0"]);
        (ssd.TableType, ssd.TableId).ShouldBe(("gpt", "707d9fcc-c33f-48b7-9957-7ecec5cb7ead"));
        ssd.Holders.ShouldBeEmpty();
        ssd.Partitions.Select(partition => partition.Number).ShouldBe([1, 2, 3, 4, 5]);
        var esp = ssd.Partitions[0];
        (esp.StartSector, esp.SizeBytes).ShouldBe((2048L, 512L << 20));
        (esp.TypeId, esp.PartitionId).ShouldBe(("c12a7328-f81f-11d2-ba4b-00a0c93ec93b", "b66a4216-763c-4abf-bf24-36bf87cddd81"));
        esp.PartitionLabel.ShouldBe("E S\"P*");
        (esp.Content.FileSystem, esp.Content.Label).ShouldBe(("vfat", "BOOT"));
        esp.Content.Digest.ShouldBeNull();
        (ssd.Partitions[1].Content.FileSystem, ssd.Partitions[1].Content.Label, ssd.Partitions[1].Content.FileSystemId).ShouldBe(("zfs_member", "lamp", "12238795120241208574"));
        ssd.Partitions[2].MountPoints.ShouldBe(["[SWAP]"]);
        Facts.Vdevs.Known.ShouldBeTrue();
        Facts.Vdevs.Devices.ShouldBe([("/dev/sda2", "lamp")]);
    }

    [Fact]
    public void Of_a_disk_that_nobody_uses_the_content_is_told_too()
    {
        var sections = Sections.Parse(File.ReadAllText(Fixture("virtual-pi-disks.txt")), Word);
        var ssd = DiskParser.Parse(sections).Single(disk => disk.Name == "sda");

        ssd.Content.Digest.ShouldBe("9821dcb3992facaec2daa635ebaadd1d869ee9b7eda54af3c397a84f64b622bf");
        ssd.Partitions[3].Content.IsZero.ShouldBeTrue();
        ssd.Partitions[4].Content.IsZero.ShouldBeFalse();
        ssd.Partitions[1].Content.ZfsLabel.Select(line => $"{line.Key}={line.Value}").ShouldBe(["hostname=raspberrypi", "name=lamp", "state=1", "txg=35"]);
        ssd.Text.ShouldStartWith("KNAME=\"sda\"");
        DiskParser.Vdevs(sections["vdevs"]).Devices.ShouldBeEmpty();
    }

    [Fact]
    public void It_talks_to_us_over_WiFi_through_the_bootstrap_profile()
    {
        Facts.Network.ManagerRunning.ShouldBeTrue();
        Facts.Network.OurInterface.ShouldBe("wlan0");
        WaysIn.RadioFor(null, null, Facts)!.Name.ShouldBe("wlan0");
        WaysIn.Wifi(null, Facts)!.FileName.ShouldBe("/etc/NetworkManager/system-connections/bootstrap.nmconnection");
        WaysIn.Wifi(null, Facts)!.Priority.ShouldBe(-100);
        Facts.Network.AccessPoints.ShouldContain(point => point.Ssid.ToString() == "Lamp Home");
        Facts.Profiles.Select(file => file.Path).ShouldBe(
            ["/etc/NetworkManager/system-connections/bootstrap.nmconnection", "/run/NetworkManager/system-connections/lo.nmconnection"]);
        var profile = Facts.Profiles[0];
        profile.IsAccepted.ShouldBeTrue();
        profile.Uuid.ShouldBe(WaysIn.Wifi(null, Facts)!.Uuid);
        profile.OtherKeys.ShouldContain("wifi-security.psk");
        profile.SecretDigest.ShouldNotBeNull().Length.ShouldBe(64);
    }

    [Fact]
    public void It_has_the_tools_that_the_watchdog_wants() => new[] { "nmcli", "systemd-run", "sha256sum" }.ShouldBeSubsetOf(Facts.Tools);

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Inspection", "Fixtures", name);
}
