using EndToEnd.Tests.Support;
using Provisioner.VirtualPi;

namespace EndToEnd.Tests.Nixos;

/// <summary>One lamp that runs from its SSD: every test leaves it as it found it, perhaps a generation further.</summary>
public sealed class InstalledOnce(FrozenPiFixture fixture) : IAsyncLifetime
{
    internal InstalledLamp Installed { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Installed = await InstalledLamp.NewAsync(fixture.Frozen);
        (await Installed.Lamp.Project.UpAsync()).Ended(0);
        Installed.Lamp.ShouldHaveStartedFrom(PiBootMedium.Usb);
    }

    public async ValueTask DisposeAsync() => await Installed.DisposeAsync();
}
