using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using Provisioner.Engine.Hosts;

namespace Provisioner.Engine.Tests.Hosts;

public sealed class ChildProcessTests
{
    [Fact]
    public async Task Lines_of_both_streams_and_the_exit_code_arrive()
    {
        var lines = new ConcurrentQueue<(string, bool)>();
        await using var child = ChildProcess.Start(Shell("echo out; echo err >&2; exit 7"), (line, isError) => lines.Enqueue((line, isError)));

        await child.Exited;

        child.ExitCode.ShouldBe(7);
        lines.ShouldBe([("out", false), ("err", true)], ignoreOrder: true);
        child.ErrorTail.ShouldBe("err");
    }

    [Fact]
    public async Task A_child_ends_on_INT_and_takes_its_own_children_along()
    {
        var ready = new TaskCompletionSource<int>();
        await using var child = ChildProcess.Start(Shell("sleep 1000 & echo $!; wait"), (line, _) => ready.TrySetResult(int.Parse(line)));
        var grandchild = await ready.Task;

        await child.StopAsync(TimeProvider.System);

        child.HasExited.ShouldBeTrue();
        await GoneAsync(grandchild);
    }

    [Fact]
    public async Task A_child_that_ignores_INT_and_TERM_is_killed()
    {
        var ready = new TaskCompletionSource();
        await using var child = ChildProcess.Start(Shell("trap '' INT TERM; echo; while :; do sleep 1; done"), (_, _) => ready.TrySetResult());
        await ready.Task;

        await child.StopAsync(TimeProvider.System);

        child.ExitCode.ShouldBe(137);
    }

    [Fact]
    public async Task When_the_engine_dies_the_pipe_closes_and_nothing_is_left()
    {
        var command = ChildProcess.Supervise(Shell("sleep 1000 & echo $!; wait"));
        using var child = Process.Start(new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var grandchild = int.Parse((await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!);

        child.StandardInput.Close();

        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        await GoneAsync(grandchild);
    }

    [Fact]
    public void What_opens_the_stacks_secrets_is_not_handed_down()
    {
        var environment = new Dictionary<string, string?> { ["PULUMI_CONFIG_PASSPHRASE"] = "x", ["PULUMI_CONFIG_PASSPHRASE_FILE"] = "y", ["PATH"] = "/bin" };

        ChildEnvironment.Apply(environment, [KeyValuePair.Create("MORE", "z")]);

        environment.ShouldBe(new Dictionary<string, string?> { ["PATH"] = "/bin", ["MORE"] = "z" }, ignoreOrder: true);
    }

    private static Launch Shell(string script) => new("/bin/sh", ["-c", script], "/", ImmutableDictionary<string, string>.Empty);

    /// <summary>The kernel's own word; a process that nobody has reaped yet is a zombie.</summary>
    private static async Task GoneAsync(int process)
    {
        while (Directory.Exists($"/proc/{process}") && !(await File.ReadAllTextAsync($"/proc/{process}/stat")).Contains(") Z "))
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
