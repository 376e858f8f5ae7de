using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;
using Provisioner.Cli.Tests.Terminal;

namespace Provisioner.Cli.Tests.Commands;

/// <summary>The whole way: command line, engine, a program on Pulumi's Node SDK, and a provider on its stubs.</summary>
public sealed partial class OperationTests
{
    private const string Lamp = "exports.color = new Thing('lamp', { value: 'red', watched: true, secret }).value; exports.word = secret;";

    [Fact]
    public async Task A_resource_is_previewed_made_found_changed_and_repaired()
    {
        using var world = await new TestWorld().WithProgramAsync(Lamp);

        Timeless(await world.RunAsync("preview")).ShouldBe("""
            Previewing update (dev):
             +  world:index:Thing lamp create
                  + secret : [secret]
                  + unit   : "cm"
                  + value  : "red"
                  + watched: true
             +  pulumi:pulumi:Stack lamp-dev create
            Outputs:
              + color: "red"
              + word : [secret]

            Resources:
                + 2 to create


            """);
        (await world.RunAsync("preview", "--expect-no-changes")).ShouldFail(7).ShouldBe("error: no changes were expected but changes were proposed\n");
        (await world.RunAsync("up", "--yes")).ShouldSucceed().ShouldContain(" +  world:index:Thing lamp created (");
        (await world.RunAsync("preview", "--expect-no-changes")).ShouldSucceed();
        (await world.RunAsync("stack", "output", "color")).ShouldSucceed().ShouldBe("red\n");

        world.Write("things/lamp.json", world.Read("things/lamp.json").Replace("\"red\"", "\"green\"", StringComparison.Ordinal));
        var drift = await world.RunAsync("preview", "--expect-no-changes");
        drift.ShouldFail(7);
        Timeless(drift).ShouldContain(" ~  world:index:Thing lamp update\n      ~ value: \"green\" => \"red\"\n");

        (await world.RunAsync("up", "--yes", "--skip-preview")).ShouldSucceed().ShouldContain("~ value: \"green\" => \"red\"");
        world.Read("things/lamp.json").ShouldContain("\"red\"");
        var again = (await world.RunAsync("up", "--yes", "--expect-no-changes")).ShouldSucceed();
        again.ShouldContain("    2 unchanged\n");
    }

    [Fact]
    public async Task A_secret_that_the_program_takes_in_clear_is_not_shown_and_not_kept_in_clear()
    {
        using var world = await new TestWorld().WithProgramAsync("const word = new pulumi.Config().require('word'); console.log('it is', word); exports.word = word; new Thing('lamp', { value: word });");

        var preview = await world.RunAsync("preview", "--json", "--debug");
        var up = await world.RunAsync("up", "--yes", "--debug");

        up.ShouldSucceed().ShouldContain("it is [secret]");
        (preview.Output + preview.Error + up.Output + up.Error).ShouldNotContain("hunter2");
        (await world.RunAsync("stack", "output", "word")).ShouldSucceed().ShouldBe("[secret]\n");
        (await world.RunAsync("stack", "output", "word", "--show-secrets")).ShouldSucceed().ShouldBe("hunter2\n");
        Backend(world).ShouldNotContain("hunter2");
        (await world.RunAsync("preview", "--expect-no-changes")).ShouldSucceed();
    }

    [Fact]
    public async Task What_should_have_been_encrypted_in_the_stacks_file_is_pointed_out_and_kept_as_if_it_were()
    {
        using var world = await new TestWorld().WithProgramAsync("new Thing('lamp', { value: new pulumi.Config().require('mailPassword') });");
        world.Write("Pulumi.dev.yaml", world.Read("Pulumi.dev.yaml") + "  lamp:mailPassword: hush-hush\n");

        var up = await world.RunAsync("up", "--yes");

        up.ShouldSucceed().ShouldNotContain("hush");
        up.Error.ShouldContain("warning: Pulumi.dev.yaml has mailPassword in clear");
        up.Error.ShouldContain("config set --secret mailPassword --stack dev");
        Backend(world).ShouldNotContain("hush");
    }

    /// <summary>All that the backend keeps: states, copies of them, and the history.</summary>
    private static string Backend(TestWorld world) =>
        string.Join('\n', Directory.EnumerateFiles(world.PathOf(".pulumi"), "*", SearchOption.AllDirectories).Select(File.ReadAllText));

    [Fact]
    public async Task What_exists_is_imported_by_its_id_shown_and_kept_in_the_history()
    {
        using var world = await new TestWorld().WithProgramAsync(Lamp);
        world.Write("things/found.json", """{"value":"red","watched":true,"secret":"s","unit":"cm","stamp":"made by hand"}""");
        world.Write("more.json", """{"resources":[{"type":"world:index:Thing","name":"more","id":"nowhere"}]}""");

        var run = await world.RunAsync("import", "world:index:Thing", "lamp", "found", "--yes", "--protect=false");

        run.ShouldSucceed().ShouldContain("Previewing import (dev):\n =  world:index:Thing lamp import");
        Timeless(run).ShouldContain(" =  world:index:Thing lamp imported");
        (await world.RunAsync("stack", "history")).ShouldSucceed().ShouldContain("resource-import");
        (await world.RunAsync("import", "--file", "more.json", "--yes", "--skip-preview")).ShouldFail(1).ShouldContain("import failed");
        (await world.RunAsync("up", "--yes")).ShouldSucceed();
        world.Read("things/found.json").ShouldContain("made by hand");
    }

    [Fact]
    public async Task What_is_gone_is_named_and_made_again()
    {
        using var world = await new TestWorld().WithProgramAsync(Lamp);
        (await world.RunAsync("up", "--yes", "-f")).ShouldSucceed();
        File.Delete(world.PathOf("things/lamp.json"));

        (await world.RunAsync("preview")).ShouldSucceed().ShouldContain("> lamp is gone; it was lamp.");

        var refresh = (await world.RunAsync("refresh", "--yes", "--skip-preview")).ShouldSucceed();
        refresh.ShouldContain(" -  world:index:Thing lamp gone (");
        refresh.ShouldContain("- 1 deleted");
    }

    [Fact]
    public async Task Json_is_one_document_for_a_preview_and_for_an_update()
    {
        using var world = await new TestWorld().WithProgramAsync(Lamp);

        var preview = await world.RunAsync("preview", "--json");
        var update = await world.RunAsync("up", "--yes", "--json");

        foreach (var (outcome, op) in new[] { (preview, "create"), (update, "create") })
        {
            var digest = JObject.Parse(outcome.ShouldSucceed());
            digest["changeSummary"]!.ToString(Newtonsoft.Json.Formatting.None).ShouldBe("{\"create\":2}");
            digest["steps"]!.Select(step => (string)step["op"]!).ShouldAllBe(name => name == op);
            digest["config"]!["lamp:word"]!.ToString().ShouldBe("[secret]");
            outcome.Output.ShouldNotContain("hunter2");
        }
    }

    [Fact]
    public async Task A_failure_is_exit_code_1_with_the_whole_reason()
    {
        using var world = await new TestWorld().WithProgramAsync("new Thing('lamp', { value: 'red', reject: true });");

        var outcome = await world.RunAsync("up", "--yes");

        outcome.ShouldFail(1).ShouldBe("error: preview failed\n");
        outcome.Output.ShouldContain("Diagnostics:\n");
        outcome.Output.ShouldContain("is not wanted");
        Directory.GetFiles(world.PathOf("things"), "*.json").ShouldBeEmpty();
    }

    [Fact]
    public async Task Destroy_takes_everything_away()
    {
        using var world = await new TestWorld().WithProgramAsync(Lamp);
        (await world.RunAsync("up", "--yes", "-f")).ShouldSucceed();

        (await world.RunAsync("destroy", "--yes")).ShouldSucceed().ShouldContain("- 2 deleted");

        File.Exists(world.PathOf("things/lamp.json")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_person_may_ask_for_details_before_saying_yes()
    {
        using var world = await new TestWorld().WithProgramAsync(Lamp);
        world.Prompts = new ScriptedPrompts("details", "yes");

        var output = (await world.RunAsync("up")).ShouldSucceed();

        world.Prompts.Questions.ShouldBe(Enumerable.Repeat("Do you want to perform this update? [yes, no, details]", 2));
        var screen = new Screen(160).Show(output);
        screen.Text.ShouldContain("[urn=urn:pulumi:dev::lamp::world:index:Thing::lamp]");
        screen.Text.ShouldContain(" +  world:index:Thing lamp created (");
        screen.Text.ShouldNotContain("hunter2");
        screen.CursorIsVisible.ShouldBeTrue();
        File.Exists(world.PathOf("things/lamp.json")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_person_who_says_no_is_obeyed()
    {
        using var world = await new TestWorld().WithProgramAsync(Lamp);
        world.Prompts = new ScriptedPrompts("no");

        (await world.RunAsync("up")).ExitCode.ShouldBe(8);

        Directory.GetFiles(world.PathOf("things"), "*.json").ShouldBeEmpty();
    }

    [Fact]
    public async Task The_first_interruption_lets_the_step_in_flight_end_and_is_exit_code_8()
    {
        using var world = await new TestWorld().WithProgramAsync("new Thing('lamp', { value: 'red', hold: 'there' });");
        using var stop = new CancellationTokenSource();

        var running = world.RunAsync(["up", "--yes", "--skip-preview"], string.Empty, stop.Token);
        await Until(() => File.Exists(world.PathOf("things/there.reached")) || running.IsCompleted);
        await stop.CancelAsync();
        world.Write("things/there.release", string.Empty);
        var outcome = await running;

        outcome.ShouldFail(8).ShouldBe("error: update cancelled\n");
        outcome.Output.ShouldContain("@ cancelling: what is in flight is finished first; press Ctrl-C again to stop at once\n");
        (await world.RunAsync("stack", "export")).ShouldSucceed().ShouldContain("world:index:Thing::lamp");
    }

    internal static async Task Until(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The output without what differs from run to run: what was started, and how long it took.</summary>
    private static string Timeless(Outcome outcome) => Progress().Replace(outcome.Output, string.Empty);

    [GeneratedRegex("^@ .*\n", RegexOptions.Multiline)]
    private static partial Regex Progress();
}
