namespace Provisioner.Cli.Rehearsal;

/// <summary>The WiFi profile: drift is made behind the engine's back, and a change that would lock everybody out is survived.</summary>
internal sealed class WifiProofs(Stage stage)
{
    // As long as the real one, so that nothing but the access point can tell.
    public const string WrongPassword = "this is not the right one at all";

    private string _uuid = string.Empty;
    private string _path = string.Empty;

    /// <summary>The Pi is connected through the profile that the stack wrote.</summary>
    public async Task JoinedThroughOursAsync(string when, CancellationToken stop)
    {
        var profile = stage.Outputs("WifiProfile");
        _uuid = (string)profile["uuid"]!;
        _path = (string)profile["path"]!;
        var through = await stage.Onlooker.ConnectedThroughAsync(stop);
        ProofFailedException.Unless(through == _uuid, $"{when} the WiFi chip is connected through profile '{through}', ours is {_uuid}");
        var file = await stage.Onlooker.DescribeAsync(_path, stop);
        ProofFailedException.Unless(file == "regular file 600 root root", $"{when} {_path} is '{file}'");
        await stage.Machine.WaitForWifiAsync(TimeSpan.FromSeconds(30), stop);
    }

    /// <summary>NetworkManager drops the connection of a deleted profile, and then joins through the one that the card came with.</summary>
    public async Task DeleteProfileAsync(CancellationToken stop)
    {
        await stage.Onlooker.DeleteProfileAsync(_path, stop);
        var through = await stage.Onlooker.WaitForAnotherProfileAsync(_uuid, TimeSpan.FromMinutes(2), stop);
        ProofFailedException.Unless(through.Length > 0, "the Pi did not come back through the profile of its card after ours was deleted");
        await stage.Machine.WaitForWifiAsync(TimeSpan.FromSeconds(30), stop);
    }

    public void NamesTheMissingProfile(Typed preview) => preview.Said(_path).Said("missing");

    public async Task SurviveWrongPasswordAsync(CancellationToken stop)
    {
        var before = await stage.Onlooker.ReadAsync(_path, stop);
        var elsewhere = stage.Files.CopyOfStackFile();
        (await stage.TypeAsync(WrongPassword + "\n", stop, "config", "set", "wifiPassword", "--secret", "--config-file", elsewhere)).Ended(ExitCodes.Success);
        // Not the card, which would have the wrong password too.
        (await stage.UpAsync(stop, "--config-file", elsewhere, "--target", "**WifiProfile::*")).Ended(ExitCodes.Error).Said("went back");
        ProofFailedException.Unless(await stage.Onlooker.ReadAsync(_path, stop) == before, $"{_path} is not as it was before the change");
        await JoinedThroughOursAsync("after the wrong password", stop);
    }
}
