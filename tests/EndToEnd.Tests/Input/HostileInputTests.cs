using System.Text;
using EndToEnd.Tests.Support;
using Provisioner.VirtualPi;

namespace EndToEnd.Tests.Input;

[Collection(DeviceCollection.Name)]
public sealed class HostileInputTests(FrozenPiFixture fixture)
{
    /// <summary>
    /// Each of them would break a shell line, a keyfile, YAML or JSON that was put together carelessly. The last one has 32 bytes
    /// and 63 characters, the most there can be, and blanks at both ends of the name; the simulated router does not take them at
    /// those of a password.
    /// </summary>
    private static readonly HouseWifi[] Houses =
    [
        new("$(reboot); 'x' \"y\" \\n`id`", "\"; rm -rf / #$HOME 'quoted' \\"),
        new("💡 Lampe 家; [wifi]=#", "%s \\t ; = [psk] # ${x} ~!"),
        new(" Zu Hause\n2. Stock\t\\s 💡 Flur ", "between these words are single blanks, 63 letters, and no edges"),
    ];

    [Fact]
    public async Task Names_and_passwords_full_of_quotes_dollars_backslashes_emoji_and_line_breaks_are_joined_as_they_are()
    {
        await using var lamp = await Lamp.NewAsync(fixture.Frozen);
        foreach (var house in Houses)
        {
            await lamp.MoveToAsync(house);
            await lamp.Project.SetWifiAsync(house);

            (await lamp.Project.UpAsync()).Ended(0);

            var profile = await lamp.Project.ResourceAsync(Lamp.ProfileType);
            var uuid = profile.GetProperty("outputs").GetProperty("uuid").GetString()!;
            (await lamp.SaysAsync("nmcli -g GENERAL.STATE,GENERAL.CON-UUID device show wlan0")).ShouldBe($"100 (connected)\n{uuid}");
            (await lamp.SaysAsync("iw dev wlan0 link | sed -n 's/^\\tSSID: //p'")).ShouldBe(AsIwPrints(house.Ssid));
            (await KeyOfAsync(lamp, uuid)).ShouldBe(house.DerivedKey);
            (await lamp.Project.UpAsync("--expect-no-changes")).Ended(0);
        }
    }

    /// <summary>
    /// The key NetworkManager has for this profile. It is asked over D-Bus: <c>nmcli -s … connection show</c> of 1.52 prints an
    /// empty key about once in sixty times, without an error.
    /// </summary>
    private static Task<string> KeyOfAsync(Lamp lamp, string uuid) => lamp.SaysAsync(
        $$"""
        set -e; name=org.freedesktop.NetworkManager
        path=$(busctl --json=short call $name /org/freedesktop/NetworkManager/Settings $name.Settings GetConnectionByUuid s {{uuid}} | jq -r '.data[0]')
        busctl --json=short call $name "$path" $name.Settings.Connection GetSecrets s 802-11-wireless-security | jq -r '.data[0]["802-11-wireless-security"].psk.data'
        """);

    /// <summary>As iw writes a name: blanks at either end, the backslash, and every byte beyond printable ASCII in hex.</summary>
    private static string AsIwPrints(string ssid)
    {
        var bytes = Encoding.UTF8.GetBytes(ssid);
        return string.Concat(bytes.Select((value, at) =>
            value is > (byte)' ' and <= (byte)'~' and not (byte)'\\' || (value == ' ' && at > 0 && at < bytes.Length - 1) ? $"{(char)value}" : $"\\x{value:x2}"));
    }

    [Fact]
    public async Task A_name_of_33_bytes_is_refused_with_its_length_before_anything_is_asked_of_the_Pi()
    {
        // Nothing listens there: whoever asked it first would complain about that.
        using var project = await LampProject.CreateBeforeThePiAsync(HouseWifi.Default with { Ssid = new string('x', 33) });

        (await project.TypeAsync("preview")).Ended(1).Said("ssid", "33", "32");
    }
}
