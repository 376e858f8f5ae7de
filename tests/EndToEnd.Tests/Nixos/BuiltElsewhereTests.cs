using EndToEnd.Tests.Support;
using Provisioner.VirtualPi;

namespace EndToEnd.Tests.Nixos;

/// <summary>A second virtual Pi builds what the lamp will run. The two do not know of each other.</summary>
[Collection(DeviceCollection.Name)]
public sealed class BuiltElsewhereTests(FrozenPiFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Another_machine_builds_the_system_which_is_brought_installed_and_updated()
    {
        await using var installed = await InstalledLamp.NewAsync(fixture.Frozen);
        await using var other = await fixture.Frozen.CloneAsync(cancellationToken: Cancellation);
        await other.Machine.WaitForWifiAsync(Patience, Cancellation);
        var (lamp, project, builder) = (installed.Lamp, installed.Lamp.Project, other.Machine.Status());
        (await project.TypeAsync("config", "set", "builder", "ssh")).Ended(0);
        await BuildAtAsync(builder.WifiPort);

        // The lamp's card has the kernel in its store, as from a binary cache. Without it, it has to come from the builder too.
        await lamp.SaysAsync("rm /nix/var/nix/gcroots/nixos-standin-1 && nix-collect-garbage && ! ls /nix/store | grep -q 'boot$'");

        (await project.UpAsync()).Ended(0).Said($"comes from Nix on root@127.0.0.1:{builder.WifiPort}", "of its 3 store paths the device lacked 2", "proven: boot");

        lamp.ShouldHaveStartedFrom(PiBootMedium.Usb);
        (await project.TypeAsync("stack", "output", "connectedThrough")).Printed.Trim().ShouldBe(HouseWifi.Default.Ssid, "the card's own profile was in use only while ours was written");
        var running = await lamp.SaysAsync("readlink /run/current-system");
        running.ShouldBe(await BuiltAsync(other.Machine));
        await lamp.SaysAsync("test ! -e /var/lib/provisioner/system/flake");

        // Who has nothing to build is not asked.
        await BuildAtAsync(1);
        (await project.UpAsync("--expect-no-changes")).Ended(0);
        installed.Edit("label", "another");
        (await project.TypeAsync("preview")).Ended(0).Said("up will refuse to change the system", "builder:", "does not answer");

        await BuildAtAsync(builder.WifiPort);
        (await project.UpAsync()).Ended(0).Said("the device lacked 1");
        (await lamp.SaysAsync("readlink /run/current-system")).ShouldNotBe(running);
        (await lamp.SaysAsync("readlink /run/current-system")).ShouldBe(await BuiltAsync(other.Machine));
        (await project.UpAsync("--expect-no-changes")).Ended(0);

        async Task BuildAtAsync(int port) => (await project.TypeAsync(
            "config", "set", "builderHost", $"ssh://root@127.0.0.1:{port}?hostKey={Uri.EscapeDataString(builder.HostKeyFingerprint!)}")).Ended(0);
    }

    private static async Task<string> BuiltAsync(PiMachine builder) =>
        (await builder.RunAsync("readlink ~/.local/state/provisioner/systems/*", null, Cancellation)).Succeeded().Trim();
}
