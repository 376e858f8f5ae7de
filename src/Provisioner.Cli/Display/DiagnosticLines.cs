using Provisioner.Cli.Terminal;
using Provisioner.Engine.Deployments.Events;

namespace Provisioner.Cli.Display;

/// <summary>The section "Diagnostics:": warnings and errors with their whole text, by resource, the stack's own first.</summary>
internal static class DiagnosticLines
{
    public static IReadOnlyList<StyledLine> Of(RunModel model)
    {
        var stack = model.Rows.FirstOrDefault(row => row.IsStack);
        var general = model.General.Concat(stack?.Diagnostics ?? []).ToList();
        var groups = model.Rows
            .Where(row => !row.IsStack && row.Diagnostics.Count > 0)
            .Select(row => (Title: $"{row.Type} ({row.Name}):", row.Diagnostics))
            .Prepend((Title: $"{Urns.StackType} ({stack?.Name ?? model.Stack}):", Diagnostics: general))
            .Where(group => group.Diagnostics.Count > 0)
            .ToList();
        return groups.Count == 0
            ? []
            :
            [
                new StyledLine(new Piece("Diagnostics:", Tone.Heading)),
                .. groups.SelectMany((group, index) => Group(group.Title, group.Diagnostics, last: index == groups.Count - 1)),
            ];
    }

    /// <summary>A message with its severity in front, on as many lines as it has.</summary>
    public static IEnumerable<StyledLine> Message(EngineEvent.Diagnostic diagnostic) =>
        ControlCharacters.Lines(diagnostic.Message).Select((line, index) => index == 0 ? new StyledLine(Severity(diagnostic.Severity), line) : line);

    private static IEnumerable<StyledLine> Group(string title, IEnumerable<EngineEvent.Diagnostic> diagnostics, bool last) =>
    [
        new StyledLine(new Piece(title, Tone.Resource)).Indent(2),
        .. diagnostics.SelectMany(Message).Select(line => line.Indent(4)),
        .. last ? Array.Empty<StyledLine>() : [StyledLine.Empty],
    ];

    private static Piece Severity(DiagnosticSeverity severity) => severity switch
    {
        DiagnosticSeverity.Error => new Piece("error: ", Tone.Error),
        DiagnosticSeverity.Warning => new Piece("warning: ", Tone.Warning),
        DiagnosticSeverity.Debug => new Piece("debug: ", Tone.Faint),
        _ => new Piece(string.Empty),
    };
}
