using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Tests.Remote;

/// <summary>A planted secret on its way to a device, and everybody's eyes on the process table meanwhile.</summary>
public sealed class CanaryTests(SshServer server) : IClassFixture<SshServer>
{
    private const string Canary = "canary'$x \"bird\" of the lamp;";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_secret_payload_is_in_no_command_line_and_no_environment(bool isLocal)
    {
        await using var hub = new RemoteHub(server.Options, TimeProvider.System);
        var target = Path.Combine(server.Folder, $"kept-{isLocal}");
        var script = Script.Of($"sleep 0.5; cat >{target}; sleep 0.5") with { Stdin = Payload.Secret(Canary), NeedsRoot = false };

        using var watcher = new ProcessWatcher(Canary);
        await hub.ForChanging(isLocal ? "local:" : server.Address()).RunAsync(script, default);
        var seen = await watcher.StopAsync();

        seen.Leaks.ShouldBeEmpty();
        seen.Processes.ShouldContain(line => line.Contains(target, StringComparison.Ordinal), "the watcher did not see the script itself");
        (await File.ReadAllTextAsync(target)).ShouldBe(Canary);
        File.GetUnixFileMode(target).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task The_watcher_sees_a_secret_that_is_there()
    {
        await using var hub = new RemoteHub(server.Options, TimeProvider.System);

        using var watcher = new ProcessWatcher("plain-canary");
        await hub.ForChanging("local:").RunAsync(Script.Of($"sleep 1; : {"plain-canary"}") with { NeedsRoot = false }, default);

        (await watcher.StopAsync()).Leaks.ShouldNotBeEmpty();
    }
}
