using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Provisioner.Cli.Commands.Cards;
using Provisioner.Cli.Commands.Configuration;
using Provisioner.Cli.Commands.Operations;
using Provisioner.Cli.Commands.Pi;
using Provisioner.Cli.Commands.Stacks;
using Provisioner.Cli.Commands.State;
using Provisioner.Cli.Rehearsal;
using Provisioner.Cli.Sessions;
using Provisioner.Cli.Terminal;

namespace Provisioner.Cli.Commands;

/// <summary>The command line as a function: arguments and a context in, an exit code out.</summary>
internal static class CommandLine
{
    public const string Name = "provision";

    /// <param name="stop">The first Ctrl-C: what is under way ends in good order. The second is <see cref="CliContext.Kill"/>.</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CliContext context, CancellationToken stop)
    {
        var (output, error) = (EnduringWriter.Of(context.Output), EnduringWriter.Of(context.Error));
        var code = await RunEnduringAsync(arguments, context with { Output = output, Error = error }, stop);
        if (code != ExitCodes.Success || context.OutputIsTerminal || output.Failure is not { } failure)
        {
            return code;
        }

        // Who reads a file or a pipe has to know that it is not whole; a terminal that is gone misses nothing.
        await error.WriteLineAsync($"error: what was to be written to standard output is not whole: {failure.Message}");
        return ExitCodes.Error;
    }

    private static async Task<int> RunEnduringAsync(IReadOnlyList<string> arguments, CliContext context, CancellationToken stop)
    {
        var globals = new GlobalOptions();
        var root = Root(globals, context);
        var parsed = root.Parse(GlobalOptions.Normalise(arguments));
        var errors = Session.Errors(parsed, globals, context);
        if (parsed.Errors.Count > 0 && parsed.Action is null or System.CommandLine.Invocation.ParseErrorAction)
        {
            return Refuse(parsed, errors);
        }

        return await parsed.InvokeAsync(
            new InvocationConfiguration
            {
                Output = context.Output,
                Error = context.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            },
            stop);
    }

    internal static RootCommand Root(GlobalOptions globals, CliContext context)
    {
        var root = new RootCommand(
            """
            Provisioner: keeps a Raspberry Pi as a Pulumi program describes it.

            The commands, flags, files and exit codes are those of the Pulumi CLI, with the engine built in:
            no account, no network, nothing else to install. To see it work on a virtual Pi:

                provision rehearse
            """);
        globals.AddTo(root);
        var run = new Runner(globals, context);
        foreach (var command in Commands(run))
        {
            root.Add(command);
        }

        Help(root);
        return root;
    }

    private static IEnumerable<Command> Commands(Runner run) =>
    [
        OperationCommands.Up(run),
        OperationCommands.Preview(run),
        OperationCommands.Refresh(run),
        OperationCommands.Destroy(run),
        ImportCommand.Create(run),
        ConfigCommand.Create(run),
        StackCommand.Create(run),
        CardCommand.Create(run),
        StateCommand.Create(run),
        HistoryCommand.Create(run),
        CancelCommand.Create(run),
        SchemaCommand.Create(run),
        PiCommand.Create(run),
        RehearseCommand.Create(run),
    ];

    /// <summary>A group without an action of its own shows what is in it.</summary>
    private static void Help(Command command)
    {
        if (command.Action is null && command.Subcommands.Count > 0)
        {
            command.SetAction(parse => new HelpAction().Invoke(parse));
        }

        foreach (var subcommand in command.Subcommands)
        {
            Help(subcommand);
        }
    }

    private static int Refuse(ParseResult parsed, ErrorWriter errors)
    {
        var path = CommandPath(parsed.CommandResult);
        var unknown = parsed.UnmatchedTokens.Select(token => Unknown(token, parsed.CommandResult.Command, path)).ToList();
        foreach (var message in unknown.Count > 0 ? unknown : [.. parsed.Errors.Select(error => error.Message)])
        {
            errors.Write(message);
        }

        errors.Hint($"Run `{path} --help` for what it takes.");
        return ExitCodes.Usage;
    }

    private static string Unknown(string token, Command command, string path)
    {
        if (token.StartsWith('-'))
        {
            var flags = command.Options.Concat(command.Parents.OfType<Command>().SelectMany(parent => parent.Options.Where(option => option.Recursive)))
                .Select(option => option.Name);
            return $"unknown flag {token}{Suggestion.For(token.Split('=')[0], flags)}";
        }

        return command.Subcommands.Count > 0
            ? $"unknown command \"{token}\" for \"{path}\"{Suggestion.For(token, command.Subcommands.Select(subcommand => subcommand.Name))}"
            : $"unexpected argument \"{token}\"";
    }

    private static string CommandPath(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{CommandPath(parent)} {result.Command.Name}" : Name;
}
