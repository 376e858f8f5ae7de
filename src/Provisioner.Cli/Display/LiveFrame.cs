using System.Globalization;
using Provisioner.Cli.Terminal;
using Provisioner.Engine.Deployments;

namespace Provisioner.Cli.Display;

/// <summary>What a terminal shows while a run goes on: the resources as a tree, with what happens to each, and how long it has taken.</summary>
internal static class LiveFrame
{
    // Below this there is no room for types beside names and what happens.
    private const int RoomForTypes = 72;
    private const string Spinner = "|/-\\";

    public static IReadOnlyList<StyledLine> Of(RunModel model, TerminalSize size, TimeSpan elapsed, bool cancelling)
    {
        var nodes = Tree(model);
        var wide = size.Width >= RoomForTypes;
        var room = Math.Max(3, size.Height - 3 - model.Activities.Count);
        var shown = Fit(nodes, room);
        var columns = (
            Type: shown.Select(node => Cells.Of(node.Branch + node.Row.Type)).DefaultIfEmpty().Max(),
            Name: shown.Select(node => Cells.Of(node.Row.Name)).DefaultIfEmpty().Max());
        return
        [
            .. shown.Select(node => wide ? Wide(model, node, columns) : Narrow(model, node)),
            .. shown.Count < nodes.Count ? [new StyledLine(new Piece(Invariant($"     … {nodes.Count - shown.Count} more"), Tone.Faint))] : Array.Empty<StyledLine>(),
            .. model.Activities.Select(activity => new StyledLine(
                new Piece("@ ", Tone.Heading), Invariant($"{activity.Key} ({(int)model.Time.GetElapsedTime(activity.Value).TotalSeconds}s)"))),
            new StyledLine(new Piece($"{Turn(elapsed)} ", Tone.Heading), cancelling ? new Piece(CancellationText.Line, Tone.Warning) : new Piece(Foot(model, elapsed), Tone.Faint)),
        ];
    }

    private static StyledLine Wide(RunModel model, Node node, (int Type, int Name) columns)
    {
        var type = node.Branch + node.Row.Type;
        var name = node.Row.Name;
        return RowText.Mark(node.Row.Operation).Add(
            new Piece(type.PadRight(columns.Type + type.Length - Cells.Of(type)) + " "),
            new Piece(name.PadRight(columns.Name + name.Length - Cells.Of(name)) + " "),
            Status(model, node.Row)).Add(Tail(model, node.Row));
    }

    private static StyledLine Narrow(RunModel model, Node node) =>
        RowText.Mark(node.Row.Operation).Add(node.Row.Name + " ", Status(model, node.Row)).Add(Tail(model, node.Row));

    private static Piece Status(RunModel model, ResourceRow row) =>
        row is { IsStack: true, Status: RowStatus.Running } ? new Piece("running", Tone.Faint) : RowText.Status(model, row, row.Operation, row.Status);

    private static Piece[] Tail(RunModel model, ResourceRow row) =>
        row.Ephemeral.Length > 0 ? [new Piece(" " + row.Ephemeral, Tone.Faint)]
        : row is { Status: RowStatus.Running, Notes.Count: > 0 } && !model.IsPreview ? [new Piece(" " + ControlCharacters.Lines(row.Notes[^1])[0], Tone.Faint)]
        : RowText.Suffix(model, row, row.Step);

    private static char Turn(TimeSpan elapsed) => Spinner[(int)(elapsed.TotalMilliseconds / 100) % Spinner.Length];

    private static string Foot(RunModel model, TimeSpan elapsed)
    {
        var running = model.Rows.Count(row => row is { Status: RowStatus.Running, IsStack: false });
        var done = model.Rows.Count(row => row is { Status: RowStatus.Done, IsStack: false } && !Urns.IsDefaultProvider(row.Urn));
        return Invariant($"{SummaryLines.Duration(elapsed)}, {done} done, {running} running");
    }

    private sealed record Node(ResourceRow Row, string Branch);

    /// <summary>Parents before children; a resource whose parent is not known stands at the top.</summary>
    private static List<Node> Tree(RunModel model)
    {
        var rows = model.Rows.Where(row => row.Status == RowStatus.Failed || !Urns.IsDefaultProvider(row.Urn)).ToList();
        var known = rows.Select(row => row.Urn).ToHashSet(StringComparer.Ordinal);
        var children = rows.ToLookup(row => known.Contains(row.Parent) && row.Parent != row.Urn ? row.Parent : string.Empty, StringComparer.Ordinal);
        var nodes = new List<Node>();
        foreach (var top in children[string.Empty].OrderByDescending(row => row.IsStack))
        {
            Walk(top, string.Empty, string.Empty);
        }

        return nodes;

        void Walk(ResourceRow row, string branch, string below)
        {
            nodes.Add(new Node(row, branch));
            var own = children[row.Urn].ToList();
            for (var index = 0; index < own.Count; index++)
            {
                var last = index == own.Count - 1;
                Walk(own[index], below + (last ? "└─ " : "├─ "), below + (last ? "   " : "│  "));
            }
        }
    }

    /// <summary>What goes on or went wrong has the first claim to the rows of a low terminal.</summary>
    private static List<Node> Fit(List<Node> nodes, int room)
    {
        if (nodes.Count <= room)
        {
            return nodes;
        }

        var chosen = nodes
            .OrderBy(node => node.Row.Status switch { RowStatus.Running => 0, RowStatus.Failed => 1, RowStatus.Done when node.Row.Operation != StepOperation.Same => 2, _ => 3 })
            .Take(room - 1)
            .ToHashSet();
        return [.. nodes.Where(chosen.Contains)];
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
