using System.Text;
using Provisioner.Cli.Commands;
using Provisioner.Cli.Terminal;

namespace Provisioner.Cli.Rehearsal;

/// <summary>How a command ended, and all that it printed.</summary>
internal sealed record Typed(string Line, int ExitCode, string Printed)
{
    /// <summary>Fails the proof unless the command ended like this.</summary>
    public Typed Ended(int exitCode)
    {
        ProofFailedException.Unless(ExitCode == exitCode, $"`{Line}` ended with exit code {ExitCode}, not {exitCode}");
        return this;
    }

    /// <summary>Fails the proof unless the command printed this.</summary>
    public Typed Said(string words)
    {
        ProofFailedException.Unless(Printed.Contains(words, StringComparison.OrdinalIgnoreCase), $"`{Line}` did not say \"{words}\"");
        return this;
    }
}

/// <summary>Types the commands that a person would type, shows them with what they print, and keeps it.</summary>
internal sealed class Typist(CliContext context, LineWriter writer)
{
    private readonly StringBuilder _everything = new();

    /// <summary>All that was printed so far.</summary>
    public string Everything => _everything.ToString();

    public Task<Typed> TypeAsync(CancellationToken stop, params string[] arguments) => TypeAsync(string.Empty, stop, arguments);

    /// <param name="input">What the command reads: a secret comes this way, so that it is in no argument.</param>
    public async Task<Typed> TypeAsync(string input, CancellationToken stop, params string[] arguments)
    {
        var line = $"./{CommandLine.Name} {string.Join(' ', arguments)}";
        writer.Write([new StyledLine(new Piece($"$ {line}", Tone.Bold))]);
        var printed = new StringBuilder();
        using var typed = new StringReader(input);
        await using var output = new Tee(context.Output, printed);
        await using var error = new Tee(context.Error, printed);
        var exitCode = await CommandLine.RunAsync(
            arguments,
            context with { Output = output, Error = error, Input = () => typed, InputIsTerminal = false, OutputIsTerminal = false },
            stop);
        stop.ThrowIfCancellationRequested();
        var text = printed.ToString();
        _everything.Append(text);
        return new Typed(line, exitCode, text);
    }

    /// <summary>Writes through, and keeps.</summary>
    private sealed class Tee(TextWriter through, StringBuilder kept) : TextWriter
    {
        public override Encoding Encoding => through.Encoding;

        public override void Write(char value)
        {
            lock (kept)
            {
                through.Write(value);
                kept.Append(value);
            }
        }

        public override void Write(string? value)
        {
            lock (kept)
            {
                through.Write(value);
                kept.Append(value);
            }
        }

        public override void Flush() => through.Flush();
    }
}
