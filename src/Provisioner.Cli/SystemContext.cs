using Microsoft.Win32.SafeHandles;
using Provisioner.Cli.Terminal;

namespace Provisioner.Cli;

/// <summary>The context of a process of its own: its console, environment and working directory.</summary>
internal static class SystemContext
{
    /// <summary>Names the launcher's folder; the launcher sets it.</summary>
    public const string HomeVariable = "PROVISIONER_HOME";

    private static readonly TerminalSize Usual = new(80, 25);
    private static bool _consoleWasUsed;

    public static CliContext Create(CancellationToken kill) => new()
    {
        Output = Writer(1, Console.IsOutputRedirected, Console.OpenStandardOutput),
        Error = Writer(2, Console.IsErrorRedirected, Console.OpenStandardError),
        Input = () => Console.In,
        InputIsTerminal = !Console.IsInputRedirected,
        OutputIsTerminal = !Console.IsOutputRedirected,
        Size = Size,
        Variable = Environment.GetEnvironmentVariable,
        WorkingDirectory = Environment.CurrentDirectory,
        HomeDirectory = Environment.GetEnvironmentVariable(HomeVariable) ?? string.Empty,
        Prompts = new TerminalPrompts(),
        Kill = kill,
    };

    /// <summary>
    /// On a terminal the terminal itself: .NET's console would take over the cursor keys before it writes anything.
    /// Elsewhere the console's stream, which goes on where others have written; a file stream would begin at an offset of its own.
    /// </summary>
    private static StreamWriter Writer(int descriptor, bool isRedirected, Func<Stream> console) => new(
        isRedirected || OperatingSystem.IsWindows()
            ? console()
            : new FileStream(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0))
    {
        AutoFlush = true,
        NewLine = "\n",
    };

    /// <summary>Gives the terminal its cursor keys back: .NET's console takes them over as soon as it is asked for the terminal's size, and keeps them.</summary>
    public static void Restore()
    {
        if (_consoleWasUsed && !Console.IsOutputRedirected)
        {
            using var terminal = EnduringWriter.Of(Writer(1, isRedirected: false, Console.OpenStandardOutput));
            terminal.Write("\e[?1l\e>");
        }
    }

    /// <summary>Some terminals say 0, and where there is none the question fails.</summary>
    private static TerminalSize Size()
    {
        _consoleWasUsed = true;
        try
        {
            var (width, height) = (Console.WindowWidth, Console.WindowHeight);
            return new TerminalSize(width > 0 ? width : Usual.Width, height > 0 ? height : Usual.Height);
        }
        catch (Exception exception) when (exception is IOException or PlatformNotSupportedException)
        {
            return Usual;
        }
    }
}
