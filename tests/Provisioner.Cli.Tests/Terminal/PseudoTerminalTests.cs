using CliWrap;
using CliWrap.Buffered;
using Provisioner.Cli.Commands;

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

    private static async Task<string> OnTerminalAsync(TestWorld world, string before, string arguments)
    {
        var program = typeof(CommandLine).Assembly.Location;
        var result = await CliWrap.Cli.Wrap("script")
            .WithArguments(["-qec", $"{before}exec dotnet exec '{program}' {arguments}", "/dev/null"])
            .WithWorkingDirectory(world.Folder)
            .WithEnvironmentVariables(new Dictionary<string, string?>([.. world.Variables.Where(variable => variable.Key != "NO_COLOR"), KeyValuePair.Create<string, string?>("CI", null), KeyValuePair.Create("NO_COLOR", world.Variables.GetValueOrDefault("NO_COLOR")), KeyValuePair.Create<string, string?>("TERM", "xterm-256color")]))
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        return result.StandardOutput;
    }

    /// <summary>Resources run in parallel, so their order may differ between two runs.</summary>
    private static string Sorted(string text) => string.Join('\n', text.Split('\n').Order(StringComparer.Ordinal)).TrimStart('\n');
}
