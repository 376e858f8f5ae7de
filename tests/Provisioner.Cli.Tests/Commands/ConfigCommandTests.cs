namespace Provisioner.Cli.Tests.Commands;

public sealed class ConfigCommandTests
{
    private const string Password = "pa$$ \"wörd\"; lamp\\";

    [Fact]
    public async Task A_value_is_set_shown_listed_and_removed()
    {
        using var world = await new TestWorld().WithStackAsync();

        (await world.RunAsync("config", "set", "ssid", "Lamp Home")).ShouldSucceed().ShouldBeEmpty();
        (await world.RunAsync("config", "get", "ssid")).ShouldSucceed().ShouldBe("Lamp Home\n");
        (await world.RunAsync("config", "get", "lamp:ssid", "--json")).ShouldSucceed().ShouldBe("{\n  \"value\": \"Lamp Home\",\n  \"secret\": false\n}\n");
        (await world.RunAsync("config")).ShouldSucceed().ShouldBe("KEY      VALUE\nchannel  6\nssid     Lamp Home\n");
        (await world.RunAsync("config", "ls")).Output.ShouldBe((await world.RunAsync("config")).Output);
        (await world.RunAsync("config", "rm", "ssid")).ShouldSucceed();
        (await world.RunAsync("config", "get", "ssid")).ShouldFail(1).ShouldContain("configuration key \"ssid\" not found for stack \"dev\"");
    }

    [Fact]
    public async Task A_secret_from_standard_input_is_stored_encrypted_and_shown_only_when_asked_for()
    {
        using var world = await new TestWorld().WithStackAsync();

        var set = await world.RunAsync(["config", "set", "--secret", "wifiPassword"], input: Password + "\n");
        set.ShouldSucceed();
        set.Error.ShouldBeEmpty();

        world.Read("Pulumi.dev.yaml").ShouldNotContain("lamp\\");
        world.Read("Pulumi.dev.yaml").ShouldContain("secure: v1:");
        (await world.RunAsync("config")).ShouldSucceed().ShouldContain("wifiPassword  [secret]");
        (await world.RunAsync("config", "--json")).ShouldSucceed().ShouldContain("\"lamp:wifiPassword\": {\n    \"secret\": true\n  }");
        (await world.RunAsync("config", "--show-secrets")).ShouldSucceed().ShouldContain("wifiPassword  " + Password);
        (await world.RunAsync("config", "get", "wifiPassword")).ShouldSucceed().ShouldBe(Password + "\n");
    }

    [Fact]
    public async Task A_secret_in_the_arguments_is_taken_with_a_warning()
    {
        using var world = await new TestWorld().WithStackAsync();

        var set = await world.RunAsync("config", "set", "--secret", "wifiPassword", Password);

        set.ShouldSucceed();
        set.Error.ShouldStartWith("warning: a secret on the command line can be seen by others");
        set.Error.ShouldNotContain("lamp");
    }

    [Fact]
    public async Task A_person_is_asked_for_a_secret_without_echo()
    {
        using var world = await new TestWorld().WithStackAsync();
        world.Prompts = new ScriptedPrompts(Password);

        (await world.RunAsync("config", "set", "--secret", "wifiPassword")).ShouldSucceed();

        world.Prompts.Questions.ShouldBe(["secret: Value of lamp:wifiPassword (not shown):"]);
        (await world.RunAsync("config", "get", "wifiPassword")).Output.ShouldBe(Password + "\n");
    }

    [Theory]
    [InlineData]
    [InlineData("--plaintext")]
    public async Task A_key_declared_secret_is_refused_in_clear(params string[] flags)
    {
        using var world = await new TestWorld().WithStackAsync();

        var error = (await world.RunAsync(["config", "set", "wifiPassword", Password, .. flags])).ShouldFail(2);

        error.ShouldContain("the project declares wifiPassword as secret");
        error.ShouldContain("config set --secret wifiPassword --stack dev");
        error.ShouldNotContain("lamp\\");
        world.Read("Pulumi.dev.yaml").ShouldNotContain("wifiPassword");
    }

    [Fact]
    public async Task A_path_reaches_into_lists_and_mappings()
    {
        using var world = await new TestWorld().WithStackAsync();

        (await world.RunAsync("config", "set", "--path", "disks[0].name", "ssd")).ShouldSucceed();
        (await world.RunAsync("config", "set", "--path", "disks[0].gib", "500")).ShouldSucceed();

        (await world.RunAsync("config", "get", "disks")).ShouldSucceed().ShouldBe("[{\"gib\":500,\"name\":\"ssd\"}]\n");
        (await world.RunAsync("config", "get", "--path", "disks[0].name")).ShouldSucceed().ShouldBe("ssd\n");
        (await world.RunAsync("config", "set", "--path", "disks[7]", "x")).ShouldFail(2).ShouldContain("the next index is [1]");
    }

    [Fact]
    public async Task A_mistyped_key_is_answered_with_the_one_that_was_meant()
    {
        using var world = await new TestWorld().WithStackAsync();

        (await world.RunAsync("config", "get", "wifiPasword")).ShouldFail(1).ShouldContain("did you mean \"wifiPassword\"?");
    }

    [Fact]
    public async Task A_wrong_passphrase_is_named_as_such()
    {
        using var world = await new TestWorld().WithStackAsync();
        world.Variables["PULUMI_CONFIG_PASSPHRASE"] = "wrong";

        (await world.RunAsync(["config", "set", "--secret", "wifiPassword"], input: Password)).ShouldFail(1).ShouldContain("incorrect passphrase");
    }

    [Fact]
    public async Task Without_a_passphrase_and_anybody_to_ask_the_way_out_is_named()
    {
        using var world = await new TestWorld().WithStackAsync();
        world.Variables.Remove("PULUMI_CONFIG_PASSPHRASE");

        (await world.RunAsync(["config", "set", "--secret", "wifiPassword"], input: Password)).ShouldFail(1).ShouldContain("PULUMI_CONFIG_PASSPHRASE");
    }
}
