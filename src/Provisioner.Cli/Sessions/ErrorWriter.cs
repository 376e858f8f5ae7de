using Provisioner.Cli.Terminal;

namespace Provisioner.Cli.Sessions;

/// <summary>Errors, warnings and hints on standard error, as Pulumi writes them.</summary>
internal sealed class ErrorWriter(LineWriter writer)
{
    public void Write(string message) => Write("error: ", Tone.Error, message);

    public void Warn(string message) => Write("warning: ", Tone.Warning, message);

    /// <summary>A line without a mark.</summary>
    public void Hint(string message) => writer.Write(ControlCharacters.Lines(message).Select(line => (StyledLine)line));

    private void Write(string mark, Tone tone, string message) =>
        writer.Write(ControlCharacters.Lines(message).Select((line, index) => index == 0 ? new StyledLine(new Piece(mark, tone), line) : line));
}
