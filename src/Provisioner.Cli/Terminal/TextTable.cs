namespace Provisioner.Cli.Terminal;

/// <summary>Columns of text, two blanks apart, as Pulumi lists things.</summary>
internal static class TextTable
{
    public static IEnumerable<StyledLine> Of(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows)
    {
        // What a terminal would act on is neutralised before it is measured.
        var table = rows.Select(row => row.Select(ControlCharacters.Neutralise).ToList()).ToList();
        var widths = headers.Select((header, column) => table.Select(row => Cells.Of(row[column])).Append(Cells.Of(header)).Max()).ToList();
        yield return new StyledLine(new Piece(Row(headers, widths), Tone.Heading));
        foreach (var row in table)
        {
            yield return Row(row, widths);
        }
    }

    private static string Row(IReadOnlyList<string> cells, List<int> widths) =>
        string.Join("  ", cells.Select((cell, column) => column == widths.Count - 1 ? cell : cell + new string(' ', widths[column] - Cells.Of(cell))));
}
