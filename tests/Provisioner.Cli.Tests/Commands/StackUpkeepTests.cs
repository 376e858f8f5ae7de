using Newtonsoft.Json.Linq;

namespace Provisioner.Cli.Tests.Commands;

public sealed class StackUpkeepTests
{
    private const string Stack = "urn:pulumi:dev::lamp::pulumi:pulumi:Stack::lamp-dev";
    private const string Group = "urn:pulumi:dev::lamp::house:index:Group::g";
    private const string Inner = "urn:pulumi:dev::lamp::house:index:Group$house:index:Group::h";

    /// <summary>What <c>pulumi stack export --show-secrets</c> prints for a stack with a secret output and two components.</summary>
    private static readonly string Export = """
        {"version":3,"deployment":{"manifest":{"time":"2026-01-01T00:00:00Z","magic":"","version":""},"resources":[
          {"urn":"STACK","custom":false,"type":"pulumi:pulumi:Stack","outputs":{"word":{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","plaintext":"\"open sesame\""}}},
          {"urn":"GROUP","custom":false,"type":"house:index:Group","parent":"STACK","protect":true},
          {"urn":"INNER","custom":false,"type":"house:index:Group","parent":"GROUP","dependencies":["GROUP"]}]}}
        """.Replace("STACK", Stack).Replace("GROUP", Group).Replace("INNER", Inner);

    [Fact]
    public async Task An_export_is_imported_and_its_secrets_are_encrypted_as_this_stacks()
    {
        using var world = await FilledAsync();

        (await world.RunAsync("stack", "output", "word", "--show-secrets")).ShouldSucceed().ShouldBe("open sesame\n");
        world.Read(".pulumi/stacks/lamp/dev.json").ShouldNotContain("open sesame");
        var again = (await world.RunAsync("stack", "export")).ShouldSucceed();
        (await world.RunAsync(["stack", "import"], again)).ShouldSucceed();
        (await world.RunAsync("stack", "export")).ShouldSucceed().ShouldBe(again, "what did not change keeps its ciphertext");
    }

    [Theory]
    [InlineData("nonsense", "stack export")]
    [InlineData("""{"version":3,"checkpoint":{}}""", "stack export")]
    [InlineData("""{"version":9,"deployment":{}}""", "version 9")]
    public async Task What_is_no_export_is_refused_and_the_state_stays(string text, string message)
    {
        using var world = await FilledAsync();
        var before = world.Read(".pulumi/stacks/lamp/dev.json");

        (await world.RunAsync(["stack", "import"], text)).ShouldFail(1).ShouldContain(message);

        world.Read(".pulumi/stacks/lamp/dev.json").ShouldBe(before);
    }

    [Fact]
    public async Task Another_stacks_export_needs_force()
    {
        using var world = await FilledAsync();
        var other = Export.Replace(":dev::", ":shed::");

        (await world.RunAsync(["stack", "import"], other)).ShouldFail(1).ShouldContain("urn:pulumi:shed::");
        (await world.RunAsync(["stack", "import", "--force"], other)).ShouldSucceed();
    }

    [Fact]
    public async Task A_damaged_state_is_replaced_by_an_import_and_kept_beside_it()
    {
        using var world = await FilledAsync();
        world.Write(".pulumi/stacks/lamp/dev.json", "{\"version\":3,");

        (await world.RunAsync("stack", "output")).ShouldFail(1);
        (await world.RunAsync(["stack", "import"], Export)).ShouldSucceed();

        (await world.RunAsync("stack", "output")).ShouldSucceed().ShouldContain("word");
        world.Read(".pulumi/stacks/lamp/dev.json.bak").ShouldBe("{\"version\":3,");
    }

    [Fact]
    public async Task A_renamed_stack_is_the_same_stack_under_another_name()
    {
        using var world = await FilledAsync();

        (await world.RunAsync("stack", "rename", "attic")).ShouldSucceed();

        (await world.RunAsync("stack", "ls")).Output.ShouldContain("attic*");
        var urns = JObject.Parse((await world.RunAsync("stack", "export")).ShouldSucceed()).SelectTokens("deployment.resources[*].urn").Values<string>();
        urns.ShouldBe(["urn:pulumi:attic::lamp::pulumi:pulumi:Stack::lamp-attic", Group.Replace(":dev:", ":attic:"), Inner.Replace(":dev:", ":attic:")]);
        (await world.RunAsync("stack", "output", "word", "--show-secrets")).ShouldSucceed().ShouldBe("open sesame\n");
        File.Exists(world.PathOf("Pulumi.dev.yaml")).ShouldBeFalse();
        (await world.RunAsync("stack", "rename", "attic")).ShouldFail(1).ShouldContain("exists already");
    }

    [Fact]
    public async Task A_stack_with_resources_is_removed_only_by_force_and_leaves_its_last_state_behind()
    {
        using var world = await FilledAsync();

        (await world.RunAsync("stack", "rm", "--yes")).ShouldFail(1).ShouldContain("still has resources");
        (await world.RunAsync("stack", "rm", "--force")).ShouldFail(2).ShouldContain("--yes");
        (await world.RunAsync("stack", "rm", "--force", "--yes")).ShouldSucceed();

        JArray.Parse((await world.RunAsync("stack", "ls", "--json")).ShouldSucceed()).ShouldBeEmpty();
        File.Exists(world.PathOf("Pulumi.dev.yaml")).ShouldBeFalse();
        world.Read(".pulumi/stacks/lamp/dev.json.bak").ShouldContain(Group);
        (await world.RunAsync("preview")).ShouldFail(6);
    }

    [Fact]
    public async Task A_person_types_the_stacks_name_before_it_is_removed()
    {
        using var world = await new TestWorld().WithStackAsync();
        world.Prompts = new ScriptedPrompts("yes", "dev");

        (await world.RunAsync("stack", "rm")).ExitCode.ShouldBe(8);
        (await world.RunAsync("stack", "rm", "--preserve-config")).ShouldSucceed();

        File.Exists(world.PathOf("Pulumi.dev.yaml")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_resource_is_taken_out_of_the_state_unless_another_needs_it_or_it_is_protected()
    {
        using var world = await FilledAsync();

        (await world.RunAsync("state", "delete", Group + "x", "--yes")).ShouldFail(1).ShouldContain("There is no resource");
        (await world.RunAsync("state", "delete", Group, "--yes")).ShouldFail(1).ShouldContain("--target-dependents");
        (await world.RunAsync("state", "delete", Group, "--yes", "--target-dependents")).ShouldFail(1).ShouldContain("state unprotect");
        (await world.RunAsync("state", "delete", Inner)).ShouldFail(2).ShouldContain("--yes");
        (await world.RunAsync("state", "unprotect")).ShouldFail(2).ShouldContain("--all");
        (await world.RunAsync("state", "unprotect", Group, "--yes")).ShouldSucceed();
        (await world.RunAsync("state", "delete", Group, "--yes", "--target-dependents")).ShouldSucceed();

        JObject.Parse((await world.RunAsync("stack", "export")).ShouldSucceed()).SelectTokens("deployment.resources[*].urn").Values<string>().ShouldBe([Stack]);
    }

    [Fact]
    public async Task A_lock_that_nobody_gives_back_is_taken_away()
    {
        using var world = await FilledAsync();
        Directory.CreateDirectory(world.PathOf(".pulumi/locks/organization/lamp/dev"));
        world.Write(".pulumi/locks/organization/lamp/dev/1.json", """{"pid":1,"username":"pi","hostname":"elsewhere","timestamp":"2026-01-01T00:00:00Z"}""");

        (await world.RunAsync(["stack", "import"], Export)).ShouldFail(1).ShouldContain("is locked");
        (await world.RunAsync("cancel", "--yes")).ShouldSucceed();

        (await world.RunAsync(["stack", "import"], Export)).ShouldSucceed();
    }

    [Fact]
    public async Task History_tells_what_was_done_the_last_first()
    {
        using var world = await new TestWorld().WithProgramAsync("new Thing('a', { value: 1 });");
        (await world.RunAsync("history")).ShouldSucceed().ShouldContain("never been updated");
        (await world.RunAsync("up", "--yes", "--skip-preview")).ShouldSucceed();
        world.Program("new Thing('a', { fail: 'update', value: 2 });");
        (await world.RunAsync("up", "--yes", "--skip-preview")).ShouldFail(1);

        var text = (await world.RunAsync("stack", "history")).ShouldSucceed();
        text.IndexOf("Status: failed", StringComparison.Ordinal).ShouldBeLessThan(text.IndexOf("Status: succeeded", StringComparison.Ordinal));
        text.ShouldContain("UpdateKind: update");
        var entries = JArray.Parse((await world.RunAsync("history", "--json", "--page", "2", "--page-size", "1")).ShouldSucceed());
        entries.ShouldHaveSingleItem()["result"]!.Value<string>().ShouldBe("succeeded");
        entries[0]["resourceChanges"]!["create"]!.Value<int>().ShouldBe(2);
        entries[0]["config"]!["lamp:word"]!.ToString(Newtonsoft.Json.Formatting.None).ShouldBe("""{"secret":true}""");

        (await world.RunAsync("schema")).ShouldFail(1).ShouldContain("has no schema");
        (await world.RunAsync("schema", "attic")).ShouldFail(1).ShouldContain("pulumi-resource-attic");
    }

    private static async Task<TestWorld> FilledAsync()
    {
        var world = await new TestWorld().WithStackAsync();
        (await world.RunAsync(["stack", "import"], Export)).ShouldSucceed().ShouldBe("Import complete: 3 resources.\n");
        return world;
    }
}
