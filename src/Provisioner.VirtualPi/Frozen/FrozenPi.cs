using Provisioner.VirtualPi.Building;
using Provisioner.VirtualPi.Frozen;
using Provisioner.VirtualPi.Host;
using Provisioner.VirtualPi.Machine;

namespace Provisioner.VirtualPi;

/// <summary>
/// A virtual Pi frozen right after its bootstrap system came up: WiFi joined, ZFS loaded, no disk plugged in. Tests take
/// throw-away copies of it, each in seconds. It is made once, and kept in the cache for all processes.
/// </summary>
public sealed class FrozenPi
{
    internal const string Kind = "frozen";

    // What lies in a frozen machine's folder; to be raised with every change of it.
    private const string Format = "2";
    private static readonly TimeSpan WifiDeadline = TimeSpan.FromMinutes(3);

    // So that the copies do not each wait for what the first use of a program or module costs.
    private const string WarmUp =
        "modprobe zfs && zpool list -H && nmcli -t device && sgdisk --version && mkfs.vfat --help && systemctl is-system-running --wait && sync";

    private readonly PiHome _home;
    private readonly FrozenFolder _folder;

    private FrozenPi(PiHome home, FrozenFolder folder)
    {
        _home = home;
        _folder = folder;
    }

    /// <summary>The frozen machine of this cache, made first if need be (which takes minutes; the steps tell).</summary>
    /// <exception cref="PiException">It could not be made.</exception>
    public static async Task<FrozenPi> GetAsync(PiHome home, IProgress<PiStep>? progress = null, CancellationToken cancellationToken = default)
    {
        var steps = new StepTeller(progress, home.Time);
        await HostPackages.EnsureAsync(home, steps, cancellationToken);
        var card = await new CardBuilder(home, steps).GetAsync(cancellationToken);
        var acceleration = await new AccelerationProbe(home, steps).ChooseAsync(card, cancellationToken);
        var store = new ArtefactStore(home.Artefacts, home.Time);
        var key = await KeyAsync(card, acceleration, cancellationToken);
        var result = await store.GetAsync(
            Kind, key, draft => MakeAsync(home, key, new FrozenFolder(draft), progress, steps, cancellationToken), cancellationToken);
        await new PiMachines(home).RemoveAbandonedAsync(cancellationToken);
        if (!result.FromCache)
        {
            new ArtefactCleaning(home).Run();
        }

        return new FrozenPi(home, new FrozenFolder(result.Folder));
    }

    /// <summary>Freezes a running machine as it is now, with the software on its card, into a folder; the machine is deleted. Its copies come from the result.</summary>
    /// <param name="home">Where the machine is, and its copies will be.</param>
    /// <param name="machine">It must be on, and without disks: their state cannot be saved. Plug disks into the copies.</param>
    /// <param name="folder">A new folder, in the care of the caller.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<FrozenPi> FreezeAsync(PiHome home, PiMachine machine, string folder, CancellationToken cancellationToken = default)
    {
        var frozen = new FrozenFolder(folder);
        await new Freezer(home).FreezeAsync(machine, frozen, cancellationToken);
        await machine.DeleteAsync(cancellationToken);
        return new FrozenPi(home, frozen);
    }

    /// <summary>A running copy with a card, ports and router of its own. It goes when it is disposed of, or some time after this process has ended.</summary>
    /// <param name="identity">The copy's own host key and name; without it, it has those of the frozen machine.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PiException">It did not come to life.</exception>
    public async Task<PiClone> CloneAsync(PiIdentity? identity = null, CancellationToken cancellationToken = default)
    {
        var clone = new PiClone(new PiMachines(_home).Get($"clone-{Guid.NewGuid().ToString("N")[..8]}"));
        try
        {
            await new Freezer(_home).ThawAsync(_folder, clone.Machine, identity, ProcessMark.Current, cancellationToken);
            return clone;
        }
        catch
        {
            await clone.DisposeAsync();
            throw;
        }
    }

    // Memory fits only the very machine it was taken from.
    private static async Task<string> KeyAsync(CardImage card, PiAcceleration acceleration, CancellationToken cancellationToken)
    {
        var plan = new QemuPlan
        {
            Folder = new MachineFolder("/"),
            Name = Kind,
            Acceleration = acceleration,
            Kernel = card.Key,
            InitialRamDisk = card.Key,
            BoardSerial = string.Empty,
            WifiPort = 0,
            ServicePort = 0,
        };
        var processor = acceleration == PiAcceleration.Kvm ? await File.ReadAllTextAsync("/proc/version", cancellationToken) + CpuModel() : string.Empty;
        return CacheKey.Of(
            [Format, card.Key, await AccelerationProbe.QemuVersionAsync(cancellationToken), processor, WarmUp, .. QemuCommandLine.Of(plan)], []);
    }

    private static string? CpuModel() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));

    private static async Task MakeAsync(
        PiHome home, string key, FrozenFolder folder, IProgress<PiStep>? progress, StepTeller steps, CancellationToken cancellationToken)
    {
        var machine = new PiMachines(home).Get($"frozen-{key}");
        // What an interrupted attempt left.
        await machine.DeleteAsync(cancellationToken);
        try
        {
            await machine.StartAsync(new PiStartOptions { Owner = ProcessMark.Current }, progress, cancellationToken);
            await steps.TellAsync("waiting for the WiFi", () => machine.WaitForWifiAsync(WifiDeadline, cancellationToken));
            await steps.TellAsync("warming up", async () =>
                (await machine.RunAsync(WarmUp, cancellationToken: cancellationToken)).Succeeded());
            await steps.TellAsync("freezing", () => new Freezer(home).FreezeAsync(machine, folder, cancellationToken));
        }
        finally
        {
            await machine.DeleteAsync(CancellationToken.None);
        }
    }
}

/// <summary>A throw-away copy of a frozen machine.</summary>
public sealed class PiClone : IAsyncDisposable
{
    internal PiClone(PiMachine machine) => Machine = machine;

    /// <summary>The running copy: everything that can be done to a machine can be done to it.</summary>
    public PiMachine Machine { get; }

    /// <summary>Ends and removes it.</summary>
    public async ValueTask DisposeAsync() => await Machine.DeleteAsync();
}
