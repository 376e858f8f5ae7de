using EndToEnd.Tests.Support;
using Provisioner.VirtualPi;

namespace EndToEnd.Tests.Input;

public sealed class HostileInputTests
{
    [Fact]
    public async Task A_name_of_33_bytes_is_refused_with_its_length_before_anything_is_asked_of_the_Pi()
    {
        // Nothing listens there: whoever asked it first would complain about that.
        var nobody = new PiStatus
        {
            Name = "none",
            Power = PiPower.Absent,
            Folder = string.Empty,
            WifiPort = 1,
            KeyFile = PiHome.FromEnvironment().LoginKeyFile,
            KnownHostsFile = string.Empty,
            SerialLog = string.Empty,
        };
        using var project = await LampProject.CreateAsync(nobody, null, HouseWifi.Default with { Ssid = new string('x', 33) });

        (await project.TypeAsync("preview")).Ended(1).Said("ssid", "33", "32");
    }
}
