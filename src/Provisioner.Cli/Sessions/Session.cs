using System.CommandLine;
using Provisioner.Cli.Commands;
using Provisioner.Cli.Terminal;

namespace Provisioner.Cli.Sessions;

/// <summary>One call of one command: the context as the global flags leave it, and the ways out.</summary>
internal sealed class Session
{
    public Session(ParseResult parsed, GlobalOptions globals, CliContext context)
    {
        Color = ColorModes.Resolve(globals.Color(parsed), context.OutputIsTerminal, context.Variable);
        Context = parsed.GetValue(globals.Cwd) is { Length: > 0 } cwd ? context with { WorkingDirectory = Existing(Path.GetFullPath(cwd, context.WorkingDirectory)) } : context;
        ConfigFile = parsed.GetValue(globals.ConfigFile) is { Length: > 0 } file ? Path.GetFullPath(file, Context.WorkingDirectory) : null;
        IsVerbose = parsed.GetValue(globals.Verbose) > 0;
        CanAsk = context.InputIsTerminal && !parsed.GetValue(globals.NonInteractive) && !IsAutomated(context);
        IsInteractive = CanAsk && context.OutputIsTerminal;
        Out = new LineWriter(context.Output, Color);
        Error = Errors(parsed, globals, context);
    }

    public CliContext Context { get; }

    public ColorMode Color { get; }

    /// <summary>Where the stack's configuration is, when it is not in the stack's own file; absolute.</summary>
    public string? ConfigFile { get; }

    public bool IsVerbose { get; }

    /// <summary>There is somebody to be asked.</summary>
    public bool CanAsk { get; }

    /// <summary>There is somebody to be asked, and a terminal to be drawn on.</summary>
    public bool IsInteractive { get; }

    public LineWriter Out { get; }

    public ErrorWriter Error { get; }

    public static ErrorWriter Errors(ParseResult parsed, GlobalOptions globals, CliContext context) =>
        new(new LineWriter(context.Error, ColorModes.Resolve(globals.Color(parsed), context.OutputIsTerminal, context.Variable)));

    /// <summary>Writes a result as it is, for whoever reads it; a terminal gets no character that it would act on.</summary>
    public void Print(string text)
    {
        if (Context.OutputIsTerminal)
        {
            Out.Write(ControlCharacters.Lines(text).Select(line => (StyledLine)line));
        }
        else
        {
            Context.Output.Write(text + "\n");
        }
    }

    /// <summary>A build service may give its jobs a terminal, but nobody sits at it.</summary>
    private static bool IsAutomated(CliContext context) =>
        context.Variable("TERM") == "dumb" || context.Variable("CI") is { Length: > 0 } and not ("false" or "0");

    private static string Existing(string folder) =>
        Directory.Exists(folder) ? folder : throw new CliException(ExitCodes.Usage, $"--cwd names {folder}, which is no folder");
}
