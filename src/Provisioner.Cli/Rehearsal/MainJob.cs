using System.Text;
using Provisioner.VirtualPi;

namespace Provisioner.Cli.Rehearsal;

/// <summary>The main job on a virtual Pi, from nothing: each promise, in the order in which a person would see it kept.</summary>
internal sealed class MainJob(Stage stage, SecretWatch watch)
{
    /// <summary>What is made before there is a machine. The component is what all are parts of, and so need.</summary>
    private static readonly string[] BeforeTheMachine = ["**HeadlessPi::*", "**HostIdentity::*", "**SdImage::*", "**SdCard::*"];

    private readonly WifiProofs _wifi = new(stage);
    private readonly DiskProofs _disk = new(stage);
    private readonly SystemProofs _system = new(stage);
    private string _card = string.Empty;

    /// <summary>What must be in no output, state file, argument list or environment: the password, and the key made of it.</summary>
    public static IReadOnlyList<string> Secrets { get; } = [HouseWifi.Default.Password, HouseWifi.Default.DerivedKey, WifiProofs.WrongPassword];

    public IReadOnlyList<Proof> Proofs =>
    [
        new("Before there is a machine: an identity, an image without secrets, and a card", MakeCardAsync),
        new("The virtual Pi boots from that card, joins the WiFi, and shows the key that we know", BootAsync),
        new("An SSD with somebody's pool on it is not touched without consent", _disk.RefuseWithoutConsentAsync),
        new("With consent: partitions, pool, four datasets, and the WiFi joined through our profile", BringUpAsync),
        new("A second up changes nothing", ChangesNothingAsync),
        new("A plain preview names a deleted profile and a changed property", FindDriftAsync),
        new("up puts both back", RepairAsync),
        new("Our pool, exported, comes back; one of the same name on another disk is left alone", _disk.LeaveForeignPoolAloneAsync),
        new("After a wrong password the Pi comes back by itself", _wifi.SurviveWrongPasswordAsync),
        new("After that, up changes nothing", ChangesNothingAsync),
        new("One up installs the flake on the SSD and boots it from there: / on ZFS, the same host key, our WiFi", _system.InstallAsync),
        new("The card, retired but still in the slot, does not boot again, and up changes nothing", _system.BootFromSsdAgainAsync),
        new("The password was in no output, state, argument list or environment", KeepSecretsAsync),
    ];

    private async Task MakeCardAsync(CancellationToken stop)
    {
        if (stage.Files.StackExists)
        {
            // What it knows is about a virtual Pi and an SSD that will be new ones.
            (await stage.TypeAsync(stop, "stack", "rm", "--yes", "--force", "--preserve-config")).Ended(ExitCodes.Success);
        }

        (await stage.TypeBareAsync(stop, "stack", "init", stage.Stack)).Ended(ExitCodes.Success);
        (await stage.TypeBareAsync(stop, "pi", "image", await stage.FileAsync("image", stop))).Ended(ExitCodes.Success);
        _card = await stage.FileAsync("card", stop);
        File.Delete(_card);
        (await stage.UpAsync(stop, [.. BeforeTheMachine.SelectMany(pattern => new[] { "--target", pattern })])).Ended(ExitCodes.Success);

        var written = stage.Outputs("SdCard");
        ProofFailedException.Unless((string?)written["fingerprint"] == (string?)stage.Outputs("HostIdentity")["fingerprint"], $"the card has the host key {written["fingerprint"]}");
    }

    private async Task BootAsync(CancellationToken stop)
    {
        await stage.Machine.DeleteAsync(stop);
        (await stage.TypeBareAsync(stop, "pi", "start", "--name", stage.Machine.Name, "--card", _card)).Ended(ExitCodes.Success);
        await stage.Machine.WaitForWifiAsync(TimeSpan.FromMinutes(2), stop);
        var pinned = (string?)stage.Outputs("HostIdentity")["fingerprint"];
        var shown = stage.Machine.Status().HostKeyFingerprint;
        ProofFailedException.Unless(shown == pinned, $"the Pi has the host key {shown}, the stack made {pinned}");
    }

    private async Task BringUpAsync(CancellationToken stop)
    {
        await _disk.BringUpWithConsentAsync(stop);
        await _wifi.JoinedThroughOursAsync("after the first up", stop);
    }

    private async Task ChangesNothingAsync(CancellationToken stop) =>
        (await stage.UpAsync(stop, "--expect-no-changes")).Ended(ExitCodes.Success);

    private async Task FindDriftAsync(CancellationToken stop)
    {
        await _wifi.DeleteProfileAsync(stop);
        await _disk.ChangePropertyAsync(stop);
        var preview = (await stage.TypeAsync(stop, "preview")).Ended(ExitCodes.Success);
        _wifi.NamesTheMissingProfile(preview);
        DiskProofs.NamesTheChangedProperty(preview);
        (await stage.TypeAsync(stop, "preview", "--expect-no-changes")).Ended(ExitCodes.ChangesNotExpected);
    }

    private async Task RepairAsync(CancellationToken stop)
    {
        (await stage.UpAsync(stop)).Ended(ExitCodes.Success);
        await _wifi.JoinedThroughOursAsync("after the repair", stop);
        await _disk.PropertyIsBackAsync(stop);
    }

    private async Task KeepSecretsAsync(CancellationToken stop)
    {
        ProofFailedException.Unless(watch.Looks > 0, "nobody has watched");
        ProofFailedException.Unless(watch.Seen.Count == 0, "seen on this machine: " + string.Join(", ", watch.Seen));
        ProofFailedException.Unless(!watch.IsIn(Encoding.UTF8.GetBytes(stage.Everything)), "it is in what the commands printed");
        var kept = stage.Files.ThatWereWritten().Where(file => watch.IsIn(File.ReadAllBytes(file))).ToList();
        ProofFailedException.Unless(kept.Count == 0, "it is in " + string.Join(", ", kept));
        var found = await stage.Onlooker.FindAsync(Secrets, stop);
        ProofFailedException.Unless(found.Length == 0, "on the Pi it is in " + found.ReplaceLineEndings(", "));
    }
}
