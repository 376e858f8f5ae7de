using Pulumi.Runtime;

namespace Pulumi.Tests;

public sealed class ProgramSettingsTests
{
    private static readonly Dictionary<string, string> Complete = new()
    {
        ["PULUMI_MONITOR"] = "127.0.0.1:1",
        ["PULUMI_ENGINE"] = "127.0.0.1:2",
        ["PULUMI_PROJECT"] = "lamp",
        ["PULUMI_STACK"] = "dev",
        ["PULUMI_DRY_RUN"] = "true",
        ["PULUMI_CONFIG"] = """{"lamp:name":"desk"}""",
    };

    [Fact]
    public void The_engine_tells_a_program_all_by_its_environment()
    {
        var settings = ProgramSettings.FromEnvironment(Complete.GetValueOrDefault);

        settings.ShouldSatisfyAllConditions(
            it => it.Monitor.ShouldBe("127.0.0.1:1"),
            it => it.Engine.ShouldBe("127.0.0.1:2"),
            it => it.Project.ShouldBe("lamp"),
            it => it.Stack.ShouldBe("dev"),
            it => it.IsDryRun.ShouldBeTrue(),
            it => it.Organization.ShouldBe("organization"),
            it => it.RootDirectory.ShouldBeNull(),
            it => it.Config.Get("lamp:name").ShouldBe("desk"));
    }

    [Theory]
    [InlineData("PULUMI_MONITOR")]
    [InlineData("PULUMI_ENGINE")]
    [InlineData("PULUMI_PROJECT")]
    [InlineData("PULUMI_STACK")]
    [InlineData("PULUMI_DRY_RUN")]
    public void Without_an_engine_the_program_says_how_to_run_it(string missing)
    {
        var error = Should.Throw<RunException>(() => ProgramSettings.FromEnvironment(name => name == missing ? null : Complete.GetValueOrDefault(name)));

        error.Message.ShouldContain(missing);
        error.Message.ShouldContain("./provision up");
        error.Message.ShouldContain("pulumi up");
    }
}
