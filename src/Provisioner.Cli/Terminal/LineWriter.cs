using System.Text;

namespace Provisioner.Cli.Terminal;

/// <summary>Writes lines in the colours asked for.</summary>
internal sealed class LineWriter(TextWriter output, ColorMode color)
{
    public void Write(StyledLine line) => output.Write(Render(line) + "\n");

    public void Write(IEnumerable<StyledLine> lines)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            text.Append(Render(line)).Append('\n');
        }

        output.Write(text.ToString());
        output.Flush();
    }

    /// <summary>The line as it is written, without a line break.</summary>
    public string Render(StyledLine line)
    {
        if (color is not (ColorMode.Always or ColorMode.Raw))
        {
            return line.Text.TrimEnd();
        }

        var text = new StringBuilder();
        foreach (var piece in line.Pieces)
        {
            var (escape, tag) = Look(piece.Tone);
            if (escape.Length == 0 || piece.Text.Length == 0)
            {
                text.Append(piece.Text);
            }
            else if (color == ColorMode.Raw)
            {
                text.Append(tag).Append(piece.Text).Append("<{%reset%}>");
            }
            else
            {
                text.Append("\e[").Append(escape).Append('m').Append(piece.Text).Append("\e[0m");
            }
        }

        return text.ToString();
    }

    private static (string Escape, string Tag) Look(Tone tone) => tone switch
    {
        Tone.Faint => ("90", "<{%fg 8%}>"),
        Tone.Bold => ("1", "<{%bold%}>"),
        Tone.Heading => ("95;1", "<{%fg 13%}><{%bold%}>"),
        Tone.Resource => ("94", "<{%fg 12%}>"),
        Tone.Create => ("32", "<{%fg 2%}>"),
        Tone.Update => ("33", "<{%fg 3%}>"),
        Tone.Delete => ("31", "<{%fg 1%}>"),
        Tone.Replace => ("95", "<{%fg 13%}>"),
        Tone.Read => ("36", "<{%fg 6%}>"),
        Tone.Error => ("91", "<{%fg 9%}>"),
        Tone.Warning => ("33", "<{%fg 3%}>"),
        Tone.Note => ("36", "<{%fg 6%}>"),
        _ => (string.Empty, string.Empty),
    };
}
