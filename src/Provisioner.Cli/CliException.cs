namespace Provisioner.Cli;

/// <summary>A failure of the command line itself: the message goes out behind "error: ", the code is the process's.</summary>
internal sealed class CliException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
