using Provisioner.VirtualPi;

namespace Provisioner.Cli.Rehearsal;

/// <summary>The system on the SSD: installed from a flake, not left again for the card, and kept through what goes wrong.</summary>
internal sealed class SystemProofs(Stage stage)
{
    // The least that can be set: the system that is switched to here is one that nobody can come back to.
    private const string RollbackAfter = "60";

    private readonly WifiProofs _wifi = new(stage);
    private readonly DiskProofs _disk = new(stage);

    /// <summary>Where the flake lies; it goes with the machine.</summary>
    public static string FlakeOf(PiMachine machine) => Path.Combine(machine.Status().Folder, "flake");

    /// <summary>The stack gets a flake, and a name for the installation: the one that is there, or the first.</summary>
    public async Task ConfigureAsync(CancellationToken stop)
    {
        (await stage.TypeBareAsync(stop, "pi", "flake", FlakeOf(stage.Machine), "--identity", stage.Stack)).Ended(ExitCodes.Success);
        await stage.SetAsync("flake", FlakeOf(stage.Machine), stop);
        await stage.SetAsync("installation", (string?)stage.TryOutputs("NixosSystem")?["installation"] ?? "first", stop);
        await stage.SetAsync("rollbackAfter", RollbackAfter, stop);
    }

    /// <summary>The system runs from the SSD, proven, with the host key that the card's had.</summary>
    public async Task IsInstalledAsync(string key, CancellationToken stop)
    {
        await RunsFromSsdAsync("after the first boot", stop);
        var now = (await stage.Onlooker.AskAsync("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub", stop)).Split(' ')[1];
        ProofFailedException.Unless(now == key, $"the installed system has the host key {now}, and the card's had {key}");
        await _wifi.JoinedThroughOursAsync("after the first boot", stop);
    }

    /// <summary>The card is still in the slot, and comes first in the firmware's order.</summary>
    public async Task BootFromSsdAgainAsync(CancellationToken stop)
    {
        await stage.Machine.PowerCutAsync(stop);
        (await stage.TypeBareAsync(stop, "pi", "start", "--name", stage.Machine.Name)).Ended(ExitCodes.Success);
        await RunsFromSsdAsync("after a power cut", stop);
        await stage.Machine.WaitForWifiAsync(TimeSpan.FromMinutes(2), stop);
        await stage.ChangesNothingAsync(stop);
    }

    /// <summary>A generation that brings nothing up that could join the WiFi.</summary>
    public async Task SurviveUpdateWithoutNetworkManagerAsync(CancellationToken stop)
    {
        var running = await stage.Onlooker.AskAsync("readlink /run/current-system /nix/var/nix/profiles/system", stop);
        var elsewhere = stage.Files.CopyOfConfiguration();
        (await stage.TypeAsync(stop, "config", "set", "system", "pi4-without-networkmanager", Stage.ConfigFile, elsewhere)).Ended(ExitCodes.Success);
        (await stage.UpAsync(stop, Stage.ConfigFile, elsewhere)).Ended(ExitCodes.Error).Said("we did not come back in time").Said("has gone back to the system that ran before");

        var now = await stage.Onlooker.AskAsync("readlink /run/current-system /nix/var/nix/profiles/system", stop);
        ProofFailedException.Unless(now == running, $"it runs and boots\n{now}and before it was\n{running}");
        await _wifi.JoinedThroughOursAsync("after the update", stop);
        await stage.ChangesNothingAsync(stop);
    }

    /// <summary>Booted from a card again, under another name for the installation: what is to be kept is there, the rest is new.</summary>
    public async Task ReinstallAsync(string card, CancellationToken stop)
    {
        const string Mine = "dd if=/dev/urandom of=/home/mine bs=64k count=16 status=none; sync; sha256sum </home/mine";
        var (mine, pool) = (await stage.Onlooker.AskAsync(Mine, stop), (string)stage.Outputs("ZfsPool")["guid"]!);
        await stage.Onlooker.AskAsync("echo broken >/root/broken; echo broken >/var/broken; sync", stop);
        (await stage.TypeBareAsync(stop, "pi", "stop", "--name", stage.Machine.Name)).Ended(ExitCodes.Success);
        (await stage.TypeBareAsync(stop, "pi", "start", "--name", stage.Machine.Name, "--card", card)).Ended(ExitCodes.Success);
        await stage.Machine.WaitForWifiAsync(TimeSpan.FromMinutes(2), stop);
        await _disk.TakeBackFromForeignAsync(stop);
        await stage.SetAsync("installation", "second", stop);

        (await stage.TypeAsync(stop, "preview")).Ended(ExitCodes.Success)
            .Said("it is kept, with all that is in it").Said($"zfs rename {DiskProofs.Pool}/root {DiskProofs.Pool}/root.was-").Said("install NixOS");
        (await stage.UpAsync(stop)).Ended(ExitCodes.Success).Said("proven: boot");

        await RunsFromSsdAsync("after the reinstallation", stop);
        await _wifi.JoinedThroughOursAsync("after the reinstallation", stop);
        var kept = await stage.Onlooker.AskAsync("sha256sum </home/mine; ls -A /root /var", stop);
        ProofFailedException.Unless(kept.StartsWith(mine, StringComparison.Ordinal), "what was in /home is not what it was");
        ProofFailedException.Unless(!kept.Contains("broken", StringComparison.Ordinal), "what was in / and /var is still there");
        var guid = (await stage.Onlooker.AskAsync($"zpool get -H -o value guid {DiskProofs.Pool}", stop)).Trim();
        ProofFailedException.Unless(guid == pool, $"the pool is {guid}, and was {pool}");
        await stage.ChangesNothingAsync(stop);
    }

    private async Task RunsFromSsdAsync(string when, CancellationToken stop)
    {
        var root = (await stage.Onlooker.AskAsync("findmnt -no SOURCE,FSTYPE /", stop)).Trim();
        ProofFailedException.Unless(root == $"{DiskProofs.Pool}/root zfs", $"{when} / is '{root}'");
        var medium = stage.Machine.Status().Boot?.Medium;
        ProofFailedException.Unless(medium == PiBootMedium.Usb, $"{when} the firmware had booted from {medium?.ToString() ?? "nothing"}");
    }
}
