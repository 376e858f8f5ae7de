using Provisioner.VirtualPi.Tests.Support;

namespace Provisioner.VirtualPi.Tests.Device;

[Collection(DeviceCollection.Name)]
public sealed class CloneTests(FrozenPiFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_copy_is_a_Pi_that_runs_from_its_card_and_is_on_the_WiFi()
    {
        await using var clone = await fixture.Frozen.CloneAsync(cancellationToken: Cancellation);
        var pi = clone.Machine;
        await pi.WaitForWifiAsync(Patience, Cancellation);

        (await pi.SaysAsync("findmnt -no SOURCE /")).ShouldBe("/dev/mmcblk0p2");
        (await pi.SaysAsync("cat /sys/class/dmi/id/product_name")).ShouldBe("Raspberry Pi 4 Model B Rev 1.5");
        (await pi.SaysAsync("nmcli -g GENERAL.STATE,GENERAL.CONNECTION,IP4.ADDRESS device show wlan0")).ShouldBe("100 (connected)\nbootstrap\n10.0.3.15/24");
        (await pi.SaysAsync("nmcli -g GENERAL.STATE device show eth0")).ShouldBe("10 (unmanaged)");
        (await pi.SaysAsync("systemctl is-system-running")).ShouldBe("running");
        (await pi.SaysAsync("zpool list -H; cat /sys/module/zfs/version")).ShouldStartWith("2.");
        // Past the page cache: the card's controller must have come along.
        (await pi.SaysAsync("dd if=/dev/mmcblk0p2 of=/dev/null bs=1M count=4 skip=1000 iflag=direct 2>&1 && date +%s > /root/written && sync && echo fine")).ShouldEndWith("fine");
    }

    [Fact]
    public async Task A_copy_knows_what_time_it_is()
    {
        await using var clone = await fixture.Frozen.CloneAsync(cancellationToken: Cancellation);

        var guest = DateTimeOffset.FromUnixTimeSeconds(long.Parse(await clone.Machine.SaysAsync("date +%s"), System.Globalization.CultureInfo.InvariantCulture));

        guest.ShouldBe(TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_copy_with_an_identity_shows_that_host_key_over_the_WiFi_and_has_that_name()
    {
        using var folder = new TemporaryFolder();
        var identity = new PiIdentity((await Tool.NewHostKeyAsync(folder)).Pem, "bedside-lamp");
        await using var clone = await fixture.Frozen.CloneAsync(identity, Cancellation);
        await clone.Machine.WaitForWifiAsync(Patience, Cancellation);

        (await ShownHostKeyAsync(clone.Machine)).ShouldBe(SshHostKey.FromPrivateKey(identity.HostKeyPem));
        (await clone.Machine.SaysAsync("hostname; cat /etc/hostname")).ShouldBe("bedside-lamp\nbedside-lamp");
        clone.Machine.Status().HostKeyFingerprint.ShouldBe(SshHostKey.FromPrivateKey(identity.HostKeyPem).Fingerprint);
    }

    [Fact]
    public async Task An_SSD_comes_and_goes_under_its_own_name_and_keeps_its_content()
    {
        await using var clone = await fixture.Frozen.CloneAsync(cancellationToken: Cancellation);
        var pi = clone.Machine;
        var disk = $"/dev/disk/by-id/{PiDisk.Default.ById}";

        await pi.PlugAsync(cancellationToken: Cancellation);
        await pi.ShouldComeToSayAsync($"test -b {disk} && lsblk -dno SIZE,TRAN,VENDOR,MODEL,SERIAL {disk} | tr -s ' '", said => said == "16G usb Samsung Portable SSD T5 S49TNP0KA12345");
        await pi.SaysAsync($"echo remembered | dd of={disk} conv=fsync status=none");
        await pi.UnplugAsync(cancellationToken: Cancellation);
        await pi.ShouldComeToSayAsync($"test -e {disk} || echo gone", said => said == "gone");
        await pi.PlugAsync(new PiDisk("S2") { Product = "Another disk", Bytes = 1 << 30 }, Cancellation);
        await pi.PlugAsync(cancellationToken: Cancellation);
        await pi.ShouldComeToSayAsync($"test -b {disk} && head -c 10 {disk}", said => said == "remembered");
        await pi.ShouldComeToSayAsync("ls /dev/disk/by-id", said => said.Contains("usb-Samsung_Another_disk_S2-0:0", StringComparison.Ordinal));

        pi.Status().Disks.Select(plugged => (plugged.Disk.Serial, plugged.Plugged)).ShouldBe([("S2", true), ("S49TNP0KA12345", true)], ignoreOrder: true);
        await Should.ThrowAsync<PiException>(() => pi.PlugAsync(cancellationToken: Cancellation));
    }

    [Fact]
    public async Task A_machine_with_a_disk_is_not_frozen_and_goes_on()
    {
        using var folder = new TemporaryFolder();
        await using var clone = await fixture.Frozen.CloneAsync(cancellationToken: Cancellation);
        await clone.Machine.PlugAsync(cancellationToken: Cancellation);

        var error = await Should.ThrowAsync<PiException>(() => FrozenPi.FreezeAsync(fixture.Home, clone.Machine, folder.File("frozen"), Cancellation));

        error.Message.ShouldContain("unplug");
        (await clone.Machine.SaysAsync("echo still here")).ShouldBe("still here");
    }

    [Fact]
    public async Task Somebody_changes_the_house_password_and_the_Pi_is_out_until_it_learns_it()
    {
        var changed = new HouseWifi("Lamp Home", "battery staple in the attic");
        await using var clone = await fixture.Frozen.CloneAsync(cancellationToken: Cancellation);
        var pi = clone.Machine;
        await pi.WaitForWifiAsync(Patience, Cancellation);

        await pi.AccessPoint.SetAsync(changed, Cancellation);
        await pi.ShouldComeToSayAsync("nmcli -g GENERAL.STATE device show wlan0", said => said != "100 (connected)");
        await pi.SaysAsync("nmcli connection modify bootstrap wifi-sec.psk $(cat)", changed.DerivedKey);
        await pi.SaysAsync("nmcli connection up bootstrap");

        await pi.WaitForWifiAsync(Patience, Cancellation);
        pi.Status().Ssid.ShouldBe("Lamp Home");
    }

    [Fact]
    public async Task The_access_point_is_switched_off_and_on_again()
    {
        await using var clone = await fixture.Frozen.CloneAsync(cancellationToken: Cancellation);
        var pi = clone.Machine;
        await pi.WaitForWifiAsync(Patience, Cancellation);

        await pi.AccessPoint.OffAsync(Cancellation);
        await pi.ShouldComeToSayAsync("nmcli -g GENERAL.STATE device show wlan0", said => said != "100 (connected)");
        pi.Status().RadioOn.ShouldBeFalse();
        await pi.AccessPoint.OnAsync(Cancellation);

        await pi.WaitForWifiAsync(Patience, Cancellation);
        pi.Status().RadioOn.ShouldBeTrue();
    }

    internal static async Task<SshHostKey> ShownHostKeyAsync(PiMachine machine)
    {
        var port = machine.Status().WifiPort.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var line = await Tool.OutputAsync("ssh-keyscan", "-T", "60", "-t", "ed25519", "-p", port, "127.0.0.1");
        return SshHostKey.Parse(line[line.IndexOf(' ', StringComparison.Ordinal)..]);
    }
}
