using EndToEnd.Tests.Support;
using Provisioner.VirtualPi;

namespace EndToEnd.Tests.Nixos;

/// <summary>A second virtual Pi builds what the lamp will run. The two do not know of each other.</summary>
[Collection(DeviceCollection.Name)]
public sealed class BuiltElsewhereTests(FrozenPiFixture fixture)
{
    [Fact]
    public async Task Another_machine_builds_the_system_which_is_brought_installed_and_updated()
    {
        await using var installed = await InstalledLamp.NewAsync(fixture.Frozen);
        await using var other = await installed.BuildElsewhereAsync(fixture.Frozen);
        var (lamp, project, port) = (installed.Lamp, installed.Lamp.Project, other.Machine.Status().WifiPort);

        (await project.UpAsync()).Ended(0).Said($"comes from Nix on root@127.0.0.1:{port}", "of its 3 store paths the device lacked 2", "proven: boot");

        lamp.ShouldHaveStartedFrom(PiBootMedium.Usb);
        (await project.TypeAsync("stack", "output", "connectedThrough")).Printed.Trim().ShouldBe(HouseWifi.Default.Ssid, "the card's own profile was in use only while ours was written");
        var running = await lamp.SaysAsync("readlink /run/current-system");
        running.ShouldBe(await BuiltAsync(other.Machine));
        await lamp.SaysAsync("test ! -e /var/lib/provisioner/system/flake");

        // Who has nothing to build is not asked: that it is another one is all that differs.
        await installed.BuildAtAsync(1, other);
        (await project.UpAsync()).Ended(0).Said("builderHost");
        (await lamp.SaysAsync("readlink /run/current-system")).ShouldBe(running);
        (await project.UpAsync("--expect-no-changes")).Ended(0);
        installed.Edit("label", "another");
        (await project.TypeAsync("preview")).Ended(0).Said("up will refuse to change the system", "builder:", "does not answer");

        await installed.BuildAtAsync(port, other);
        (await project.UpAsync()).Ended(0).Said("the device lacked 1");
        (await lamp.SaysAsync("readlink /run/current-system")).ShouldNotBe(running);
        (await lamp.SaysAsync("readlink /run/current-system")).ShouldBe(await BuiltAsync(other.Machine));
        (await project.UpAsync("--expect-no-changes")).Ended(0);
    }

    private static async Task<string> BuiltAsync(PiMachine builder) =>
        (await builder.RunAsync("readlink ~/.local/state/provisioner/systems/*", null, TestContext.Current.CancellationToken)).Succeeded().Trim();
}
