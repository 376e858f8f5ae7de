using System.ComponentModel;
using System.Diagnostics;

namespace Provisioner.Cli.Terminal;

/// <summary>The terminal passes every key on as it is, Ctrl-C too, until this is disposed.</summary>
internal sealed class RawTerminal : IAsyncDisposable
{
    private readonly string _before;

    private RawTerminal(string before) => _before = before;

    /// <exception cref="CliException">There is no <c>stty</c>, or it refuses.</exception>
    public static async Task<RawTerminal> EnterAsync(CancellationToken cancellationToken)
    {
        var before = (await SttyAsync(["-g"], cancellationToken)).Trim();
        await SttyAsync(["raw", "-echo"], cancellationToken);
        return new RawTerminal(before);
    }

    public async ValueTask DisposeAsync() => await SttyAsync([_before], CancellationToken.None);

    private static async Task<string> SttyAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            // stty acts on its standard input, which therefore has to be ours.
            using var process = new Process { StartInfo = new ProcessStartInfo("stty", arguments) { UseShellExecute = false, RedirectStandardOutput = true } };
            process.Start();
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? output : throw new CliException(ExitCodes.Error, "the terminal cannot be put into raw mode (stty failed)");
        }
        catch (Win32Exception)
        {
            throw new CliException(ExitCodes.Error, "stty is not installed, and without it the console cannot have this terminal");
        }
    }
}
