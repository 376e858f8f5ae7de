using EndToEnd.Tests.Disks;
using EndToEnd.Tests.Support;
using Provisioner.VirtualPi;

namespace EndToEnd.Tests.Nixos;

[Collection(DeviceCollection.Name)]
[Trait(Durations.Trait, Durations.Long)]
public sealed class FirstBootTests(FrozenPiFixture fixture)
{
    [Fact]
    public async Task One_up_leads_from_the_card_to_a_NixOS_on_the_SSD_that_answers_with_the_same_key_through_our_WiFi()
    {
        await using var installed = await InstalledLamp.NewAsync(fixture.Frozen);
        var (lamp, project) = (installed.Lamp, installed.Lamp.Project);
        var key = lamp.Pi.Status().HostKeyFingerprint;

        (await project.UpAsync()).Ended(0).Said("proven: boot");

        lamp.ShouldHaveStartedFrom(PiBootMedium.Usb);
        (await lamp.SaysAsync("findmnt -no SOURCE,FSTYPE /")).ShouldBe($"{Ssd.Pool}/root zfs");
        (await lamp.SaysAsync("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub | cut -d ' ' -f 2")).ShouldBe(key);
        (await lamp.SaysAsync("nmcli -g GENERAL.CON-UUID device show wlan0")).ShouldBe(
            (await project.ResourceAsync(Lamp.ProfileType)).GetProperty("outputs").GetProperty("uuid").GetString());
        (await lamp.SaysAsync("zpool list -H -o name,health,altroot; hostname")).Split('\n').ShouldBe([$"{Ssd.Pool}\tONLINE\t-", "lamp"]);
        await lamp.ProfileShouldBeInPlaceAsync();
        (await project.UpAsync("--expect-no-changes")).Ended(0);

        // The card is still in the slot, and comes first in the firmware's order.
        await lamp.Pi.PowerCutAsync(TestContext.Current.CancellationToken);
        await lamp.Pi.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        lamp.ShouldHaveStartedFrom(PiBootMedium.Usb, "the retired card has booted");
    }
}
