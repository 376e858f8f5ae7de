using System.CommandLine;
using Provisioner.Cli.Sessions;

namespace Provisioner.Cli.Commands;

/// <summary>What a command does: 0, or another exit code; a failure is an exception.</summary>
internal delegate Task<int> CommandAction(Session session, ParseResult parsed, CancellationToken stop);

/// <summary>Runs commands' actions, and turns what goes wrong into words and exit codes.</summary>
internal sealed class Runner(GlobalOptions globals, CliContext context)
{
    /// <summary>Gives a command its action.</summary>
    public Command Bind(Command command, CommandAction action)
    {
        command.SetAction((parsed, stop) => RunAsync(action, parsed, stop));
        return command;
    }

    private async Task<int> RunAsync(CommandAction action, ParseResult parsed, CancellationToken stop)
    {
        try
        {
            return await action(new Session(parsed, globals, context), parsed, stop);
        }
        catch (Exception exception)
        {
            // The outermost handler: whatever comes here ends the command.
            var (code, message) = Failures.Explain(exception, isVerbose: parsed.GetValue(globals.Verbose) > 0);
            Session.Errors(parsed, globals, context).Write(message);
            return code;
        }
    }
}
