using Provisioner.Cli.Commands;

namespace Provisioner.Cli.Tests.Commands;

public sealed class UsageTests
{
    [Theory]
    [InlineData("unknown command \"previw\" for \"provision\"; did you mean \"preview\"?", "previw")]
    [InlineData("unknown command \"slect\" for \"provision stack\"; did you mean \"select\"?", "stack", "slect")]
    [InlineData("unknown flag --expect-no-change; did you mean \"--expect-no-changes\"?", "preview", "--expect-no-change")]
    [InlineData("unexpected argument \"please\"", "preview", "please")]
    [InlineData("'pink' not recognized", "preview", "--color", "pink")]
    [InlineData("--parallel must be 0 or more", "preview", "--parallel", "-3")]
    [InlineData("'--parallel'", "preview", "--parallel", "many")]
    [InlineData("--secret and --plaintext exclude each other", "config", "set", "a", "b", "--secret", "--plaintext")]
    [InlineData("--preview-only and --skip-preview exclude each other", "up", "--preview-only", "--skip-preview")]
    [InlineData("--target and --exclude exclude each other", "preview", "--target", "a", "--exclude", "b")]
    [InlineData("--yes or --skip-preview must be passed in to proceed when running in non-interactive mode", "up")]
    [InlineData("--yes or --skip-preview must be passed in to proceed when running in non-interactive mode", "destroy")]
    [InlineData("--yes or --skip-preview must be passed in to proceed with --json", "up", "--json")]
    [InlineData("import takes TYPE NAME ID, or --file", "import", "world:index:Thing", "a", "--yes")]
    [InlineData("import takes TYPE NAME ID, or --file", "import", "--file", "f.json", "--parent", "urn:x", "--yes")]
    [InlineData("no folder", "preview", "--cwd", "nowhere")]
    public async Task Wrong_flags_and_arguments_are_exit_code_2(string said, params string[] arguments)
    {
        using var world = new TestWorld();

        (await world.RunAsync(arguments)).ShouldFail(2).ShouldContain(said);
    }

    [Fact]
    public async Task A_project_file_with_a_tab_is_named_with_its_place()
    {
        using var world = new TestWorld();
        world.Write("Pulumi.yaml", "name: lamp\nruntime:\n\tname: dotnet\n");

        (await world.RunAsync("preview")).ShouldFail(2).ShouldContain("Pulumi.yaml:");
    }

    [Fact]
    public async Task A_value_of_the_wrong_type_is_exit_code_2_and_names_key_and_value()
    {
        using var world = await new TestWorld().WithStackAsync(config: "config:\n  lamp:channel: eleven\n  lamp:ssid: x\n  lamp:wifiPassword: {secure: \"v1:ICEiIyQlJicoKSor:nFPr6dysmwj6EklMl6Juz2FE898sBEY=\"}\n");

        var error = (await world.RunAsync("preview")).ShouldFail(2);

        error.ShouldContain("channel must be an integer, but it is \"eleven\"");
        error.ShouldNotContain("hunter2");
    }

    [Fact]
    public async Task Help_lists_the_commands_and_what_they_do()
    {
        using var world = new TestWorld();

        var help = (await world.RunAsync("--help")).ShouldSucceed();

        foreach (var command in new[] { "up, update ", "pre, preview ", "refresh ", "destroy, dn, down ", "config ", "stack ", "pi " })
        {
            help.ShouldContain("\n  " + command);
        }

        (await world.RunAsync("stack")).ShouldSucceed().ShouldContain("export");
        (await world.RunAsync("up", "--help")).ShouldSucceed().ShouldContain("--expect-no-changes");
    }

    [Fact]
    public void A_level_may_follow_verbose_and_a_command_may_too()
    {
        GlobalOptions.Normalise(["-v", "preview"]).ShouldBe(["--verbose=1", "preview"]);
        GlobalOptions.Normalise(["preview", "-v", "3"]).ShouldBe(["preview", "-v", "3"]);
        GlobalOptions.Normalise(["preview", "-v=9"]).ShouldBe(["preview", "-v=9"]);
        GlobalOptions.Normalise(["pi", "ssh", "--", "-v"]).ShouldBe(["pi", "ssh", "--", "-v"]);
    }

    [Theory]
    [InlineData("previw", "preview")]
    [InlineData("udpate", "update")]
    [InlineData("DEV", "dev")]
    [InlineData("something else", null)]
    public void The_nearest_word_is_suggested_when_it_is_near(string word, string? nearest) =>
        Suggestion.Nearest(word, ["preview", "update", "dev"]).ShouldBe(nearest);
}
