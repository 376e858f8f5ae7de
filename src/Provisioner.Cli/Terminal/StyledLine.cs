using System.Collections.Immutable;

namespace Provisioner.Cli.Terminal;

/// <summary>A piece of a line in one tone. The text may come from anywhere: it is neutralised here, once for every way out.</summary>
internal readonly record struct Piece
{
    public Piece(string text, Tone tone = Tone.Normal)
    {
        Text = ControlCharacters.Neutralise(text);
        Tone = tone;
    }

    /// <summary>Without line breaks and control characters.</summary>
    public string Text { get; }

    public Tone Tone { get; }

    public static implicit operator Piece(string text) => new(text);
}

/// <summary>A line of output, without its line break. Immutable.</summary>
internal sealed class StyledLine(params ImmutableArray<Piece> pieces)
{
    public static StyledLine Empty { get; } = new();

    public ImmutableArray<Piece> Pieces { get; } = pieces;

    /// <summary>The text without its tones.</summary>
    public string Text => string.Concat(Pieces.Select(piece => piece.Text));

    /// <summary>Terminal cells.</summary>
    public int Width => Pieces.Sum(piece => Cells.Of(piece.Text));

    public static implicit operator StyledLine(string text) => new(new Piece(text));

    public StyledLine Indent(int spaces) => spaces == 0 || Pieces.IsEmpty ? this : new StyledLine([new string(' ', spaces), .. Pieces]);

    public StyledLine Add(params ReadOnlySpan<Piece> more) => new([.. Pieces, .. more]);

    public override string ToString() => Text;
}
