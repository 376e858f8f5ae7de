using System.Text.RegularExpressions;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Disks;

[Collection(DeviceCollection.Name)]
public sealed partial class SsdConsentTests(FrozenPiFixture fixture)
{
    [Fact]
    public async Task A_used_SSD_is_wiped_only_with_the_token_for_just_what_is_on_it()
    {
        await using var lamp = await Ssd.NewLampAsync(fixture.Frozen);
        await lamp.SaysAsync($"zpool create -f -O mountpoint=/run/holiday holiday {Ssd.ById} && echo sunset >/run/holiday/picture && zpool export holiday");

        var stale = TokenIn((await lamp.Project.PreviewAsync()).Ended(0).Said("up will refuse to", "holiday").Printed);
        (await lamp.Project.UpAsync()).Ended(1).Said("Refused to", "holiday");

        // Somebody adds a picture after the token was given out.
        await lamp.SaysAsync("zpool import -d /dev/disk/by-id holiday && echo beach >/run/holiday/another && zpool export holiday");
        await AgreeAsync(lamp, stale);
        (await lamp.Project.UpAsync()).Ended(1).Said("Refused to", "something about it has changed since");
        await lamp.SaysAsync("zpool import -d /dev/disk/by-id holiday && cat /run/holiday/picture /run/holiday/another && zpool export holiday");

        await AgreeAsync(lamp, TokenIn((await lamp.Project.PreviewAsync()).Ended(0).Printed));
        (await lamp.Project.UpAsync()).Ended(0);
        await Ssd.ShouldBeInPlaceAsync(lamp);
    }

    private static async Task AgreeAsync(Lamp lamp, (string Path, string Token) consent) =>
        (await lamp.Project.TypeAsync("config", "set", "--path", consent.Path, consent.Token)).Ended(0);

    private static (string Path, string Token) TokenIn(string printed)
    {
        var command = Command().Match(printed);
        command.Success.ShouldBeTrue(printed);
        return (command.Groups["path"].Value, command.Groups["token"].Value);
    }

    [GeneratedRegex(@"\./provision config set --path '?(?<path>consent[^ ']+)'? (?<token>disk[-0-9a-z]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Command();
}
