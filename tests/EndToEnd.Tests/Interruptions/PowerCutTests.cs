using EndToEnd.Tests.Disks;
using EndToEnd.Tests.Nixos;
using EndToEnd.Tests.Support;
using Provisioner.VirtualPi;

namespace EndToEnd.Tests.Interruptions;

/// <summary>Ups are typed until one ends well, and during each the power is cut somewhere.</summary>
[Collection(DeviceCollection.Name)]
[Trait(Durations.Trait, Durations.Long)]
public sealed class PowerCutTests(FrozenPiFixture fixture)
{
    // Far more than there are programs to be cut off: an up that gets nowhere is to be told from one that needs many runs.
    private const int MostCuts = 60;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ups_converge_when_the_power_is_cut_before_and_in_the_middle_of_everything_that_writes_to_the_SSD()
    {
        await using var lamp = await Lamp.NewAsync(fixture.Frozen);
        (await lamp.Project.UpAsync()).Ended(0);
        await Ssd.PlugAsync(lamp);

        await ConvergesAsync(
            lamp, 12, "'zpool create '*", "'zpool import '*", "'zpool set '*", "'zfs create '*", "'zfs set '*", "'zfs inherit '*", "'sgdisk --'[cn]*", "'wipefs -a '*", "'mkfs.vfat '*");

        await Ssd.ShouldBeInPlaceAsync(lamp);
        (await lamp.Project.UpAsync("--expect-no-changes")).Ended(0);
    }

    [Fact]
    public async Task Ups_converge_when_the_power_is_cut_before_and_in_the_middle_of_everything_that_installs_and_hands_over()
    {
        await using var installed = await InstalledLamp.NewAsync(fixture.Frozen);
        var lamp = installed.Lamp;

        await ConvergesAsync(lamp, 12, "'mount -t '*", "'nix '*' build '*", "'nixos-install '*", "'umount '*/mnt", "'zpool export '*", "'vcmailbox '*");

        lamp.ShouldHaveStartedFrom(PiBootMedium.Usb);
        await lamp.ProfileShouldBeInPlaceAsync();
        (await lamp.Project.UpAsync("--expect-no-changes")).Ended(0);
    }

    [Fact]
    public async Task A_power_cut_while_the_SSD_starts_for_the_first_time_leads_back_to_the_card_and_the_next_up_goes_on()
    {
        await using var installed = await InstalledLamp.NewAsync(fixture.Frozen);
        var lamp = installed.Lamp;
        var up = lamp.Project.UpAsync();
        while (lamp.Pi.Status().Boot is not { Medium: PiBootMedium.Usb })
        {
            up.IsCompleted.ShouldBeFalse("nothing was started from the SSD");
            await Task.Delay(TimeSpan.FromMilliseconds(200), Cancellation);
        }

        await lamp.LosePowerAsync();
        lamp.ShouldHaveStartedFrom(PiBootMedium.Card, "the SSD was to be started once");
        (await up).Ended(1).Said("error");

        (await lamp.Project.UpAsync()).Ended(0).Said("proven: boot");
        lamp.ShouldHaveStartedFrom(PiBootMedium.Usb);
        (await lamp.Project.UpAsync("--expect-no-changes")).Ended(0);
    }

    private static async Task ConvergesAsync(Lamp lamp, int fewestCuts, params string[] uses)
    {
        var cutter = new PowerCutter(lamp, uses);
        await cutter.InstallAsync();
        var cuts = new List<string>();
        while (true)
        {
            var up = lamp.Project.UpAsync();
            if (await cutter.CutAsync(up, Cancellation) is not { } cut)
            {
                (await up).Ended(0);
                break;
            }

            (await up).Ended(1).Said("error");
            TestContext.Current.TestOutputHelper?.WriteLine($"power cut {cut}");
            cuts.Add(cut);
            cuts.Count.ShouldBeLessThan(MostCuts, "the ups get nowhere");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{cuts.Count} power cuts");
        cuts.Count.ShouldBeGreaterThanOrEqualTo(fewestCuts);
    }
}
