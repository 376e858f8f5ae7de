using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Tests.Remote;

public sealed class CommandLineTests
{
    [Fact]
    public void Root_runs_a_script_directly_and_others_through_sudo_without_a_password()
    {
        var script = Script.Of($"id");

        CommandLine.ForShell(script, "root").ShouldStartWith("exec sh -c s");
        CommandLine.ForShell(script, "pi").ShouldStartWith("exec sudo -n -- sh -c s");
        CommandLine.ForShell(script with { NeedsRoot = false }, "pi").ShouldStartWith("exec sh -c s");
    }

    [Fact]
    public async Task The_line_for_sudo_works_with_sudo()
    {
        var output = await Tool.RunAsync("sh", "-c", CommandLine.ForShell(Script.Of($"echo 'it'; id -u"), "somebody"));

        output.ShouldBe("it\n0\n");
    }

    [Fact]
    public void A_secret_on_stdin_is_neither_in_the_line_nor_in_the_text_for_people()
    {
        var script = Script.Of($"cat >/dev/null") with { Stdin = Payload.Secret("hunter2-hunter2") };

        CommandLine.ForShell(script, "root").ShouldNotContain("hunter2");
        script.ToString().ShouldNotContain("hunter2");
        script.ToString().ShouldContain("[secret]");
    }

    [Fact]
    public void Data_in_a_script_that_is_too_long_for_an_argument_is_refused() =>
        Should.Throw<InvalidOperationException>(() => CommandLine.Wrap(Script.Of($"echo {new string('x', 200_000)}"))).Message.ShouldContain("stdin");
}
