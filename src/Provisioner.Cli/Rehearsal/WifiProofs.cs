namespace Provisioner.Cli.Rehearsal;

/// <summary>The WiFi profile: drift is made behind the engine's back, and a change that would lock everybody out is survived.</summary>
internal sealed class WifiProofs(Stage stage)
{
    // As long as the real one, so that nothing but the access point can tell.
    public const string WrongPassword = "this is not the right one at all";

    private readonly Standing _standing = new(stage);

    private string Path => (string)stage.Outputs("WifiProfile")["path"]!;

    /// <summary>The connection stays up until the next start, after which nobody would reach the Pi.</summary>
    public Task DeleteProfileAsync(CancellationToken stop) => stage.Onlooker.AskAsync($"rm '{Path}'", stop);

    public void NamesTheMissingProfile(Typed preview) => preview.Said(Path).Said("missing");

    public async Task SurviveWrongPasswordAsync(CancellationToken stop)
    {
        var before = await _standing.LookAsync(stop);
        var elsewhere = stage.Files.CopyOfConfiguration();
        (await stage.TypeAsync(WrongPassword + "\n", stop, "config", "set", "wifiPassword", "--secret", Stage.ConfigFile, elsewhere)).Ended(ExitCodes.Success);
        // Not the card, which would have the wrong password too.
        (await stage.UpAsync(stop, Stage.ConfigFile, elsewhere, "--target", "**WifiProfile::*")).Ended(ExitCodes.Error).Said("went back");
        var after = await _standing.HoldsAsync("after the wrong password", stop);
        ProofFailedException.Unless(after.ProfileDigest == before.ProfileDigest, $"{Path} is not as it was before the change");
    }
}
