using System.Collections.Immutable;
using System.Text;
using Provisioner.CommandProvider.Commands;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Modelling;

namespace Provisioner.CommandProvider.Remote;

/// <summary><c>command:remote:Command</c>.</summary>
internal sealed class RemoteCommandHandler(ConnectionPool pool, Action<Span<byte>> random) : CommandHandler<RemoteCommandArgs, RemoteCommandState>(random)
{
    public override string Module => "remote";

    protected override ImmutableArray<Rule<RemoteCommandArgs>> Rules => RemoteCommandArgs.Rules;

    protected override async Task<CommandOutcome> RunAsync(string command, RemoteCommandArgs args, CommandOutcome? previous, IOperationContext context, CancellationToken cancellation)
    {
        var output = new CommandOutput(args.Logging, context);
        var script = RemoteScript.Of(command, args.Variables(previous), args.Stdin) with { StdoutLines = output.TakeStdout, Progress = output.TakeStderr };
        try
        {
            var result = await pool.RunAsync(args.Connection, script, cancellation);
            return new CommandOutcome(CommandOutcome.Trimmed(result.Text), CommandOutcome.Trimmed(Encoding.UTF8.GetString(result.Stderr.Span)));
        }
        catch (ScriptFailedException failure)
        {
            throw failure.ExitCode is { } exitCode
                ? CommandFailedException.Ended(exitCode, command, args.Connection.ToString(), output)
                : CommandFailedException.Of(failure.What, command, args.Connection.ToString(), output);
        }
    }
}
