using Provisioner.VirtualPi.Building;
using Provisioner.VirtualPi.Tests.Support;

namespace Provisioner.VirtualPi.Tests.Building;

public sealed class BuildScriptTests
{
    [Fact]
    public async Task A_script_that_fails_is_an_error_with_its_last_words_and_its_log()
    {
        using var folder = new TemporaryFolder();
        // No such tree: the script stops at its first step.
        var settings = new Dictionary<string, string> { ["TREE"] = folder.File("absent.tar"), ["OVERLAY"] = folder.Path, ["INIT"] = folder.File("init") };
        Directory.CreateDirectory(folder.File("draft"));

        var error = await Should.ThrowAsync<PiException>(() => BuildScript.RunAsync(
            "Building/Scripts/card", folder.File("draft"), folder.File("card.log"), settings, TestContext.Current.CancellationToken));

        error.Message.ShouldContain("card failed with exit code 2");
        error.Message.ShouldContain(folder.File("card.log"));
        error.Message.ShouldContain("absent.tar: Cannot open: No such file");
    }

    [Fact]
    public void The_mirrors_answer_is_read()
    {
        DebianVersions.Parse("kernel=6.12.107+deb13-amd64\nzfs=2.3.9-0+deb13u1\n").ShouldBe(new DebianVersions("6.12.107+deb13-amd64", "2.3.9-0+deb13u1"));
    }
}
