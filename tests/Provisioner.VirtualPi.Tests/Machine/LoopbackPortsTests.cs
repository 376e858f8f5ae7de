using System.Net;
using System.Net.Sockets;
using Provisioner.VirtualPi.Machine;

namespace Provisioner.VirtualPi.Tests.Machine;

public sealed class LoopbackPortsTests
{
    [Fact]
    public void The_default_machine_has_the_well_known_ports() =>
        LoopbackPorts.Choose("pi", new HashSet<int> { 2222 }).ShouldBe((2222, 2223));

    [Fact]
    public void Another_machine_gets_two_free_ports_that_nobody_has()
    {
        var taken = Enumerable.Range(1024, 60000).Where(port => port % 2 == 0).ToHashSet();

        var (wifi, service) = LoopbackPorts.Choose("other", taken);

        wifi.ShouldNotBe(service);
        taken.ShouldNotContain(wifi);
        taken.ShouldNotContain(service);
    }

    [Fact]
    public void A_port_that_somebody_listens_on_is_not_free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        LoopbackPorts.IsFree(((IPEndPoint)listener.LocalEndpoint).Port).ShouldBeFalse();
    }

    [Fact]
    public async Task The_banner_is_the_first_line_of_whoever_listens()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var asking = LoopbackPorts.BannerAsync(port, TimeSpan.FromMinutes(1), TimeProvider.System, TestContext.Current.CancellationToken);
        using var client = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
        await client.SendAsync("SSH-2.0-Lamp\r\nmore"u8.ToArray());

        (await asking).ShouldBe("SSH-2.0-Lamp");
    }

    [Fact]
    public async Task Nobody_listening_is_no_banner()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        (await LoopbackPorts.BannerAsync(port, TimeSpan.FromMinutes(1), TimeProvider.System, TestContext.Current.CancellationToken)).ShouldBeNull();
    }
}
