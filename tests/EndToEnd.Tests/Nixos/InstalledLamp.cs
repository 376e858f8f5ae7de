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

    /// <summary>The folder of its flake.</summary>
    public string Flake => _flake.Path;

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

    /// <summary>A second Pi, on its card, that the stack has build the system from now on. Of that the lamp's own card lacks the kernel then.</summary>
    public async Task<PiClone> BuildElsewhereAsync(FrozenPi frozen)
    {
        var other = await frozen.CloneAsync(cancellationToken: TestContext.Current.CancellationToken);
        try
        {
            await other.Machine.WaitForWifiAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken);
            (await Lamp.Project.TypeAsync("config", "set", "builder", "ssh")).Ended(0);
            await BuildAtAsync(other.Machine.Status().WifiPort, other);

            // It is there as from a binary cache.
            await Lamp.SaysAsync("rm /nix/var/nix/gcroots/nixos-standin-1 && nix-collect-garbage && ! ls /nix/store | grep -q 'boot$'");
            return other;
        }
        catch
        {
            await other.DisposeAsync();
            throw;
        }
    }

    /// <summary>Tells the stack at which port of this machine the second Pi answers.</summary>
    public async Task BuildAtAsync(int port, PiClone other) => (await Lamp.Project.TypeAsync(
        "config", "set", "builderHost", $"ssh://root@127.0.0.1:{port}?hostKey={Uri.EscapeDataString(other.Machine.Status().HostKeyFingerprint!)}")).Ended(0);

    /// <summary>Edits the flake: another <c>label</c> is another generation, and other <c>kernelWords</c> are as another kernel.</summary>
    public void Edit(string option, string value) => PiFlake.Change(_flake.Path, option, value);

    public async ValueTask DisposeAsync()
    {
        await Lamp.DisposeAsync();
        _flake.Dispose();
    }
}
