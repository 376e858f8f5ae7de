using System.Text;
using Newtonsoft.Json.Linq;
using Provisioner.VirtualPi;

namespace Provisioner.Cli.Rehearsal;

/// <summary>
/// The main job on a virtual Pi: a stack is brought up on it over its WiFi, drift is made behind the engine's back, found
/// and repaired, and a change that would lock everybody out is survived.
/// </summary>
internal sealed class WifiRehearsal(Typist typist, PiMachine machine, string stack, RehearsalFiles files, TimeProvider time)
{
    private const string IdentityType = "provisioner:index:HostIdentity";
    private const string ProfileType = "provisioner:index:WifiProfile";

    // As long as the real one, so that nothing but the access point can tell.
    private const string WrongPassword = "this is not the right one at all";

    private readonly Onlooker _onlooker = new(machine, time);
    private string _uuid = string.Empty;
    private string _path = string.Empty;

    /// <summary>What must be in no output, state file, argument list or environment: the password, and the key made of it.</summary>
    public static IReadOnlyList<string> Secrets { get; } = [HouseWifi.Default.Password, HouseWifi.Default.DerivedKey, WrongPassword];

    public IReadOnlyList<Proof> Proofs(SecretWatch watch) =>
    [
        new("The stack makes an identity before there is a machine", MakeIdentityAsync),
        new("The virtual Pi boots with that identity, knowing the WiFi", BootAsync),
        new("The first contact is pinned to the key, and the Pi joins the WiFi through our profile", BringUpAsync),
        new("A second up changes nothing", ChangesNothingAsync),
        new("A plain preview names the profile that was deleted behind our back", FindDriftAsync),
        new("up puts it back", RepairAsync),
        new("After a wrong password the Pi comes back by itself", SurviveWrongPasswordAsync),
        new("After that, up changes nothing", ChangesNothingAsync),
        new("The password was in no output, state, argument list or environment", cancellation => KeepSecretsAsync(watch, cancellation)),
    ];

    private async Task MakeIdentityAsync(CancellationToken stop)
    {
        (await typist.TypeAsync(stop, "stack", files.StackExists ? "select" : "init", stack)).Ended(ExitCodes.Success);
        (await typist.TypeAsync(stop, "up", "--stack", stack, "--yes", "--skip-preview", "--target", $"**{IdentityType}**")).Ended(ExitCodes.Success);
        ProofFailedException.Unless(State().Any(resource => (string?)resource["type"] == IdentityType), "there is no identity in the stack's state");
    }

    private async Task BootAsync(CancellationToken stop)
    {
        await machine.DeleteAsync(stop);
        (await typist.TypeAsync(stop, "pi", "start", "--name", machine.Name, "--identity", stack)).Ended(ExitCodes.Success);
        await machine.WaitForWifiAsync(TimeSpan.FromMinutes(2), stop);
    }

    private async Task BringUpAsync(CancellationToken stop)
    {
        (await typist.TypeAsync(stop, "preview", "--stack", stack)).Ended(ExitCodes.Success);
        (await typist.TypeAsync(stop, "up", "--stack", stack, "--yes", "--skip-preview")).Ended(ExitCodes.Success);
        var profile = State().SingleOrDefault(resource => (string?)resource["type"] == ProfileType)
            ?? throw new ProofFailedException("there is no WiFi profile in the stack's state");
        _uuid = (string)profile["outputs"]!["uuid"]!;
        _path = (string)profile["outputs"]!["path"]!;
        await JoinedThroughOursAsync("after the first up", stop);
    }

    private async Task ChangesNothingAsync(CancellationToken stop) =>
        (await typist.TypeAsync(stop, "up", "--stack", stack, "--yes", "--skip-preview", "--expect-no-changes")).Ended(ExitCodes.Success);

    private async Task FindDriftAsync(CancellationToken stop)
    {
        await _onlooker.DeleteProfileAsync(_path, stop);
        await BackOnlineAsync(stop);
        (await typist.TypeAsync(stop, "preview", "--stack", stack)).Ended(ExitCodes.Success).Said(_path).Said("missing");
        (await typist.TypeAsync(stop, "preview", "--stack", stack, "--expect-no-changes")).Ended(ExitCodes.ChangesNotExpected);
    }

    private async Task RepairAsync(CancellationToken stop)
    {
        (await typist.TypeAsync(stop, "up", "--stack", stack, "--yes", "--skip-preview")).Ended(ExitCodes.Success);
        await JoinedThroughOursAsync("after the repair", stop);
    }

    private async Task SurviveWrongPasswordAsync(CancellationToken stop)
    {
        var before = await _onlooker.ReadAsync(_path, stop);
        var elsewhere = files.CopyOfStackFile();
        (await typist.TypeAsync(WrongPassword + "\n", stop, "config", "set", "wifiPassword", "--secret", "--stack", stack, "--config-file", elsewhere)).Ended(ExitCodes.Success);
        (await typist.TypeAsync(stop, "up", "--stack", stack, "--yes", "--skip-preview", "--config-file", elsewhere)).Ended(ExitCodes.Error).Said("went back");
        ProofFailedException.Unless(await _onlooker.ReadAsync(_path, stop) == before, $"{_path} is not as it was before the change");
        await JoinedThroughOursAsync("after the wrong password", stop);
    }

    private async Task KeepSecretsAsync(SecretWatch watch, CancellationToken stop)
    {
        ProofFailedException.Unless(watch.Looks > 0, "nobody has watched");
        ProofFailedException.Unless(watch.Seen.Count == 0, "seen on this machine: " + string.Join(", ", watch.Seen));
        ProofFailedException.Unless(!watch.IsIn(Encoding.UTF8.GetBytes(typist.Everything)), "it is in what the commands printed");
        var kept = files.ThatWereWritten().Where(file => watch.IsIn(File.ReadAllBytes(file))).ToList();
        ProofFailedException.Unless(kept.Count == 0, "it is in " + string.Join(", ", kept));
        var found = await _onlooker.FindAsync(Secrets, stop);
        ProofFailedException.Unless(found.Length == 0, "on the Pi it is in " + found.ReplaceLineEndings(", "));
    }

    private async Task JoinedThroughOursAsync(string when, CancellationToken stop)
    {
        var through = await _onlooker.ConnectedThroughAsync(stop);
        ProofFailedException.Unless(through == _uuid, $"{when} the WiFi chip is connected through profile '{through}', ours is {_uuid}");
        var file = await _onlooker.DescribeAsync(_path, stop);
        ProofFailedException.Unless(file == "regular file 600 root root", $"{when} {_path} is '{file}'");
        await machine.WaitForWifiAsync(TimeSpan.FromSeconds(30), stop);
    }

    /// <summary>NetworkManager drops the connection of a deleted profile, and then joins through the one that the card came with.</summary>
    private async Task BackOnlineAsync(CancellationToken stop)
    {
        var through = await _onlooker.WaitForAnotherProfileAsync(_uuid, TimeSpan.FromMinutes(2), stop);
        ProofFailedException.Unless(through.Length > 0, "the Pi did not come back through the profile of its card after ours was deleted");
        await machine.WaitForWifiAsync(TimeSpan.FromSeconds(30), stop);
    }

    private JEnumerable<JObject> State() => JObject.Parse(files.Export())["deployment"]!["resources"]?.Children<JObject>() ?? JEnumerable<JObject>.Empty;
}
