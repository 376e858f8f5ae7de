using Newtonsoft.Json.Linq;

namespace Provisioner.Cli.Tests.Commands;

public sealed class StackCommandTests
{
    [Fact]
    public async Task A_stack_is_made_with_a_salt_of_its_own_selected_and_listed()
    {
        using var world = new TestWorld();

        (await world.RunAsync("stack", "init", "attic")).ShouldSucceed().ShouldBe("Created stack 'attic'\n");

        world.Read("Pulumi.attic.yaml").ShouldStartWith("encryptionsalt: v1:");
        (await world.RunAsync("stack", "ls")).ShouldSucceed().ShouldBe("NAME    LAST UPDATE  RESOURCE COUNT\nattic*  n/a          0\n");
        var listed = JArray.Parse((await world.RunAsync("stack", "ls", "--json")).ShouldSucceed());
        listed.Single()["name"]!.Value<string>().ShouldBe("attic");
        listed.Single()["current"]!.Value<bool>().ShouldBeTrue();
        (await world.RunAsync("stack", "init", "attic")).ShouldFail(1).ShouldContain("exists already");
    }

    [Fact]
    public async Task Another_stack_is_selected()
    {
        using var world = await new TestWorld().WithStackAsync("dev");
        await world.WithStackAsync("shed");

        (await world.RunAsync("stack", "select", "dev")).ShouldSucceed();

        (await world.RunAsync("stack", "ls")).Output.ShouldContain("dev*");
        (await world.RunAsync("config", "set", "ssid", "x")).ShouldSucceed();
        world.Read("Pulumi.dev.yaml").ShouldContain("ssid");
    }

    [Theory]
    [InlineData("stack", "select", "dve")]
    [InlineData("preview", "--stack", "dve")]
    [InlineData("up", "--yes", "-s", "dve")]
    [InlineData("config", "--stack", "dve")]
    [InlineData("stack", "output", "-s", "dve")]
    [InlineData("stack", "export", "-s", "dve")]
    public async Task A_stack_that_does_not_exist_is_exit_code_6_and_a_suggestion(params string[] arguments)
    {
        using var world = await new TestWorld().WithStackAsync();

        (await world.RunAsync(arguments)).ShouldFail(6).ShouldContain("no stack named \"dve\"");
        (await world.RunAsync(arguments)).Error.ShouldContain("Did you mean \"dev\"?");
    }

    [Theory]
    [InlineData("preview")]
    [InlineData("up", "--yes")]
    [InlineData("stack", "export")]
    public async Task A_state_file_cut_in_half_is_named_with_the_place_of_the_cut_and_left_as_it_is(params string[] arguments)
    {
        using var world = await new TestWorld().WithStackAsync(config: "config:\n  lamp:ssid: x\n  lamp:wifiPassword: {secure: \"v1:ICEiIyQlJicoKSor:nFPr6dysmwj6EklMl6Juz2FE898sBEY=\"}\n");
        var file = Path.Combine(".pulumi", "stacks", "lamp", "dev.json");
        var whole = world.Read(file);
        var half = whole[..(whole.Length / 2)];
        world.Write(file, half);

        (await world.RunAsync(arguments)).ShouldFail(1).ShouldContain($"dev.json is cut off: it ends at byte {half.Length}");

        world.Read(file).ShouldBe(half);
    }

    [Fact]
    public async Task A_stack_whose_file_came_with_the_project_is_made_with_one_command_that_the_error_names()
    {
        using var world = new TestWorld();
        world.Write("Pulumi.dev.yaml", $"encryptionsalt: {TestWorld.Salt}\n");

        (await world.RunAsync("preview", "--stack", "dev")).ShouldFail(6).ShouldContain("provision stack init dev");
    }

    [Fact]
    public async Task Without_a_selected_stack_the_ones_there_are_named()
    {
        using var world = new TestWorld();
        world.Write("Pulumi.dev.yaml", $"encryptionsalt: {TestWorld.Salt}\n");
        (await world.RunAsync("stack", "init", "dev", "--no-select")).ShouldSucceed();

        (await world.RunAsync("config")).ShouldFail(6).ShouldContain("no stack is selected. Name one with --stack, or select it with `provision stack select`; there are: dev.");
    }

    [Fact]
    public async Task A_person_chooses_the_stack()
    {
        using var world = await new TestWorld().WithStackAsync("dev");
        await world.WithStackAsync("shed");
        world.Prompts = new ScriptedPrompts("dev");

        (await world.RunAsync("stack", "select")).ShouldSucceed();

        world.Prompts.Questions.ShouldBe(["Please choose a stack [dev, shed]"]);
        (await world.RunAsync("stack", "ls", "--color", "never")).Output.ShouldContain("dev*");
    }

    [Fact]
    public async Task An_empty_stack_has_no_outputs_and_an_export_that_Pulumi_reads()
    {
        using var world = await new TestWorld().WithStackAsync();

        (await world.RunAsync("stack", "output")).ShouldSucceed().ShouldBe("Current stack outputs (0):\n    No output values currently in this stack\n");
        (await world.RunAsync("stack", "output", "--json")).ShouldSucceed().ShouldBe("{}\n");
        (await world.RunAsync("stack", "output", "address")).ShouldFail(1).ShouldContain("does not have output property \"address\"");
        JObject.Parse((await world.RunAsync("stack", "export")).ShouldSucceed())["version"]!.Value<int>().ShouldBe(3);
    }

    [Fact]
    public async Task Outputs_hide_secrets_unless_they_are_asked_for()
    {
        using var world = await new TestWorld().WithStackAsync();
        WriteState(world);

        (await world.RunAsync("stack", "output")).ShouldSucceed().ShouldBe("Current stack outputs (3):\n    OUTPUT   VALUE\n    address  192.168.7.20\n    later    [unknown]\n    psk      [secret]\n");
        (await world.RunAsync("stack", "output", "--show-secrets")).ShouldSucceed().ShouldContain("psk      hunter2");
        (await world.RunAsync("stack", "output", "address")).ShouldSucceed().ShouldBe("192.168.7.20\n");
        (await world.RunAsync("stack", "output", "psk")).ShouldSucceed().ShouldBe("[secret]\n");
        (await world.RunAsync("stack", "output", "--json")).ShouldSucceed().ShouldBe("{\n  \"address\": \"192.168.7.20\",\n  \"later\": \"04da6b54-80e4-46f7-96ec-b56ff0331ba9\",\n  \"psk\": \"[secret]\"\n}\n");
        (await world.RunAsync("stack", "export")).ShouldSucceed().ShouldNotContain("hunter2");
        (await world.RunAsync("stack", "export", "--show-secrets")).ShouldSucceed().ShouldContain("hunter2");
    }

    [Fact]
    public async Task An_export_into_a_file_can_be_read_by_its_owner_only()
    {
        using var world = await new TestWorld().WithStackAsync();
        WriteState(world);
        world.Write("state.json", "something that everybody may read");

        (await world.RunAsync("stack", "export", "--file", "state.json")).ShouldSucceed().ShouldBeEmpty();

        JObject.Parse(world.Read("state.json"))["deployment"].ShouldNotBeNull();
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(world.PathOf("state.json")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task A_state_file_cut_in_half_is_a_clear_error()
    {
        using var world = await new TestWorld().WithStackAsync();
        WriteState(world);
        var path = Path.Combine(world.Folder, ".pulumi/stacks/lamp/dev.json");
        File.WriteAllText(path, File.ReadAllText(path)[..200]);

        (await world.RunAsync("stack", "output")).ShouldFail(1).ShouldContain("dev.json");
        var list = await world.RunAsync("stack", "ls");
        list.ShouldSucceed().ShouldContain("n/a");
        list.Error.ShouldStartWith("warning: ");
    }

    private static void WriteState(TestWorld world)
    {
        // The ciphertext is the one of "hunter2" in the published test vector of the salt.
        var state = new JObject
        {
            ["version"] = 3,
            ["checkpoint"] = new JObject
            {
                ["stack"] = "organization/lamp/dev",
                ["latest"] = new JObject
                {
                    ["manifest"] = new JObject { ["time"] = "2026-01-02T03:04:05Z", ["magic"] = string.Empty, ["version"] = string.Empty },
                    ["secrets_providers"] = new JObject { ["type"] = "passphrase", ["state"] = new JObject { ["salt"] = TestWorld.Salt } },
                    ["resources"] = new JArray(new JObject
                    {
                        ["urn"] = "urn:pulumi:dev::lamp::pulumi:pulumi:Stack::lamp-dev",
                        ["custom"] = false,
                        ["type"] = "pulumi:pulumi:Stack",
                        ["outputs"] = new JObject
                        {
                            ["address"] = "192.168.7.20",
                            ["later"] = "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
                            ["psk"] = new JObject
                            {
                                ["4dabf18193072939515e22adb298388d"] = "1b47061264138c4ac30d75fd1eb44270",
                                ["ciphertext"] = "v1:MDEyMzQ1Njc4OTo7:2xegkSjGaP/4kvVksYizkAxxw+/dL2CttA==",
                            },
                        },
                    }),
                },
            },
        };
        File.WriteAllText(Path.Combine(world.Folder, ".pulumi/stacks/lamp/dev.json"), state.ToString());
    }
}
