using Provisioner.Engine;
using Provisioner.Engine.Backend;
using Provisioner.Engine.Projects;
using Provisioner.VirtualPi;

namespace Provisioner.Cli.Commands;

/// <summary>Exceptions as words for a person and an exit code for a script.</summary>
internal static class Failures
{
    public static (int ExitCode, string Message) Explain(Exception exception, bool isVerbose) => exception switch
    {
        CliException failure => (failure.ExitCode, failure.Message),
        OperationCanceledException => (ExitCodes.Cancelled, "cancelled"),
        StackNotFoundException => (ExitCodes.StackNotFound, exception.Message),
        ProjectFileException or ConfigurationException => (ExitCodes.Usage, exception.Message),
        EngineException or PiException or IOException or UnauthorizedAccessException => (ExitCodes.Error, exception.Message),
        _ when isVerbose => (ExitCodes.Error, exception.ToString()),
        _ => (ExitCodes.Error, $"{exception.Message} (this is a defect of {CommandLine.Name}; --verbose shows where)"),
    };
}
