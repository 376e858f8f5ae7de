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
    private readonly Standing _standing = new(stage);

    /// <summary>The parts, in their order, each with what <c>--only</c> says of it.</summary>
    public static IReadOnlyList<(string Name, string What)> Parts { get; } =
    [
        ("card", "from nothing to a Pi that runs from its card"),
        ("install", "from there to a system on the SSD"),
        ("drift", "changes behind our back, found and repaired"),
        ("lockout", "changes that would lock everybody out"),
        ("reinstall", "another installation, which keeps /home"),
        ("secrets", "what the commands and the Pi let others read"),
    ];

    /// <summary>What must be in no output, state file, argument list or environment: the password, and the key made of it.</summary>
    public static IReadOnlyList<string> Secrets { get; } = [HouseWifi.Default.Password, HouseWifi.Default.DerivedKey, WifiProofs.WrongPassword];

    public IReadOnlyList<Proof> Proofs =>
    [
        new("card", "Before there is a machine: an identity, an image without secrets, and a card", MakeCardAsync),
        new("card", "The virtual Pi boots from that card, joins the WiFi, and shows the key that we know", BootAsync),
        new("install", "An SSD with somebody's pool on it is not touched without consent", _disk.RefuseWithoutConsentAsync),
        new("install", "With consent, one up: partitions, pool, datasets, the system; / on ZFS, the same host key, our WiFi", InstallAsync),
        new("install", "The card, retired but still in the slot, does not boot again, and a second up changes nothing", _system.BootFromSsdAgainAsync),
        new("drift", "A plain preview names a deleted profile and a changed property", FindDriftAsync),
        new("drift", "up puts both back", RepairAsync),
        new("lockout", "After a wrong WiFi password the Pi comes back by itself", _wifi.SurviveWrongPasswordAsync),
        new("lockout", "After an update without NetworkManager it comes back by itself, and up changes nothing", _system.SurviveUpdateWithoutNetworkManagerAsync),
        new("reinstall", "From a card again: our pool is taken back, not its namesake; /home is kept, the rest begins anew", ReinstallAsync),
        new("secrets", "The password was in no output, state, argument list or environment", KeepSecretsAsync),
    ];

    /// <summary>One part. All but the first go by the machine and the stack that an earlier rehearsal has left.</summary>
    public IReadOnlyList<Proof> Part(string name)
    {
        var proofs = Proofs.Where(proof => proof.Part == name);
        return [.. name == Parts[0].Name ? proofs : proofs.Prepend(new Proof(name, "The virtual Pi of an earlier rehearsal is on", ResumeAsync))];
    }

    private async Task ResumeAsync(CancellationToken stop)
    {
        ProofFailedException.Unless(stage.Machine.IsOn && stage.Files.StackExists, "there is no virtual Pi of an earlier rehearsal, or it is off: ./provision rehearse --keep leaves one on");
        await _system.ConfigureAsync(stop);
    }

    private async Task MakeCardAsync(CancellationToken stop)
    {
        if (stage.Files.StackExists)
        {
            // What it knows is about a virtual Pi and an SSD that will be new ones.
            (await stage.TypeBareAsync(stop, "stack", "rm", "--yes", "--force", "--preserve-config", "--stack", stage.Stack)).Ended(ExitCodes.Success);
        }

        (await stage.TypeBareAsync(stop, "stack", "init", stage.Stack)).Ended(ExitCodes.Success);
        (await stage.TypeBareAsync(stop, "pi", "image", await stage.FileAsync("image", stop))).Ended(ExitCodes.Success);
        File.Delete(await CardAsync(stop));
        (await stage.UpAsync(stop, [.. BeforeTheMachine.SelectMany(pattern => new[] { "--target", pattern })])).Ended(ExitCodes.Success);

        var written = stage.Outputs("SdCard");
        ProofFailedException.Unless((string?)written["fingerprint"] == (string?)stage.Outputs("HostIdentity")["fingerprint"], $"the card has the host key {written["fingerprint"]}");
    }

    private async Task BootAsync(CancellationToken stop)
    {
        await stage.Machine.DeleteAsync(stop);
        (await stage.TypeBareAsync(stop, "pi", "start", "--name", stage.Machine.Name, "--card", await CardAsync(stop))).Ended(ExitCodes.Success);
        await stage.Machine.WaitForWifiAsync(TimeSpan.FromMinutes(2), stop);
        var pinned = (string?)stage.Outputs("HostIdentity")["fingerprint"];
        var shown = stage.Machine.Status().HostKeyFingerprint;
        ProofFailedException.Unless(shown == pinned, $"the Pi has the host key {shown}, the stack made {pinned}");
        await _system.ConfigureAsync(stop);
    }

    private async Task InstallAsync(CancellationToken stop)
    {
        var key = stage.Machine.Status().HostKeyFingerprint;
        await _disk.BringUpWithConsentAsync(stop);
        await _system.IsInstalledAsync(key!, stop);
    }

    private async Task ReinstallAsync(CancellationToken stop) => await _system.ReinstallAsync(await CardAsync(stop), stop);

    private Task<string> CardAsync(CancellationToken stop) => stage.FileAsync("card", stop);

    private async Task FindDriftAsync(CancellationToken stop)
    {
        await _wifi.DeleteProfileAsync(stop);
        await _disk.ChangePropertyAsync(stop);
        var preview = (await stage.TypeAsync(stop, "preview", "--expect-no-changes")).Ended(ExitCodes.ChangesNotExpected);
        _wifi.NamesTheMissingProfile(preview);
        DiskProofs.NamesTheChangedProperty(preview);
    }

    private async Task RepairAsync(CancellationToken stop)
    {
        (await stage.UpAsync(stop)).Ended(ExitCodes.Success);
        await _standing.HoldsAsync("after the repair", stop);
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
