using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Drift;

[Collection(DeviceCollection.Name)]
public sealed class DriftTests(BroughtUp broughtUp) : IClassFixture<BroughtUp>
{
    private const string Intruder = "/etc/NetworkManager/system-connections/intruder.nmconnection";

    private readonly Lamp _lamp = broughtUp.Lamp;

    /// <summary>What somebody did by hand over ssh, and the words that tell of it.</summary>
    public static TheoryData<string, string, string[]> Changes => new()
    {
        { "removed", $"rm '{Lamp.ProfilePath}'", [Lamp.ProfilePath, "missing", "does not know the network"] },
        {
            // Each row is a preview and an up, so what can stand side by side in one profile stands in one row.
            "made readable for all, given to somebody else, another priority and a setting",
            $"chmod 0644 '{Lamp.ProfilePath}' && chown 1:1 '{Lamp.ProfilePath}' && {Edited("autoconnect-priority=100", "autoconnect-priority=7")} && {Edited(@"\[ipv4\]", "[ipv4]\\nnever-default=true")}",
            [
                Lamp.ProfilePath,
                "mode", "0644", "0600", "ignores a profile that others may open",
                "owner", "1:1", "0:0", "not root's",
                "priority", "7", "100", "changed on the device",
                "settings", "never-default",
            ]
        },
        {
            "made for another network and given another password",
            $"{Edited("ssid=Lamp Home", "ssid=Neighbours")} && {Edited("psk=.*", $"psk={new string('a', 64)}")}",
            [Lamp.ProfilePath, "ssid", "Neighbours", "Lamp Home", "for another network now", "password", "differs"]
        },
        {
            "joined by a second one that NetworkManager prefers",
            $"umask 077 && sed -e '/^uuid=/d' -e 's/^id=.*/id=intruder/' -e 's/^autoconnect-priority=.*/autoconnect-priority=500/' '{Lamp.ProfilePath}' >{Intruder} && nmcli connection reload",
            [Intruder, "priority 500", $"NetworkManager prefers it to {Lamp.ProfilePath}"]
        },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_profile_that_was_changed_by_hand_is_named_by_a_preview_and_repaired_by_up(string change, string command, string[] words)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"the profile is {change}");
        try
        {
            await _lamp.SaysAsync(command);

            (await _lamp.Project.PreviewAsync("--expect-no-changes", "--verbose")).Ended(7).Said("1 dial, 1 exec").Said(words);

            (await _lamp.Project.UpAsync()).Ended(0);
            await _lamp.ProfileShouldBeInPlaceAsync();
        }
        finally
        {
            await _lamp.SaysAsync($"rm -f {Intruder} && nmcli connection reload");
        }
    }

    [Fact]
    public async Task To_find_a_change_is_no_failure_of_a_plain_preview()
    {
        await _lamp.SaysAsync($"chmod 0640 '{Lamp.ProfilePath}'");

        (await _lamp.Project.PreviewAsync()).Ended(0).Said(Lamp.ProfilePath, "0640");

        await _lamp.SaysAsync($"chmod 0600 '{Lamp.ProfilePath}'");
    }

    [Fact]
    public async Task Nothing_to_do_takes_one_dial_and_one_command()
    {
        (await _lamp.Project.PreviewAsync("--expect-no-changes", "--verbose")).Ended(0).Said("1 dial, 1 exec");
    }

    private static string Edited(string line, string by) => $"sed -i 's/^{line}$/{by}/' '{Lamp.ProfilePath}'";
}
