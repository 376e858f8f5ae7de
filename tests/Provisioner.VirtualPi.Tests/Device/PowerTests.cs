using Provisioner.VirtualPi.Tests.Support;

namespace Provisioner.VirtualPi.Tests.Device;

[Collection(DeviceCollection.Name)]
public sealed class PowerTests(FrozenPiFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_machine_boots_with_the_identity_on_its_card_and_keeps_it_and_what_was_synced_over_a_power_cut()
    {
        using var folder = new TemporaryFolder();
        var identity = new PiIdentity((await Tool.NewHostKeyAsync(folder)).Pem, "bedside-lamp");
        var key = SshHostKey.FromPrivateKey(identity.HostKeyPem);
        var pi = new PiMachines(fixture.Home).Get($"test-{Guid.NewGuid().ToString("N")[..8]}");
        try
        {
            var started = await pi.StartAsync(new PiStartOptions { Identity = identity, Owner = VirtualPi.Machine.ProcessMark.Current }, fixture, Cancellation);
            started.Power.ShouldBe(PiPower.On);
            started.HostKey.ShouldBe(key);
            await pi.WaitForWifiAsync(TimeSpan.FromMinutes(3), Cancellation);
            (await CloneTests.ShownHostKeyAsync(pi)).ShouldBe(key);
            (await pi.SaysAsync("systemctl is-system-running --wait; hostname")).ShouldBe("running\nbedside-lamp");

            await pi.SaysAsync("echo kept > /root/synced && sync && echo lost > /root/not-synced");
            (await pi.PowerCutAsync(Cancellation)).ShouldBeTrue();
            (await pi.PowerCutAsync(Cancellation)).ShouldBeFalse();
            pi.Status().Power.ShouldBe(PiPower.Off);
            pi.Status().ProcessId.ShouldBeNull();

            await pi.PlugAsync(cancellationToken: Cancellation);
            var again = await pi.StartAsync(progress: fixture, cancellationToken: Cancellation);
            again.HostKey.ShouldBe(key);
            (again.WifiPort, again.ServicePort).ShouldBe((started.WifiPort, started.ServicePort));
            (await pi.SaysAsync("cat /root/synced; test -s /root/not-synced || echo nothing")).ShouldBe("kept\nnothing");
            await pi.ShouldComeToSayAsync("ls /dev/disk/by-id", said => said.Contains(PiDisk.Default.ById, StringComparison.Ordinal));

            (await pi.StopAsync(Cancellation)).ShouldBeTrue("the system did not switch itself off");
            pi.Status().Power.ShouldBe(PiPower.Off);
        }
        finally
        {
            await pi.DeleteAsync(CancellationToken.None);
        }

        pi.Status().Power.ShouldBe(PiPower.Absent);
    }

    [Fact]
    public async Task A_machine_whose_process_is_gone_is_removed()
    {
        await using var clone = await fixture.Frozen.CloneAsync(cancellationToken: Cancellation);
        var state = clone.Machine.State();
        clone.Machine.Keep(state with { Owner = new VirtualPi.Machine.ProcessMark(state.Owner!.Id, 0) });

        await new PiMachines(fixture.Home).RemoveAbandonedAsync(Cancellation);

        clone.Machine.Status().Power.ShouldBe(PiPower.Absent);
    }
}
