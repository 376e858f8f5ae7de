using CliWrap;
using CliWrap.Buffered;
using Provisioner.Cli.Commands;
using Provisioner.Cli.Tests.Commands;

namespace Provisioner.Cli.Tests.Terminal;

/// <summary>The program itself: on a real pseudo terminal, made by util-linux's <c>script</c>, and into a file.</summary>
public sealed class PseudoTerminalTests
{
    private const int Width = 120;

    [Fact]
    public async Task A_preview_draws_in_place_and_leaves_only_what_a_pipe_would_have_got()
    {
        using var world = await new TestWorld().WithProgramAsync("new Thing('lamp', { value: 'red' }); new Thing('shade', { value: 'a\\u001b[2Jb' });");

        var raw = await OnTerminalAsync(world, $"stty cols {Width} rows 30; ", "preview --color never");
        var screen = new Screen(Width).Show(raw.Replace("\r\n", "\n", StringComparison.Ordinal));
        var piped = (await world.RunAsync("preview")).ShouldSucceed();

        raw.ShouldContain("\e[?25l");
        screen.CursorIsVisible.ShouldBeTrue();
        screen.CursorKeysAreNormal.ShouldBeTrue();
        Sorted(screen.Text).ShouldBe(Sorted(string.Join('\n', piped.Split('\n').Where(line => !line.StartsWith("@ ", StringComparison.Ordinal)))));
    }

    [Fact]
    public async Task Colours_are_for_terminals_unless_NO_COLOR_says_otherwise()
    {
        using var world = await new TestWorld().WithStackAsync();

        (await OnTerminalAsync(world, string.Empty, "stack ls")).ShouldContain("\e[95;1mNAME");
        world.Variables["NO_COLOR"] = "1";
        (await OnTerminalAsync(world, string.Empty, "stack ls")).ShouldNotContain("\e[");
    }

    [Fact]
    public async Task A_file_gets_the_output_of_one_call_after_the_other()
    {
        using var world = await new TestWorld().WithStackAsync();
        var call = $"dotnet exec '{typeof(CommandLine).Assembly.Location}' stack ls";

        await CliWrap.Cli.Wrap("sh")
            .WithArguments(["-c", $"{{ echo first; {call}; {call}; echo last; }} > out.txt 2>&1"])
            .WithWorkingDirectory(world.Folder)
            .WithEnvironmentVariables(world.Variables)
            .ExecuteAsync(TestContext.Current.CancellationToken);

        const string list = "NAME  LAST UPDATE  RESOURCE COUNT\ndev*  n/a          0\n";
        world.Read("out.txt").ShouldBe($"first\n{list}{list}last\n");
    }

    /// <summary>The window is closed in the middle of a step: the kernel says so by SIGHUP, and every write from then on fails with EIO.</summary>
    [Theory]
    [InlineData("default", false)]
    [InlineData("ignore", true)]
    public async Task A_run_whose_terminal_disappears_ends_in_good_order(string hangUp, bool goesOn)
    {
        using var world = await new TestWorld().WithProgramAsync("const first = new Thing('lamp', { value: 'red', hold: 'there' }); new Thing('shade', { value: first.value });");
        var running = OnTerminalAsync(world, "echo $$ $PPID >pids.new; mv pids.new pids; ", "up --yes --skip-preview", $"env --{hangUp}-signal=HUP");
        await OperationTests.Until(() => File.Exists(world.PathOf("things/there.reached")) || running.IsCompleted);
        running.IsCompleted.ShouldBeFalse();

        var pids = world.Read("pids").Split(' ', StringSplitOptions.TrimEntries);
        await CliWrap.Cli.Wrap("kill").WithArguments(["-9", pids[1]]).ExecuteAsync(TestContext.Current.CancellationToken);
        await Should.ThrowAsync<CliWrap.Exceptions.CommandExecutionException>(() => running);
        var process = $"/proc/{pids[0]}";
        Directory.Exists(process).ShouldBeTrue("it went with its terminal, in the middle of a step");

        // Some frames of the live display go nowhere.
        await Task.Delay(TimeSpan.FromMilliseconds(500), TestContext.Current.CancellationToken);
        world.Write("things/there.release", string.Empty);
        await OperationTests.Until(() => !Directory.Exists(process));

        Directory.EnumerateFiles(world.PathOf(".pulumi/locks"), "*.json", SearchOption.AllDirectories).ShouldBeEmpty();
        var state = (await world.RunAsync("stack", "export")).ShouldSucceed();
        state.ShouldContain("world:index:Thing::lamp");
        state.ShouldNotContain("pending_operations");
        state.Contains("world:index:Thing::shade", StringComparison.Ordinal).ShouldBe(goesOn);
    }

    [Fact]
    public async Task What_a_full_disk_did_not_take_is_no_success()
    {
        using var world = await new TestWorld().WithStackAsync();

        var result = await CliWrap.Cli.Wrap("sh")
            .WithArguments(["-c", $"dotnet exec '{typeof(CommandLine).Assembly.Location}' stack export >/dev/full"])
            .WithWorkingDirectory(world.Folder)
            .WithEnvironmentVariables(world.Variables)
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);

        result.ExitCode.ShouldBe(1);
        result.StandardError.ShouldStartWith("error: what was to be written to standard output is not whole: ");
    }

    private static async Task<string> OnTerminalAsync(TestWorld world, string before, string arguments, string through = "")
    {
        var program = typeof(CommandLine).Assembly.Location;
        var result = await CliWrap.Cli.Wrap("script")
            .WithArguments(["-qec", $"{before}exec {through} dotnet exec '{program}' {arguments}", "/dev/null"])
            .WithWorkingDirectory(world.Folder)
            .WithEnvironmentVariables(new Dictionary<string, string?>([.. world.Variables.Where(variable => variable.Key != "NO_COLOR"), KeyValuePair.Create<string, string?>("CI", null), KeyValuePair.Create("NO_COLOR", world.Variables.GetValueOrDefault("NO_COLOR")), KeyValuePair.Create<string, string?>("TERM", "xterm-256color")]))
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        return result.StandardOutput;
    }

    /// <summary>Resources run in parallel, so their order may differ between two runs.</summary>
    private static string Sorted(string text) => string.Join('\n', text.Split('\n').Order(StringComparer.Ordinal)).TrimStart('\n');
}
