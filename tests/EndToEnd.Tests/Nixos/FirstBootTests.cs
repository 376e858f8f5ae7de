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
        await lamp.Pi.WaitForWifiAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken);
        await AnotherStackTakesItOverAsync(installed);
    }

    /// <summary>For a stack that knows nothing of card and SSD it is a NixOS that runs already, with a host key of its own.</summary>
    private static async Task AnotherStackTakesItOverAsync(InstalledLamp installed)
    {
        var lamp = installed.Lamp;
        var status = lamp.Pi.Status();
        using var other = await LampProject.CreateAsync(status, status.HostKeyFingerprint, HouseWifi.Default);
        (await other.TypeAsync("config", "set", "flake", installed.Flake)).Ended(0);
        var boot = await lamp.SaysAsync("cat /proc/sys/kernel/random/boot_id");
        var running = await lamp.SaysAsync("readlink /run/current-system");

        (await other.UpAsync()).Ended(0);
        (await lamp.SaysAsync("readlink /run/current-system")).ShouldBe(running, "it is what the flake makes already");
        (await other.UpAsync("--expect-no-changes")).Ended(0);

        installed.Edit("label", "taken-over");
        (await other.UpAsync()).Ended(0);
        var next = await lamp.SaysAsync("readlink /run/current-system");
        next.ShouldNotBe(running);
        (await lamp.SaysAsync("readlink -f /nix/var/nix/profiles/system")).ShouldBe(next);
        (await lamp.SaysAsync("cat /proc/sys/kernel/random/boot_id")).ShouldBe(boot, "a switch restarts nothing");

        // What would lock us out is refused before anything is built.
        var system = Path.Combine(installed.Flake, "system.nix");
        await File.WriteAllTextAsync(system, (await File.ReadAllTextAsync(system)).Replace("\"prohibit-password\"", "\"no\"", StringComparison.Ordinal));
        var refused = await other.UpAsync();
        refused.ExitCode.ShouldNotBe(0, refused.Printed);
        refused.Said("PermitRootLogin");
        (await lamp.SaysAsync("readlink /run/current-system")).ShouldBe(next);
    }
}
