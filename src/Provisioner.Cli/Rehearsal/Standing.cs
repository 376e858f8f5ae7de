using Provisioner.VirtualPi;

namespace Provisioner.Cli.Rehearsal;

/// <summary>The Pi as each proof should leave it: started from the SSD, / on our pool, in the WiFi through the profile that the stack wrote.</summary>
internal sealed class Standing(Stage stage)
{
    /// <summary>Looks at all of it in one login: the key exchange of each takes an emulated processor seconds.</summary>
    public Task<Glance> LookAsync(CancellationToken stop) => stage.Onlooker.GlanceAsync((string)stage.Outputs("WifiProfile")["path"]!, stop);

    /// <exception cref="ProofFailedException">It is otherwise.</exception>
    public async Task<Glance> HoldsAsync(string when, CancellationToken stop)
    {
        var glance = await LookAsync(stop);
        ProofFailedException.Unless(glance.Root == $"{DiskProofs.Pool}/root zfs", $"{when} / is '{glance.Root}'");
        var medium = stage.Machine.Status().Boot?.Medium;
        ProofFailedException.Unless(medium == PiBootMedium.Usb, $"{when} the firmware had booted from {medium?.ToString() ?? "nothing"}");
        var uuid = (string)stage.Outputs("WifiProfile")["uuid"]!;
        ProofFailedException.Unless(glance.Through == uuid, $"{when} the WiFi chip is connected through profile '{glance.Through}', ours is {uuid}");
        ProofFailedException.Unless(glance.Profile == "regular file 600 root root", $"{when} the profile's file is '{glance.Profile}'");
        await stage.Machine.WaitForWifiAsync(TimeSpan.FromSeconds(30), stop);
        return glance;
    }
}
