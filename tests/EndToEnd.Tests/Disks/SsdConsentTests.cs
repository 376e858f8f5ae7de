using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Disks;

[Collection(DeviceCollection.Name)]
public sealed class SsdConsentTests(FrozenPiFixture fixture)
{
    [Fact]
    public async Task A_used_SSD_is_wiped_only_with_the_token_for_just_what_is_on_it()
    {
        await using var lamp = await Ssd.NewLampAsync(fixture.Frozen);
        await lamp.SaysAsync($"zpool create -f -O mountpoint=/run/holiday holiday {Ssd.ById} && echo sunset >/run/holiday/picture && zpool export holiday");

        var stale = ConsentCommand.In((await lamp.Project.PreviewAsync()).Ended(0).Said("up will refuse to", "holiday"));
        (await lamp.Project.UpAsync()).Ended(1).Said("Refused to", "holiday");

        // Somebody adds a picture after the token was given out.
        await lamp.SaysAsync("zpool import -d /dev/disk/by-id holiday && echo beach >/run/holiday/another && zpool export holiday");
        await stale.TypeAsync(lamp.Project);
        (await lamp.Project.UpAsync()).Ended(1).Said("Refused to", "something about it has changed since");
        await lamp.SaysAsync("zpool import -d /dev/disk/by-id holiday && cat /run/holiday/picture /run/holiday/another && zpool export holiday");

        await ConsentCommand.In((await lamp.Project.PreviewAsync()).Ended(0)).TypeAsync(lamp.Project);
        (await lamp.Project.UpAsync()).Ended(0);
        await Ssd.ShouldBeInPlaceAsync(lamp);
    }
}
