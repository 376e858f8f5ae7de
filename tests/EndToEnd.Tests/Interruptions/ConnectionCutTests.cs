using EndToEnd.Tests.Disks;
using EndToEnd.Tests.Nixos;
using EndToEnd.Tests.Support;
using Provisioner.VirtualPi;

namespace EndToEnd.Tests.Interruptions;

/// <summary>Ups are typed until one ends well, and each loses its connection somewhere.</summary>
[Collection(DeviceCollection.Name)]
[Trait(Durations.Trait, Durations.Long)]
public sealed class ConnectionCutTests(FrozenPiFixture fixture)
{
    // Far more than one for each cut: an up that gets nowhere is to be told from one that needs many runs.
    private const int MostUps = 40;

    [Fact]
    public async Task Ups_converge_when_the_connection_is_cut_before_and_after_every_step_of_disk_pool_and_datasets()
    {
        await using var lamp = await Lamp.NewAsync(fixture.Frozen);
        (await lamp.Project.UpAsync()).Ended(0);
        await Ssd.PlugAsync(lamp);

        await ConvergesAsync(lamp, fewestCuts: 7);

        await Ssd.ShouldBeInPlaceAsync(lamp);
        (await lamp.SaysAsync($"zpool history {Ssd.Pool} | awk '$2 ~ /^z/ {{ print $2, $3 }}' | sort | uniq -c | awk '{{ print $2, $3, $1 }}'")).Split('\n')
            .ShouldBe(["zfs create 4", "zpool create 1"], "something was done twice");
    }

    [Fact]
    public async Task Ups_converge_when_the_connection_is_cut_before_and_after_every_step_of_the_WiFi_profile()
    {
        await using var lamp = await Lamp.NewAsync(fixture.Frozen);

        await ConvergesAsync(lamp, fewestCuts: 4);

        await lamp.ProfileShouldBeInPlaceAsync();
    }

    [Theory]
    [InlineData(false, 15)]
    [InlineData(true, 18)]
    public async Task Ups_converge_when_the_connection_is_cut_before_and_after_every_step_of_an_installation_and_the_first_boot(bool isBuiltElsewhere, int fewestCuts)
    {
        await using var installed = await InstalledLamp.NewAsync(fixture.Frozen);
        await using var other = isBuiltElsewhere ? await installed.BuildElsewhereAsync(fixture.Frozen) : null;

        await ConvergesAsync(installed.Lamp, fewestCuts);

        installed.Lamp.ShouldHaveStartedFrom(PiBootMedium.Usb);
        await installed.Lamp.ProfileShouldBeInPlaceAsync();
    }

    private static async Task ConvergesAsync(Lamp lamp, int fewestCuts)
    {
        var cutter = new ConnectionCutter(lamp);
        await cutter.InstallAsync();
        (await lamp.Project.PreviewAsync()).Ended(0);
        await cutter.BeginAsync();

        var ups = 1;
        for (var last = await lamp.Project.UpAsync(); last.ExitCode != 0; last = await lamp.Project.UpAsync())
        {
            last.Ended(1).Said("error");
            (++ups).ShouldBeLessThan(MostUps, last.Printed);
        }

        var (before, after) = await cutter.CutsAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"{before} commands cut off before they ran, {after} after; {ups} ups");
        before.ShouldBeGreaterThanOrEqualTo(fewestCuts);
        after.ShouldBeGreaterThanOrEqualTo(fewestCuts);
        (await lamp.Project.UpAsync("--expect-no-changes")).Ended(0);
    }
}
