using EndToEnd.Tests.Disks;
using EndToEnd.Tests.Support;
using Provisioner.VirtualPi;

namespace EndToEnd.Tests.Nixos;

/// <summary>A <see cref="Lamp"/> whose stack has a flake: the stand-in for NixOS, with the identity's name and host id.</summary>
internal sealed class InstalledLamp : IAsyncDisposable
{
    private readonly TemporaryFolder _flake = new();

    private InstalledLamp(Lamp lamp) => Lamp = lamp;

    public Lamp Lamp { get; }

    /// <summary>A Pi on its card, with the stack's identity, a new SSD, and a flake to install; nothing is brought up yet.</summary>
    public static async Task<InstalledLamp> NewAsync(FrozenPi frozen)
    {
        var project = await LampProject.CreateBeforeThePiAsync(HouseWifi.Default);
        var (identity, hostId) = await project.MakeIdentityAsync();
        var installed = new InstalledLamp(await Lamp.OfAsync(frozen, project, identity, HouseWifi.Default));
        try
        {
            await Ssd.PlugAsync(installed.Lamp);
            PiFlake.Write(installed._flake.Path, identity.HostName, hostId);
            (await project.TypeAsync("config", "set", "flake", installed._flake.Path)).Ended(0);
            return installed;
        }
        catch
        {
            await installed.DisposeAsync();
            throw;
        }
    }

    /// <summary>Edits the flake: another <c>label</c> is another generation, and other <c>kernelWords</c> are as another kernel.</summary>
    public void Edit(string option, string value) => PiFlake.Change(_flake.Path, option, value);

    public async ValueTask DisposeAsync()
    {
        await Lamp.DisposeAsync();
        _flake.Dispose();
    }
}
