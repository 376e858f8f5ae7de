using Provisioner.Cli.Terminal;

namespace Provisioner.Cli;

/// <summary>
/// All that a command knows of the world around it, so that a command can also be run inside another process:
/// <c>CommandLine.RunAsync(["up", "--yes"], context with { Output = writer }, stop, kill)</c>.
/// </summary>
internal sealed record CliContext
{
    public required TextWriter Output { get; init; }

    /// <summary>Errors and questions; results never go there.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Opened when it is needed: .NET changes a terminal's modes as soon as it reads from it.</summary>
    public required Func<TextReader> Input { get; init; }

    /// <summary>Somebody types at the other end of <see cref="Input"/>.</summary>
    public bool InputIsTerminal { get; init; }

    /// <summary>Somebody looks at the other end of <see cref="Output"/>, so that it may be drawn in place.</summary>
    public bool OutputIsTerminal { get; init; }

    /// <summary>The terminal as it is now.</summary>
    public Func<TerminalSize> Size { get; init; } = () => new TerminalSize(80, 25);

    /// <summary>Reads an environment variable; null where it is not set.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>Absolute. Where the project is looked for, from here upwards.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>The folder of the launcher: where the project is when there is none at the working directory. Empty for none.</summary>
    public string HomeDirectory { get; init; } = string.Empty;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Asks the person at the terminal.</summary>
    public required IPrompts Prompts { get; init; }

    /// <summary>The second Ctrl-C: whatever still runs is to be killed.</summary>
    public CancellationToken Kill { get; init; }
}
