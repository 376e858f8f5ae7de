using EndToEnd.Tests.Support;
using Provisioner.VirtualPi;

namespace EndToEnd.Tests.Interruptions;

/// <summary>A change of the WiFi in use that works, and after which nobody can come back.</summary>
[Collection(DeviceCollection.Name)]
[Trait(Durations.Trait, Durations.Long)]
public sealed class LostWayBackTests(BroughtUp broughtUp) : IClassFixture<BroughtUp>
{
    private const string Trap = "/etc/NetworkManager/dispatcher.d/99-trap";
    private const string Set = "/run/trap-is-set";
    private const string Sprung = "/run/trap-has-sprung";
    private const string Watchdog = "/var/lib/provisioner/watchdog";

    /// <summary>
    /// The house loses its way out, and whoever gives out addresses there, when the Pi next connects, and has both again when
    /// the Pi gives that connection up; a start of the machine mends it too, since house and trap are within it.
    /// </summary>
    private const string TrapProgram =
        $"""
        #!/bin/sh
        case "$1 $2" in
        "wlan0 up") if [ -e {Set} ]; then mv {Set} {Sprung}; ip netns exec house ip link set br0 down; fi ;;
        "wlan0 down") if [ -e {Sprung} ]; then ip netns exec house ip link set br0 up; fi ;;
        esac
        """;

    private const string ByHand = "never-default=true";

    private readonly Lamp _lamp = broughtUp.Lamp;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_device_goes_back_by_itself_when_the_network_it_changed_to_leads_nowhere()
    {
        await ChangeByHandAsync();

        (await _lamp.Project.UpAsync()).Ended(1).Said("went back", "we did not come back in time");

        (await _lamp.SaysAsync($"cat '{Lamp.ProfilePath}'")).ShouldContain($"{ByHand}\n");
        (await _lamp.SaysAsync($"ls /etc/NetworkManager/system-connections {Sprung}")).ShouldNotContain("provisioner-before-change");
        await ConvergesAsync();
    }

    [Fact]
    public async Task A_device_whose_power_fails_before_the_change_is_confirmed_starts_with_a_way_in_and_undoes_it()
    {
        await ChangeByHandAsync();
        var up = _lamp.Project.UpAsync();
        await _lamp.SaysAsync($"timeout 120 sh -c 'until [ -e {Watchdog}/changed ] && [ -e {Sprung} ]; do sleep 0.2; done'");

        await _lamp.LosePowerAsync();
        (await up).Ended(1).Said("error");

        (await _lamp.Project.PreviewAsync("--expect-no-changes")).Ended(7).Said("never confirmed");
        await ConvergesAsync();
    }

    /// <summary>Changes the profile in use by one line, so that an up connects anew, and sets the trap for that.</summary>
    private async Task ChangeByHandAsync() => await _lamp.SaysAsync(
        $"sed -i 's/^\\[ipv4\\]$/[ipv4]\\n{ByHand}/' '{Lamp.ProfilePath}' && cat >{Trap} && chmod 755 {Trap} && rm -f {Sprung} && : >{Set} && sync", TrapProgram);

    private async Task ConvergesAsync()
    {
        await _lamp.SaysAsync($"rm -f {Trap}");
        (await _lamp.Project.UpAsync()).Ended(0);
        await _lamp.ProfileShouldBeInPlaceAsync();
        (await _lamp.Project.UpAsync("--expect-no-changes")).Ended(0);
    }
}
