using Provisioner.Provider.Consent;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Tests.Remote;
using Provisioner.Provider.Tests.Resources;

namespace Provisioner.Provider.Tests.Consent;

public sealed class RecheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Facts => Path.Combine(_folder.Path, "facts");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("serial 1\nserial 2\n", "serial 1\nserial 2\n")]
    [InlineData("serial 1\n\n\n", "serial 1")]
    [InlineData("", "")]
    [InlineData("dem „kleinen“ Licht\t$HOME `x` \\n %s 'q'", "dem „kleinen“ Licht\t$HOME `x` \\n %s 'q'\n")]
    public async Task Facts_that_still_hold_let_the_script_go_on(string there, string planned)
    {
        await File.WriteAllTextAsync(Facts, there);

        var (exit, output, _) = await RunAsync(planned);

        (exit, output).ShouldBe((0, "destroyed\n"));
    }

    [Theory]
    [InlineData("serial 1\n", "serial 2\n")]
    [InlineData("serial 1\n", "serial 1 \n")]
    [InlineData("", "serial 1\n")]
    public async Task Facts_that_have_changed_end_it_and_are_told(string there, string planned)
    {
        await File.WriteAllTextAsync(Facts, there);

        var (exit, output, error) = await RunAsync(planned);

        (exit, output).ShouldBe((Recheck.Refused, ""));
        error.ShouldContain(there.Trim());
    }

    [Fact]
    public async Task Facts_that_cannot_be_read_end_it()
    {
        var (exit, output, _) = await RunAsync("");

        exit.ShouldNotBe(0);
        output.ShouldBe("");
    }

    private async Task<(int Exit, string Output, string Error)> RunAsync(string planned)
    {
        var result = await Sh.RunAsync(Shell.Lines(Recheck.That(Shell.Of($"cat {Facts}"), Recheck.DigestOf(planned)), Shell.Of($"echo destroyed")));
        return (result.ExitCode, result.StandardOutput, result.StandardError);
    }
}
