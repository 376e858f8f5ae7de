using Provisioner.VirtualPi;

namespace EndToEnd.Tests.Support;

/// <summary>A throw-away Pi that is on, on its WiFi, and a stack that points at it.</summary>
internal sealed class Lamp : IAsyncDisposable
{
    public const string ProfileType = "provisioner:index:WifiProfile";

    /// <summary>Where the profile of the router's network lies.</summary>
    public const string ProfilePath = "/etc/NetworkManager/system-connections/Lamp Home.nmconnection";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly PiClone _clone;

    private Lamp(PiClone clone, LampProject project)
    {
        _clone = clone;
        Project = project;
    }

    public PiMachine Pi => _clone.Machine;

    public LampProject Project { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A Pi that has a host key already, and a stack pinned to it by configuration; nothing is brought up yet.</summary>
    public static async Task<Lamp> NewAsync(FrozenPi frozen)
    {
        var clone = await frozen.CloneAsync(cancellationToken: Cancellation);
        try
        {
            await clone.Machine.WaitForWifiAsync(Patience, Cancellation);
            var status = clone.Machine.Status();
            return new Lamp(clone, await LampProject.CreateAsync(status, status.HostKeyFingerprint, HouseWifi.Default));
        }
        catch
        {
            await clone.DisposeAsync();
            throw;
        }
    }

    /// <summary>A new Pi with an identity on its card, in a house with this WiFi, for a stack that made the identity.</summary>
    /// <param name="project">It goes when the result is disposed of, or at once when this fails.</param>
    public static async Task<Lamp> OfAsync(FrozenPi frozen, LampProject project, PiIdentity identity, HouseWifi wifi)
    {
        var lamp = new Lamp(await frozen.CloneAsync(identity, Cancellation), project);
        try
        {
            await lamp.MoveToAsync(wifi);
            project.Point(lamp.Pi.Status(), hostKey: null);
            await project.SetWifiAsync(wifi);
            return lamp;
        }
        catch
        {
            await lamp.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gives the router another network, and the card's own profile what it takes to be within reach there.</summary>
    public async Task MoveToAsync(HouseWifi wifi)
    {
        await Pi.AccessPoint.SetAsync(wifi, Cancellation);
        await SaysAsync(
            // The name may end in a line break, which the shell would take away; so it is followed by a mark.
            "IFS= read -r key && ssid=$(cat) && nmcli connection modify bootstrap wifi.ssid \"${ssid%.}\" wifi-sec.psk \"$key\" && nmcli -w 90 connection up bootstrap",
            $"{wifi.DerivedKey}\n{wifi.Ssid}.");
        await Pi.WaitForWifiAsync(Patience, Cancellation);
    }

    /// <summary>The plug is pulled and put back: off at once, on again, and within reach over the WiFi.</summary>
    public async Task LosePowerAsync()
    {
        await Pi.PowerCutAsync(Cancellation);
        await Pi.StartAsync(cancellationToken: Cancellation);
        await Pi.WaitForWifiAsync(Patience, Cancellation);
    }

    /// <summary>Fails the test unless the firmware started from there last.</summary>
    public void ShouldHaveStartedFrom(PiBootMedium medium, string? because = null) => Pi.Status().Boot.ShouldNotBeNull().Medium.ShouldBe(medium, because);

    /// <summary>What a command run by hand prints, past the WiFi; it must succeed.</summary>
    public async Task<string> SaysAsync(string command, string? input = null) =>
        (await Pi.RunAsync(command, input, Cancellation)).Succeeded().Trim();

    /// <summary>Fails the test unless the profile is there as it should be, alone, and in use or not hindered from it.</summary>
    public async Task ProfileShouldBeInPlaceAsync()
    {
        (await SaysAsync($"stat -c '%F %a %U:%G' '{ProfilePath}'")).ShouldBe("regular file 600 root:root");
        var text = await SaysAsync($"cat '{ProfilePath}'");
        text.ShouldContain($"ssid={HouseWifi.Default.Ssid}\n");
        text.ShouldContain($"psk={HouseWifi.Default.DerivedKey}");
        text.ShouldContain("autoconnect-priority=100");
    }

    public async ValueTask DisposeAsync()
    {
        Project.Dispose();
        await _clone.DisposeAsync();
    }
}
