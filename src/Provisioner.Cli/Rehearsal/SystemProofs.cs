using System.Globalization;
using Provisioner.VirtualPi;

namespace Provisioner.Cli.Rehearsal;

/// <summary>The system on the SSD: installed from a flake, not left again for the card, and kept through what goes wrong.</summary>
internal sealed class SystemProofs(Stage stage)
{
    // The least that can be set: the system that is switched to here is one that nobody can come back to.
    private const string RollbackAfter = "60";

    private readonly Standing _standing = new(stage);
    private readonly DiskProofs _disk = new(stage);

    /// <summary>The name of the installation that is there: a number, so that the next one has another.</summary>
    private int Installation => int.TryParse((string?)stage.TryOutputs("NixosSystem")?["installation"], CultureInfo.InvariantCulture, out var number) ? number : 1;

    /// <summary>Where the flake lies; it goes with the machine.</summary>
    public static string FlakeOf(PiMachine machine) => Path.Combine(machine.Status().Folder, "flake");

    /// <summary>The stack gets a flake, and a name for the installation: the one that is there, or the first.</summary>
    public async Task ConfigureAsync(CancellationToken stop)
    {
        (await stage.TypeBareAsync(stop, "pi", "flake", FlakeOf(stage.Machine), "--identity", stage.Stack)).Ended(ExitCodes.Success);
        await stage.SetAsync("flake", FlakeOf(stage.Machine), stop);
        await stage.SetAsync("installation", Installation.ToString(CultureInfo.InvariantCulture), stop);
        await stage.SetAsync("rollbackAfter", RollbackAfter, stop);
    }

    /// <summary>The system runs from the SSD, proven, with the host key that the card's had.</summary>
    public async Task IsInstalledAsync(string key, CancellationToken stop)
    {
        var now = await _standing.HoldsAsync("after the first boot", stop);
        ProofFailedException.Unless(now.HostKey == key, $"the installed system has the host key {now.HostKey}, and the card's had {key}");
    }

    /// <summary>The card is still in the slot, and comes first in the firmware's order.</summary>
    public async Task BootFromSsdAgainAsync(CancellationToken stop)
    {
        await stage.Machine.PowerCutAsync(stop);
        (await stage.TypeBareAsync(stop, "pi", "start", "--name", stage.Machine.Name)).Ended(ExitCodes.Success);
        await stage.Machine.WaitForWifiAsync(TimeSpan.FromMinutes(2), stop);
        await _standing.HoldsAsync("after a power cut", stop);
        await stage.ChangesNothingAsync(stop);
    }

    /// <summary>A generation that brings nothing up that could join the WiFi.</summary>
    public async Task SurviveUpdateWithoutNetworkManagerAsync(CancellationToken stop)
    {
        var before = await _standing.LookAsync(stop);
        var elsewhere = stage.Files.CopyOfConfiguration();
        (await stage.TypeAsync(stop, "config", "set", "system", "pi4-without-networkmanager", Stage.ConfigFile, elsewhere)).Ended(ExitCodes.Success);
        (await stage.UpAsync(stop, Stage.ConfigFile, elsewhere)).Ended(ExitCodes.Error).Said("we did not come back in time").Said("has gone back to the system that ran before");

        var after = await _standing.HoldsAsync("after the update", stop);
        ProofFailedException.Unless(after.Systems == before.Systems, $"it runs and boots\n{after.Systems}\nand before it was\n{before.Systems}");
        await stage.ChangesNothingAsync(stop);
    }

    /// <summary>Booted from a card again, under another name for the installation: what is to be kept is there, the rest is new.</summary>
    public async Task ReinstallAsync(string card, CancellationToken stop)
    {
        const string Mine = "echo broken | tee /root/broken >/var/broken; dd if=/dev/urandom of=/home/mine bs=64k count=16 status=none; sync; sha256sum </home/mine";
        var (mine, pool) = (await stage.Onlooker.AskAsync(Mine, stop), (string)stage.Outputs("ZfsPool")["guid"]!);
        (await stage.TypeBareAsync(stop, "pi", "stop", "--name", stage.Machine.Name)).Ended(ExitCodes.Success);
        (await stage.TypeBareAsync(stop, "pi", "start", "--name", stage.Machine.Name, "--card", card)).Ended(ExitCodes.Success);
        await stage.Machine.WaitForWifiAsync(TimeSpan.FromMinutes(2), stop);
        await _disk.TakeBackFromForeignAsync(stop);
        await stage.SetAsync("installation", (Installation + 1).ToString(CultureInfo.InvariantCulture), stop);

        (await stage.TypeAsync(stop, "preview")).Ended(ExitCodes.Success)
            .Said("it is kept, with all that is in it").Said($"zfs rename {DiskProofs.Pool}/root {DiskProofs.Pool}/root.was-").Said("install NixOS");
        (await stage.UpAsync(stop)).Ended(ExitCodes.Success).Said("proven: boot");

        await _standing.HoldsAsync("after the reinstallation", stop);
        var kept = await stage.Onlooker.AskAsync($"sha256sum </home/mine; zpool get -H -o value guid {DiskProofs.Pool}; ls -A /root /var", stop);
        ProofFailedException.Unless(kept.StartsWith(mine, StringComparison.Ordinal), "what was in /home is not what it was");
        ProofFailedException.Unless(!kept.Contains("broken", StringComparison.Ordinal), "what was in / and /var is still there");
        ProofFailedException.Unless(kept.Split('\n') is [_, var guid, ..] && guid == pool, $"the pool was {pool}, and now the Pi says\n{kept}");
        await stage.ChangesNothingAsync(stop);
    }
}
