using System.Globalization;
using Grpc.Core;
using Provisioner.Provider.Errors;

namespace Provisioner.CommandProvider.Commands;

/// <summary>A user's command did not end well.</summary>
internal sealed class CommandFailedException(string what) : ProviderException("command.failed", StatusCode.Aborted, what)
{
    private const int LongestLine = 120;

    /// <summary>It ended with an exit code other than 0.</summary>
    public static CommandFailedException Ended(int exitCode, string command, string where, CommandOutput output) =>
        Of(string.Create(CultureInfo.InvariantCulture, $"The command ended with exit code {exitCode}"), command, where, output);

    /// <summary>It failed in another way.</summary>
    public static CommandFailedException Of(string what, string command, string where, CommandOutput output) => new(what)
    {
        Where = $"{where}: {FirstLine(command)}",
        Why = output.Tail is { Length: > 0 } tail ? tail : "it wrote nothing",
    };

    private static string FirstLine(string command)
    {
        var line = command.Trim().Split('\n')[0];
        return line.Length > LongestLine || line.Length < command.Trim().Length ? line[..Math.Min(line.Length, LongestLine)] + " …" : line;
    }
}
