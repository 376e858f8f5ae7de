using System.Text;

namespace Provisioner.Cli.Terminal;

/// <summary>
/// Text to somewhere that may go away: a terminal whose window is closed, a connection that breaks, a disk that is full. What
/// is under way must not end because nobody can be told of it, so nothing is thrown; from the first failure on nothing is written.
/// </summary>
internal sealed class EnduringWriter : TextWriter
{
    // Whoever has made it closes it.
#pragma warning disable CA2213
    private readonly TextWriter _output;
#pragma warning restore CA2213

    private EnduringWriter(TextWriter output)
        : base(output.FormatProvider)
    {
        _output = output;
        CoreNewLine = output.NewLine.ToCharArray();
    }

    /// <summary>Why nothing is written any more; null while all goes well.</summary>
    public Exception? Failure { get; private set; }

    public override Encoding Encoding => _output.Encoding;

    public static EnduringWriter Of(TextWriter output) => output as EnduringWriter ?? new EnduringWriter(output);

    public override void Write(char value) => Try(() => _output.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => _output.Write(buffer, index, count));

    public override void Write(string? value) => Try(() => _output.Write(value));

    public override void Flush() => Try(_output.Flush);

    private void Try(Action write)
    {
        if (Failure is not null)
        {
            return;
        }

        try
        {
            write();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            Failure = failure;
        }
    }
}
