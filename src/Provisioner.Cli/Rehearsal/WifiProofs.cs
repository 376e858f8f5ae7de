namespace Provisioner.Cli.Rehearsal;

/// <summary>The WiFi profile: drift is made behind the engine's back, and a change that would lock everybody out is survived.</summary>
internal sealed class WifiProofs(Stage stage)
{
    // As long as the real one, so that nothing but the access point can tell.
    public const string WrongPassword = "this is not the right one at all";

    private string Path => (string)stage.Outputs("WifiProfile")["path"]!;

    /// <summary>The Pi is connected through the profile that the stack wrote.</summary>
    public async Task JoinedThroughOursAsync(string when, CancellationToken stop)
    {
        var uuid = (string)stage.Outputs("WifiProfile")["uuid"]!;
        var through = await stage.Onlooker.ConnectedThroughAsync(stop);
        ProofFailedException.Unless(through == uuid, $"{when} the WiFi chip is connected through profile '{through}', ours is {uuid}");
        var file = await stage.Onlooker.DescribeAsync(Path, stop);
        ProofFailedException.Unless(file == "regular file 600 root root", $"{when} {Path} is '{file}'");
        await stage.Machine.WaitForWifiAsync(TimeSpan.FromSeconds(30), stop);
    }

    /// <summary>The connection stays up until the next start, after which nobody would reach the Pi.</summary>
    public Task DeleteProfileAsync(CancellationToken stop) => stage.Onlooker.AskAsync($"rm '{Path}'", stop);

    public void NamesTheMissingProfile(Typed preview) => preview.Said(Path).Said("missing");

    public async Task SurviveWrongPasswordAsync(CancellationToken stop)
    {
        var before = await stage.Onlooker.ReadAsync(Path, stop);
        var elsewhere = stage.Files.CopyOfConfiguration();
        (await stage.TypeAsync(WrongPassword + "\n", stop, "config", "set", "wifiPassword", "--secret", Stage.ConfigFile, elsewhere)).Ended(ExitCodes.Success);
        // Not the card, which would have the wrong password too.
        (await stage.UpAsync(stop, Stage.ConfigFile, elsewhere, "--target", "**WifiProfile::*")).Ended(ExitCodes.Error).Said("went back");
        ProofFailedException.Unless(await stage.Onlooker.ReadAsync(Path, stop) == before, $"{Path} is not as it was before the change");
        await JoinedThroughOursAsync("after the wrong password", stop);
    }
}
