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

    [Theory]
    [InlineData("passphrase", "hush-hush")]
    [InlineData("dbPassword", "hush-hush")]
    [InlineData("mailPasswort", "hush-hush")]
    [InlineData("db_pwd", "hush-hush")]
    [InlineData("API_KEY", "hush-hush")]
    [InlineData("provisioner:privateKey", "hush-hush")]
    [InlineData("settings.smtp.password", "hush-hush")]
    [InlineData("note", "-----BEGIN OPENSSH PRIVATE KEY-----\nhush-hush\n-----END OPENSSH PRIVATE KEY-----")]
    [InlineData("note", "AGE-SECRET-KEY-1HUSHHUSH")]
    [InlineData("note", "ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8")]
    [InlineData("note", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.hush_hush")]
    [InlineData("note", "q7Zk3VxT9mWcR2bLhY5nGdPs8AeJfUoX")]
    [InlineData("note", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    [InlineData("note", "https://user:hush-hush@lamp.local/")]
    [InlineData("note", "{\"user\":\"lamp\",\"password\":\"hush-hush\"}")]
    [InlineData("note", "$6$salt$hushhush")]
    public async Task What_looks_like_a_secret_is_not_stored_in_clear_unless_it_is_asked_for(string key, string value)
    {
        using var world = await new TestWorld().WithStackAsync();
        string[] set = ["config", "set", "--path", key, value];

        var error = (await world.RunAsync(set)).ShouldFail(2);

        error.ShouldContain("looks like a secret");
        error.ShouldContain($"config set --secret {(key.Contains('.', StringComparison.Ordinal) ? "--path " : string.Empty)}{key} --stack dev");
        error.ShouldContain("--plaintext");
        error.ShouldNotContain("hush");
        world.Read("Pulumi.dev.yaml").ShouldNotContain("config");
        (await world.RunAsync([.. set, "--plaintext"])).ShouldSucceed();
        (await world.RunAsync("config", "get", "--path", key)).ShouldSucceed().ShouldContain(value);
    }

    [Theory]
    [InlineData("loginKey", "~/.ssh/id_ed25519.pub")]
    [InlineData("privateKeyFile", "/home/me/.ssh/id_ed25519")]
    [InlineData("hostKey", "SHA256:uZ3vQ2l1cKx0mR7YwT9bNfHs5DgJ8aPeVqLtXrCyWk4")]
    [InlineData("hostKey", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB1X9vQzT3mWcR2bLhY5nGdPs8AeJfUoXq7Zk3VxT9mW")]
    [InlineData("ssdId", "usb-Samsung_Portable_SSD_T5_1234567A666E-0:0")]
    [InlineData("disk", "nvme-Samsung_SSD_980_PRO_1TB_S5GXNX0R123456Z")]
    [InlineData("consent.1234567A666E", "disk-hnvq-0a84-h7j8-78nq")]
    [InlineData("imageSha256", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    [InlineData("system", "/nix/store/q7zk3vxt9mwcr2blhy5ngdps8aejfuox-nixos-system-lamp-25.05")]
    [InlineData("device", "root@lamp.local:2222")]
    [InlineData("id", "7b0c9c1e-6f0a-4f5e-9d53-0c8d9a1f2b3c")]
    [InlineData("tokenLifetime", "3600")]
    [InlineData("askPassword", "true")]
    [InlineData("words", "a sentence about the password of a house")]
    [InlineData("compassHeading", "north")]
    public async Task What_only_sounds_like_one_is_stored(string key, string value)
    {
        using var world = await new TestWorld().WithStackAsync();

        (await world.RunAsync("config", "set", "--path", key, value)).ShouldSucceed();
    }

    [Fact]
    public async Task A_key_that_is_nearly_one_that_is_secret_is_taken_for_it()
    {
        using var world = await new TestWorld().WithStackAsync();

        var error = (await world.RunAsync("config", "set", "wifiPasward", Password)).ShouldFail(2);

        error.ShouldContain("the project does not know the key wifiPasward, but wifiPassword, which is secret");
        error.ShouldNotContain("lamp\\");
        (await world.RunAsync("config", "set", "wifiPasward", Password, "--plaintext")).ShouldSucceed();
    }

    [Theory]
    [InlineData("chanel", "; did you mean \"channel\"?")]
    [InlineData("colour", "")]
    public async Task A_key_that_the_project_does_not_declare_is_pointed_out(string key, string hint)
    {
        using var world = await new TestWorld().WithStackAsync();

        var set = await world.RunAsync("config", "set", key, "7");

        set.ShouldSucceed();
        set.Error.ShouldBe($"warning: the project does not know the key {key}{hint}\n");
    }

    [Fact]
    public async Task A_key_that_the_schema_of_a_provider_calls_secret_is_refused_in_clear()
    {
        using var world = await new TestWorld().WithStackAsync();
        world.Write("Pulumi.yaml", $"""
            name: lamp
            runtime: nodejs
            plugins:
              providers:
                - name: world
                  path: {Path.Combine(ThirdPartyEnds.Folder, "providers", "world")}
            """);

        world.Write("schema.json", """{"name":"world","config":{"variables":{"account":{"type":"string","secret":true},"folder":{"type":"string"}}}}""");

        (await world.RunAsync("config", "set", "world:account", "hush-hush", "--plaintext")).ShouldFail(2).ShouldContain("the provider world declares world:account as secret");
        (await world.RunAsync("config", "set", "world:acount", "hush-hush")).ShouldFail(2).ShouldContain("the provider world does not know the key acount, but account, which is secret");
        (await world.RunAsync("config", "set", "world:folder", "/tmp")).Error.ShouldBeEmpty();
        (await world.RunAsync("config", "set", "world:foldr", "/tmp")).Error.ShouldContain("did you mean \"folder\"?");
    }

    [Fact]
    public async Task A_secret_that_stands_in_clear_in_the_file_is_pointed_out_and_not_listed()
    {
        using var world = await new TestWorld().WithStackAsync(config: "config:\n  lamp:wifiPassword: hush-hush\n  provisioner:passphrase: hush-too\n");

        var listed = await world.RunAsync("config");

        listed.ShouldSucceed().ShouldNotContain("hush");
        listed.Output.ShouldContain("provisioner:passphrase  [secret]");
        listed.Error.ShouldContain("Pulumi.dev.yaml has provisioner:passphrase in clear");
        listed.Error.ShouldContain("config set --secret wifiPassword --stack dev");
        (await world.RunAsync("config", "--json")).Output.ShouldNotContain("hush");
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
