using Provisioner.Provider.Errors;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Tests.Remote;

/// <summary>This machine as a device.</summary>
public sealed class LocalDeviceTests : IAsyncDisposable
{
    private readonly RemoteHub _hub = new(new RemoteOptions(), TimeProvider.System);

    private IRemote Remote => _hub.ForChanging("local:");

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task A_script_runs_as_it_would_on_a_device()
    {
        var bytes = new byte[1_000_000];
        new Random(3).NextBytes(bytes);
        var script = Script.Of($"cat; echo \"$stdin_bytes\" >&2; exit 5") with { NeedsRoot = false, ExitCodes = [5], Stdin = Payload.Streamed(bytes.Length, () => new MemoryStream(bytes)) };

        var result = await Remote.RunAsync(script, default);

        result.ExitCode.ShouldBe(5);
        result.Stdout.ToArray().AsSpan().SequenceEqual(bytes).ShouldBeTrue();
        result.StderrTail.ShouldBe("1000000");
    }

    [Fact]
    public async Task A_failure_tells_its_exit_code_and_the_end_of_stderr() =>
        (await Should.ThrowAsync<ScriptFailedException>(() => Remote.RunAsync(Script.Of($"echo no >&2; exit 9") with { NeedsRoot = false }, default)))
            .ShouldSatisfyAllConditions(failure => failure.ExitCode.ShouldBe(9), failure => failure.StderrTail.ShouldBe("no"));

    [Fact]
    public async Task A_script_past_its_deadline_is_ended() =>
        await Should.ThrowAsync<ScriptTimeoutException>(() => Remote.RunAsync(Script.Of($"sleep 1000") with { NeedsRoot = false, Deadline = TimeSpan.FromMilliseconds(300) }, default));

    [Fact]
    public async Task Output_without_end_is_an_error() =>
        (await Should.ThrowAsync<ScriptFailedException>(() => Remote.RunAsync(Script.Of($"yes") with { NeedsRoot = false, OutputLimit = 100_000 }, default)))
            .Message.ShouldContain("100000 bytes");

    [Fact]
    public async Task What_the_engine_gave_us_in_the_environment_is_not_given_on()
    {
        Environment.SetEnvironmentVariable("PULUMI_CONFIG", "{\"privateKey\":\"canary\"}");
        try
        {
            (await Remote.RunAsync(Script.Of($"env") with { NeedsRoot = false }, default)).Text.ShouldNotContain("PULUMI_CONFIG");
        }
        finally
        {
            Environment.SetEnvironmentVariable("PULUMI_CONFIG", null);
        }
    }
}
