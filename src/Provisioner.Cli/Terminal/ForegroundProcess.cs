using System.ComponentModel;
using System.Diagnostics;

namespace Provisioner.Cli.Terminal;

/// <summary>A program that takes over this one's terminal or pipes until it ends.</summary>
internal static class ForegroundProcess
{
    /// <returns>Its exit code.</returns>
    /// <exception cref="CliException">It is not installed.</exception>
    public static async Task<int> RunAsync(string program, IEnumerable<string> arguments, CancellationToken kill)
    {
        try
        {
            // Nothing is redirected, so it has the terminal itself, and Ctrl-C with it.
            using var process = new Process { StartInfo = new ProcessStartInfo(program, arguments) { UseShellExecute = false } };
            process.Start();
            await using var killing = kill.Register(process.Kill);
            await process.WaitForExitAsync(CancellationToken.None);
            return process.ExitCode;
        }
        catch (Win32Exception)
        {
            throw new CliException(ExitCodes.Error, $"{program} is not installed, or not on the PATH");
        }
    }
}
