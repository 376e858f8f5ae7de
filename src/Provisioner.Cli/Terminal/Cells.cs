using System.Text;
using Spectre.Console.Rendering;

namespace Provisioner.Cli.Terminal;

/// <summary>How many columns of a terminal a text takes: an emoji takes two, a combining mark none.</summary>
internal static class Cells
{
    public static int Of(string text)
    {
        foreach (var character in text)
        {
            if (character > '~')
            {
                return Segment.CellCount([new Segment(text)]);
            }
        }

        return text.Length;
    }

    /// <summary>At most <paramref name="width"/> columns of a line, with an ellipsis where something is left out.</summary>
    public static StyledLine Crop(StyledLine line, int width)
    {
        if (width <= 0)
        {
            return StyledLine.Empty;
        }

        if (line.Width <= width)
        {
            return line;
        }

        var kept = new List<Piece>();
        var left = width - 1;
        foreach (var piece in line.Pieces)
        {
            var taken = Take(piece.Text, left);
            left -= Of(taken);
            kept.Add(new Piece(taken, piece.Tone));
            if (taken.Length < piece.Text.Length)
            {
                break;
            }
        }

        return new StyledLine([.. kept, "…"]);
    }

    /// <summary>The longest start of a text that fits into so many columns.</summary>
    public static string Take(string text, int width)
    {
        var used = 0;
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            used += rune.Value <= '~' ? 1 : Of(rune.ToString());
            if (used > width)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }
}
