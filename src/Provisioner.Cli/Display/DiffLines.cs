using Provisioner.Cli.Terminal;
using Pulumi.Wire;

namespace Provisioner.Cli.Display;

/// <summary>Property changes as lines: <c>~ ssid: "Lamp" => "Lamp 2"</c>.</summary>
/// <param name="width">The columns of the terminal, or null where lines may be as long as they like.</param>
internal sealed class DiffLines(int? width)
{
    // Where nobody limits the width, old and new still stand below each other when one line would be too long to read.
    private const int Readable = 110;
    private const int WidestKey = 32;
    private const int Narrowest = 24;

    public IEnumerable<StyledLine> Render(IReadOnlyCollection<PropertyChange> changes, int indent)
    {
        var keyWidth = changes.Select(change => Cells.Of(change.Path)).Where(length => length <= WidestKey).DefaultIfEmpty().Max();
        return changes.SelectMany(change => Render(change, keyWidth, indent));
    }

    private List<StyledLine> Render(PropertyChange change, int keyWidth, int indent)
    {
        var tone = ToneOf(change.Kind);
        var key = change.Path + new string(' ', Math.Max(0, keyWidth - Cells.Of(change.Path)));
        var note = change.Replaces ? " [forces replacement]" : string.Empty;
        if (!change.IsSecret && (IsLong(change.Old) || IsLong(change.New)))
        {
            return [Head(change, change.Path + ":" + note, tone).Indent(indent), .. Block(change).SelectMany(line => Wrap(line, indent + 6))];
        }

        var (old, @new) = change.IsSecret ? (ValueText.Secret, ValueText.Secret) : (Text(change.Old), Text(change.New));
        var line = change.Kind switch
        {
            ChangeKind.Add or ChangeKind.Same => Head(change, $"{key}: {@new}{note}", tone),
            ChangeKind.Delete => Head(change, $"{key}: {old}{note}", tone),
            // What differs is of the device's, with no value of its own in the state.
            _ when old.Length == 0 && @new.Length == 0 => Head(change, $"{change.Path} (changed){note}", tone),
            _ when old == @new && !change.IsSecret => Head(change, $"{key}: {@new} (changed){note}", tone),
            _ => new StyledLine(
                new Piece($"~ {key}: ", tone), new Piece(old, Tone.Delete), new Piece(" => ", tone), new Piece(@new, Tone.Create), new Piece(note, Tone.Replace)),
        };

        if (line.Width + indent <= (width ?? (change.Kind == ChangeKind.Update ? Readable : int.MaxValue)) || change.IsSecret)
        {
            return [line.Indent(indent)];
        }

        return change.Kind == ChangeKind.Update && old != @new
            ? [
                Head(change, change.Path + ":" + note, tone).Indent(indent),
                .. Wrap(new StyledLine(new Piece("- " + old, Tone.Delete)), indent + 6),
                .. Wrap(new StyledLine(new Piece("+ " + @new, Tone.Create)), indent + 6),
            ]
            : Wrap(line, indent);
    }

    private static StyledLine Head(PropertyChange change, string text, Tone tone) =>
        new(new Piece(change.Kind switch { ChangeKind.Add => "+ ", ChangeKind.Delete => "- ", ChangeKind.Update => "~ ", _ => "  " } + text, tone));

    /// <summary>A text of several lines.</summary>
    private static IEnumerable<StyledLine> Block(PropertyChange change) => change.Kind switch
    {
        ChangeKind.Update => LineDiff.Of(LinesOf(change.Old), LinesOf(change.New)).Select(entry => new StyledLine(new Piece(
            $"{entry.Mark} {entry.Text}", entry.Mark switch { '-' => Tone.Delete, '+' => Tone.Create, _ => Tone.Faint }))),
        ChangeKind.Delete => LinesOf(change.Old).Select(text => new StyledLine(new Piece(text, Tone.Delete))),
        _ => LinesOf(change.New).Select(text => new StyledLine(new Piece(text, ToneOf(change.Kind)))),
    };

    /// <summary>Cut where the terminal ends, so that what goes on stays below its start.</summary>
    private List<StyledLine> Wrap(StyledLine line, int indent)
    {
        var room = Math.Max(Narrowest, (width ?? int.MaxValue) - indent);
        if (line.Width <= room)
        {
            return [line.Indent(indent)];
        }

        var tone = line.Pieces.FirstOrDefault().Tone;
        var rest = line.Text;
        var lines = new List<StyledLine>();
        while (rest.Length > 0)
        {
            var part = Cells.Take(rest, lines.Count == 0 ? room : room - 2);
            part = part.Length == 0 ? rest[..1] : part;
            lines.Add(new StyledLine(new Piece(part, tone)).Indent(lines.Count == 0 ? indent : indent + 2));
            rest = rest[part.Length..];
        }

        return lines;
    }

    private static bool IsLong(PropertyValue? value) => value is PropertyValue.String text && text.Value.TrimEnd('\n').Contains('\n', StringComparison.Ordinal);

    private static string[] LinesOf(PropertyValue? value) =>
        value is PropertyValue.String text ? ControlCharacters.Lines(text.Value) : value is null ? [] : [ValueText.Of(value)];

    private static string Text(PropertyValue? value) => value is null ? string.Empty : ValueText.Of(value);

    private static Tone ToneOf(ChangeKind kind) => kind switch
    {
        ChangeKind.Add => Tone.Create,
        ChangeKind.Delete => Tone.Delete,
        ChangeKind.Update => Tone.Update,
        _ => Tone.Normal,
    };
}
