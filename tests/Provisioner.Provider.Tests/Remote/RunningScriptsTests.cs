using System.Diagnostics;
using System.Text;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Tests.Remote;

/// <summary>Scripts on a real sshd.</summary>
public sealed class RunningScriptsTests(SshServer server) : IClassFixture<SshServer>, IAsyncDisposable
{
    private readonly RemoteHub _hub = new(server.Options, TimeProvider.System);
    private readonly Tally _tally = new();

    private IRemote Remote => _hub.ForChanging(server.Address(), _tally);

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task A_script_answers_with_its_output_and_its_exit_code()
    {
        var result = await Remote.RunAsync(Script.Of($"echo out; echo err >&2; exit 3") with { ExitCodes = [0, 3] }, default);

        result.ExitCode.ShouldBe(3);
        result.Text.ShouldBe("out\n");
        result.StderrTail.ShouldBe("err");
    }

    [Fact]
    public async Task An_exit_code_that_is_no_answer_is_an_error_with_the_end_of_stderr()
    {
        var failure = await Should.ThrowAsync<ScriptFailedException>(() => Remote.RunAsync(Script.Of($"echo 'it is \u001b[31mbroken' >&2; exit 4"), default));

        failure.ExitCode.ShouldBe(4);
        failure.StderrTail.ShouldBe("it is broken");
        failure.Code.ShouldBe("step.failed");
        failure.Message.ShouldContain("it is broken");
    }

    [Fact]
    public async Task A_script_stops_at_its_first_failing_command() =>
        (await Should.ThrowAsync<ScriptFailedException>(() => Remote.RunAsync(Script.Of($"false\necho on"), default))).ExitCode.ShouldBe(1);

    [Fact]
    public async Task A_script_killed_by_a_signal_has_not_succeeded()
    {
        var failure = await Should.ThrowAsync<ScriptFailedException>(() => Remote.RunAsync(Script.Of($"kill -9 $$"), default));

        failure.ExitCode.ShouldBeNull();
        failure.Message.ShouldContain("KILL");
    }

    [Fact]
    public async Task A_payload_arrives_byte_for_byte_with_its_length_announced()
    {
        var bytes = new byte[3_000_000];
        new Random(7).NextBytes(bytes);
        var script = Script.Of($"cat; echo \"$stdin_bytes\" >&2") with { Stdin = Payload.Streamed(bytes.Length, () => new MemoryStream(bytes)) };

        var result = await Remote.RunAsync(script, default);

        result.Stdout.ToArray().AsSpan().SequenceEqual(bytes).ShouldBeTrue();
        result.StderrTail.ShouldBe("3000000");
    }

    [Fact]
    public async Task A_script_that_does_not_read_its_payload_is_no_problem() =>
        (await Remote.RunAsync(Script.Of($"echo done") with { Stdin = Payload.Streamed(20_000_000, () => new MemoryStream(new byte[20_000_000])) }, default))
            .Text.ShouldBe("done\n");

    [Fact]
    public async Task Stdin_is_empty_without_a_payload() => (await Remote.RunAsync(Script.Of($"cat; echo end"), default)).Text.ShouldBe("end\n");

    [Fact]
    public async Task Output_without_end_costs_bounded_memory_and_is_an_error()
    {
        var failure = await Should.ThrowAsync<ScriptFailedException>(() => Remote.RunAsync(Script.Of($"yes") with { OutputLimit = 100_000 }, default));

        failure.Message.ShouldContain("100000 bytes");
    }

    [Fact]
    public async Task Output_that_is_no_UTF8_comes_as_it_is() =>
        (await Remote.RunAsync(Script.Of($"printf '\\377\\001\\000a'"), default)).Stdout.ToArray().ShouldBe([0xff, 1, 0, (byte)'a']);

    [Fact]
    public async Task Many_scripts_share_one_dial_and_run_at_most_eight_at_once()
    {
        var folder = Path.Combine(server.Folder, "at-once");
        Directory.CreateDirectory(folder);
        var script = Script.Of($"cd {folder}; touch $$; ls | wc -l; sleep 0.3; rm $$");
        var remote = Remote;

        var results = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => remote.RunAsync(script, default)));

        var most = results.Max(result => int.Parse(result.Text, provider: null));
        most.ShouldBeInRange(2, 8);
        _tally.Of(remote.Address).Dials.ShouldBe(1);
        _tally.Of(remote.Address).Execs.ShouldBe(24);
    }

    [Fact]
    public async Task A_script_past_its_deadline_is_given_up_and_ended_on_the_device()
    {
        var mark = Path.Combine(server.Folder, "deadline.pid");
        var script = Script.Of($"(sleep 1000 & echo $! >{mark}; wait)") with { Deadline = TimeSpan.FromSeconds(1) };

        var failure = await Should.ThrowAsync<ScriptTimeoutException>(() => Remote.RunAsync(script, default));

        failure.Code.ShouldBe("step.timeout");
        var child = File.ReadAllText(mark).Trim();
        await Tool.UntilAsync(() => !Directory.Exists($"/proc/{child}"), "the child of the script has ended");
    }

    [Fact]
    public async Task A_cancelled_script_is_given_up_at_once_and_ended_on_the_device()
    {
        var mark = Path.Combine(server.Folder, "cancel.pid");
        using var cancel = new CancellationTokenSource();
        var running = Remote.RunAsync(Script.Of($"echo $$ >{mark}; trap '' TERM; while :; do sleep 1; done"), cancel.Token);
        await Tool.UntilAsync(() => File.Exists(mark) && File.ReadAllText(mark).Length > 1, "the script runs");

        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => running);
        var process = File.ReadAllText(mark).Trim();
        await Tool.UntilAsync(() => !Directory.Exists($"/proc/{process}"), "the script has ended although it ignores TERM");
    }

    [Fact]
    public async Task A_script_that_is_cancelled_before_its_first_line_has_come_is_ended_too()
    {
        for (var turn = 0; turn < 4; turn++)
        {
            using var cancel = new CancellationTokenSource();
            var seconds = 100_000_000 + turn;
            var running = Remote.RunAsync(Script.Of($"exec sleep {seconds}"), cancel.Token);
            await Tool.UntilAsync(() => _tally.Of(Remote.Address).Execs == turn + 1, "the device was asked to run it");

            await cancel.CancelAsync();

            await Should.ThrowAsync<OperationCanceledException>(() => running);
        }

        await Tool.UntilAsync(() => !Process.GetProcessesByName("sleep").Any(IsOurs), "all have ended");

        static bool IsOurs(Process process)
        {
            try
            {
                return File.ReadAllText($"/proc/{process.Id}/cmdline").Contains("10000000", StringComparison.Ordinal);
            }
            catch (IOException)
            {
                // It has ended meanwhile.
                return false;
            }
        }
    }

    [Fact]
    public async Task A_hung_script_does_not_block_the_others()
    {
        using var cancel = new CancellationTokenSource();
        var remote = Remote;
        var hung = remote.RunAsync(Script.Of($"sleep 1000"), cancel.Token);

        (await remote.RunAsync(Script.Of($"echo through"), default)).Text.ShouldBe("through\n");

        hung.IsCompleted.ShouldBeFalse();
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => hung);
    }

    [Fact]
    public async Task A_script_that_changes_something_makes_what_was_read_old()
    {
        var remote = Remote;
        var before = remote.Generation;

        await remote.RunAsync(Script.Looking(Shell.Of($":")), default);
        remote.Generation.ShouldBe(before);
        await remote.RunAsync(Script.Of($":"), default);

        remote.Generation.ShouldBeGreaterThan(before);
    }

    [Fact]
    public async Task Who_looks_waits_for_a_change_that_is_under_way()
    {
        var remote = Remote;
        await remote.QuietAsync(default);
        var change = remote.RunAsync(Script.Of($"sleep 1"), default);

        var quiet = remote.QuietAsync(default);

        quiet.IsCompleted.ShouldBeFalse();
        await quiet;
        (await change).ExitCode.ShouldBe(0);
        await remote.QuietAsync(default);
    }

    [Fact]
    public async Task Values_with_everything_in_them_arrive_as_they_are()
    {
        const string value = "a b'c\"d$e`f\\g\nh;i*j?~ü😀\u0001\t-n";

        (await Remote.RunAsync(Script.Of($"printf %s {value}"), default)).Stdout.ToArray().ShouldBe(Encoding.UTF8.GetBytes(value));
    }
}
