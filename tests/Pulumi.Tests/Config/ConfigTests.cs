using System.Text.Json;
using Pulumi.Runtime;

namespace Pulumi.Tests;

public sealed class ConfigTests
{
    private const string Values =
        """{"lamp:name": "desk", "lamp:on": "true", "lamp:count": "3", "lamp:watts": "7.5", "lamp:sizes": "{\"a\":[1,2]}", "lamp:pin": "hunter2", "home:config:old": "x"}""";

    [Fact]
    public async Task Values_are_read_by_their_types()
    {
        await using var engine = await RecordingEngine.StartAsync();

        (await engine.RunAsync(
            () =>
            {
                var config = new Config();
                config.Get("name").ShouldBe("desk");
                config.Require("name").ShouldBe("desk");
                config.RequireBoolean("on").ShouldBeTrue();
                config.RequireInt32("count").ShouldBe(3);
                config.RequireDouble("watts").ShouldBe(7.5);
                config.RequireObject<Dictionary<string, int[]>>("sizes")["a"].ShouldBe([1, 2]);
                new Config("home").Get("old").ShouldBe("x");
            },
            config: Values)).ShouldBe(0, string.Join("\n", engine.ErrorLogs));
    }

    [Fact]
    public async Task A_value_that_is_not_there_is_null()
    {
        await using var engine = await RecordingEngine.StartAsync();

        (await engine.RunAsync(() =>
        {
            var config = new Config();
            config.Get("none").ShouldBeNull();
            config.GetBoolean("none").ShouldBeNull();
            config.GetInt32("none").ShouldBeNull();
            config.GetDouble("none").ShouldBeNull();
            config.GetObject<JsonElement?>("none").ShouldBeNull();
            config.GetSecret("none").ShouldBeNull();
            config.GetSecretInt32("none").ShouldBeNull();
            config.GetSecretObject<string>("none").ShouldBeNull();
        })).ShouldBe(0, string.Join("\n", engine.ErrorLogs));
    }

    [Fact]
    public async Task A_secret_value_is_a_secret_output()
    {
        await using var engine = await RecordingEngine.StartAsync();
        Output<string> pin = null!;

        await engine.RunAsync(() => pin = new Config().RequireSecret("pin"), config: Values);

        (await Output.IsSecretAsync(pin)).ShouldBeTrue();
    }

    [Theory]
    [InlineData("secret", "\"lamp:none\" is required", "pulumi config set --secret lamp:none <value>")]
    [InlineData("plain", "\"lamp:none\" is required", "pulumi config set lamp:none <value>")]
    [InlineData("bool", "\"lamp:name\" must be true or false, but is \"desk\"", "pulumi config set lamp:name <value>")]
    [InlineData("int", "\"lamp:name\" must be a whole number", "but is \"desk\"")]
    [InlineData("object", "\"lamp:name\" must be JSON", "but is \"desk\"")]
    [InlineData("known secret", "\"lamp:pin\" must be a whole number", "but is [secret]")]
    [InlineData("asked secret", "\"lamp:name\" must be a whole number", "but is [secret]")]
    public async Task What_is_wrong_with_a_value_is_told_with_the_way_out(string what, string problem, string rest)
    {
        await using var engine = await RecordingEngine.StartAsync();

        (await engine.RunAsync(
            () =>
            {
                var config = new Config();
                _ = what switch
                {
                    "secret" => config.RequireSecret("none"),
                    "plain" => config.Require("none"),
                    "bool" => config.RequireBoolean("name"),
                    "int" => config.RequireInt32("name"),
                    "object" => config.RequireObject<int[]>("name"),
                    "known secret" => config.RequireInt32("pin"),
                    _ => (object)config.RequireSecretInt32("name"),
                };
            },
            config: Values,
            secretKeys: """["lamp:pin"]""")).ShouldBe(32);

        var error = engine.ErrorLogs.ShouldHaveSingleItem();
        error.ShouldContain(problem);
        error.ShouldContain(rest);
        error.ShouldNotContain("hunter2");
    }

    [Theory]
    [InlineData("hunter2", null)]
    [InlineData("[1]", null)]
    [InlineData(null, "hunter2")]
    public void A_malformed_environment_is_told_without_its_content(string? values, string? secretKeys)
    {
        var error = Should.Throw<RunException>(() => ConfigValues.Parse(values, secretKeys));

        error.Message.ShouldContain("PULUMI_CONFIG");
        error.ToString().ShouldNotContain("hunter2");
    }
}
