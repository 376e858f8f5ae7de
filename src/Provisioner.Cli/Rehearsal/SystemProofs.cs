using Provisioner.VirtualPi;

namespace Provisioner.Cli.Rehearsal;

/// <summary>The system on the SSD: installed from a flake, booted from there, and not left again for the card.</summary>
internal sealed class SystemProofs(Stage stage)
{
    private readonly WifiProofs _wifi = new(stage);
    private string _stackFile = string.Empty;

    /// <summary>Where the flake lies; it goes with the machine.</summary>
    public static string FlakeOf(PiMachine machine) => Path.Combine(machine.Status().Folder, "flake");

    /// <summary>One up installs the system, hands over to it, and proves it.</summary>
    public async Task InstallAsync(CancellationToken stop)
    {
        var before = stage.Machine.Status().HostKeyFingerprint;
        (await stage.TypeBareAsync(stop, "pi", "flake", FlakeOf(stage.Machine), "--identity", stage.Stack)).Ended(ExitCodes.Success);
        _stackFile = stage.Files.CopyOfStackFile();
        (await stage.TypeAsync(stop, "config", "set", "flake", FlakeOf(stage.Machine), "--config-file", _stackFile)).Ended(ExitCodes.Success);
        (await UpAsync(stop)).Ended(ExitCodes.Success).Said("proven: boot");

        await RunsFromSsdAsync("after the first boot", stop);
        var key = (await stage.Onlooker.AskAsync("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub", stop)).Split(' ')[1];
        ProofFailedException.Unless(key == before, $"the installed system has the host key {key}, and the card's had {before}");
        await _wifi.JoinedThroughOursAsync("after the first boot", stop);
    }

    /// <summary>The card is still in the slot, and comes first in the firmware's order.</summary>
    public async Task BootFromSsdAgainAsync(CancellationToken stop)
    {
        await stage.Machine.PowerCutAsync(stop);
        (await stage.TypeBareAsync(stop, "pi", "start", "--name", stage.Machine.Name)).Ended(ExitCodes.Success);
        await RunsFromSsdAsync("after a power cut", stop);
        await stage.Machine.WaitForWifiAsync(TimeSpan.FromMinutes(2), stop);
        (await UpAsync(stop, "--expect-no-changes")).Ended(ExitCodes.Success);
    }

    private Task<Typed> UpAsync(CancellationToken stop, params string[] more) => stage.UpAsync(stop, ["--config-file", _stackFile, .. more]);

    private async Task RunsFromSsdAsync(string when, CancellationToken stop)
    {
        var root = (await stage.Onlooker.AskAsync("findmnt -no SOURCE,FSTYPE /", stop)).Trim();
        ProofFailedException.Unless(root == $"{DiskProofs.Pool}/root zfs", $"{when} / is '{root}'");
        var medium = stage.Machine.Status().Boot?.Medium;
        ProofFailedException.Unless(medium == PiBootMedium.Usb, $"{when} the firmware had booted from {medium?.ToString() ?? "nothing"}");
    }
}
