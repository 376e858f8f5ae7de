using Provisioner.Engine.Projects;

namespace Provisioner.Engine.Tests.Projects;

public sealed class StackConfigTests
{
    private const string Head = "name: lamp\nruntime: dotnet\nconfig:\n";

    [Fact]
    public void Values_reach_a_program_as_text_and_objects_as_JSON()
    {
        var config = Resolve(
            Head + "  ssid: Default\n  aws:region: eu-west-1\n",
            """
            config:
              lamp:count: 0x10
              lamp:ratio: 1.50
              lamp:on: True
              lamp:zip: "01234"
              lamp:none:
              lamp:psk: {secure: c1}
              lamp:wifi: {ssid: "a", psk: {secure: c2}, channels: [1, 6.0], hidden: false}
              aws:config:profile: mine
            """);

        config[new("lamp", "count")].ShouldBe(new("16", false));
        config[new("lamp", "ratio")].ShouldBe(new("1.5", false));
        config[new("lamp", "on")].ShouldBe(new("true", false));
        config[new("lamp", "zip")].ShouldBe(new("01234", false));
        config[new("lamp", "none")].ShouldBe(new("", false));
        config[new("lamp", "ssid")].ShouldBe(new("Default", false));
        config[new("lamp", "psk")].ShouldBe(new("clear c1", true));
        config[new("lamp", "wifi")].ShouldBe(new("""{"channels":[1,6],"hidden":false,"psk":"clear c2","ssid":"a"}""", true));
        config[new("aws", "region")].Text.ShouldBe("eu-west-1");
        config[new("aws", "profile")].Text.ShouldBe("mine");
    }

    [Fact]
    public void What_the_stack_says_wins_over_the_project() =>
        Resolve(Head + "  a: project\n", "config:\n  lamp:a: stack\n")[new("lamp", "a")].Text.ShouldBe("stack");

    [Fact]
    public void Every_missing_value_is_named_with_the_command_that_sets_it()
    {
        var error = Should.Throw<ConfigurationException>(() => Resolve(
            Head + "  ssid: {type: string, description: The name people see}\n  psk: {type: string, secret: true}\n", ""));

        error.Message.ShouldContain("no value for ssid (The name people see). Set it with `config set ssid <value> --stack dev`");
        error.Message.ShouldContain("no value for psk. Set it with `config set --secret psk --stack dev`");
    }

    [Fact]
    public void A_secret_in_clear_is_refused_and_not_shown()
    {
        var error = Should.Throw<ConfigurationException>(() => Resolve(Head + "  psk: {secret: true}\n", "config:\n  lamp:psk: hunter2\n"));

        error.Message.ShouldContain("psk in clear");
        error.Message.ShouldContain("config set --secret psk");
        error.Message.ShouldNotContain("hunter2");
    }

    [Theory]
    [InlineData("integer", "many", "must be an integer, but it is \"many\"")]
    [InlineData("integer", "1.5", "must be an integer")]
    [InlineData("boolean", "maybe", "must be a boolean, but it is \"maybe\"")]
    [InlineData("object", "x", "must be an object, but it is \"x\"")]
    [InlineData("string", "[1]", "must be a string, but it is a list")]
    [InlineData("integer", "{secure: many}", "must be an integer, but it is another value (encrypted, so not shown)")]
    [InlineData("array, items: {type: string}", "[a, 1]", "must be an array<string>, but it is a list")]
    [InlineData("array, items: {type: integer}", "{a: 1}", "must be an array<integer>, but it is a mapping")]
    public void A_value_of_the_wrong_type_is_named(string type, string value, string expected)
    {
        var error = Should.Throw<ConfigurationException>(() => Resolve($"{Head}  a: {{type: {type}}}\n", $"config:\n  lamp:a: {value}\n"));

        error.Message.ShouldContain(expected);
        error.Message.ShouldContain("stack \"dev\"");
    }

    [Theory]
    [InlineData("string", "5")]
    [InlineData("string", "true")]
    [InlineData("integer", "\"5\"")]
    [InlineData("integer", "-5")]
    [InlineData("boolean", "\"true\"")]
    [InlineData("boolean", "false")]
    [InlineData("object", "{a: 1}")]
    [InlineData("string", "{secure: x}")]
    [InlineData("array, items: {type: array, items: {type: string}}", "[[a], []]")]
    public void A_value_that_fits_is_taken(string type, string value) =>
        Resolve($"{Head}  a: {{type: {type}}}\n", $"config:\n  lamp:a: {value}\n").ShouldContainKey(new("lamp", "a"));

    [Fact]
    public void Environments_of_the_service_are_refused_instead_of_ignored() =>
        Should.Throw<ConfigurationException>(() => Resolve("name: lamp\nruntime: dotnet\n", "environment: [prod]\n")).Message.ShouldContain("environment");

    private static System.Collections.Immutable.ImmutableSortedDictionary<ConfigKey, ConfigValue> Resolve(string project, string stack)
    {
        var parsed = ProjectFileTests.Parse(project);
        return StackConfig.Resolve(parsed, StackFile.Parse(parsed, "dev", "/lamp/Pulumi.dev.yaml", stack), ciphertext => ciphertext == "many" ? "many" : $"clear {ciphertext}");
    }
}
