using Provisioner.Cli.Terminal;
using Provisioner.Engine.Deployments;
using Provisioner.Engine.Deployments.Events;

namespace Provisioner.Cli.Display;

/// <summary>The lines that each event adds to what stays on the screen or in the file.</summary>
/// <param name="progress">Also what is only news while the run goes on: steps that begin, messages as they come.</param>
internal sealed class Transcript(RunModel model, DisplayOptions options, bool progress)
{
    private readonly Report _report = new(model, options);
    
    // How many notes of a resource have been told with it.
    private readonly Dictionary<string, int> _told = new(StringComparer.Ordinal);

    /// <summary>The model has been told of the event already.</summary>
    public IEnumerable<StyledLine> After(EngineEvent engineEvent) => engineEvent switch
    {
        EngineEvent.Started => [_report.Header],
        EngineEvent.Activity { Done: false } activity when progress => [new StyledLine(new Piece("@ ", Tone.Heading), $"{activity.Title}...")],
        EngineEvent.StepStarted started when progress => Began(started.Step),
        EngineEvent.StepFinished finished => Ended(finished.Step, RowStatus.Done),
        EngineEvent.StepFailed failed => Ended(failed.Step, RowStatus.Failed),
        EngineEvent.Diagnostic diagnostic when progress => Message(diagnostic),
        EngineEvent.ProgramOutput output when progress && !model.IsPreview => [new StyledLine($"    {output.Line}")],
        EngineEvent.Ended => [.. Late(), .. Ending()],
        _ => [],
    };

    private IEnumerable<StyledLine> Began(StepMetadata step) =>
        model.IsPreview || IsQuiet(step) ? [] : [RowText.Of(model, model.Find(step.Urn)!, step, RowStatus.Running, brief: false)];

    private IEnumerable<StyledLine> Ended(StepMetadata step, RowStatus status)
    {
        var row = model.Find(step.Urn)!;
        return model.IsPreview
            ? row.IsPlanned && !IsQuiet(step) ? Block(row) : []
            : (status == RowStatus.Failed || !IsQuiet(step)) && _report.IsShown(row)
                ? [RowText.Of(model, row, step, status, brief: !_report.IsDetailed), .. IsNew(row) ? _report.Details(row) : []]
                : [];
    }

    /// <summary>A preview tells of each resource once; what it could not tell before comes at its end, the stack last.</summary>
    private IEnumerable<StyledLine> Late() =>
        model.Rows.Where(row => row.IsStack || model.IsPreview).OrderBy(row => row.IsStack).SelectMany(row =>
            !_told.TryGetValue(row.Urn, out var notes) ? Block(row)
            : model.IsPreview && row.Notes.Count > notes ? [RowText.Of(model, row, brief: false), .. Report.Notes(row, notes)]
            : []);

    private IEnumerable<StyledLine> Block(ResourceRow row) => _report.IsShown(row) && IsNew(row) ? _report.Block(row) : [];

    private bool IsNew(ResourceRow row) => _told.TryAdd(row.Urn, row.Notes.Count);

    private IEnumerable<StyledLine> Ending()
    {
        var ending = _report.Ending().ToList();
        return ending.Count == 0 ? [] : [.. ending, StyledLine.Empty];
    }

    /// <summary>
    /// Steps that nobody needs to hear of: resources that stay as they are, the stack, which is told last,
    /// and the reads that go before an update's own steps.
    /// </summary>
    private bool IsQuiet(StepMetadata step) =>
        Urns.IsStack(step.Urn)
        || Urns.IsDefaultProvider(step.Urn)
        || (step.Operation == StepOperation.Same && !options.ShowSames && !HasNews(step.Urn))
        || (step.Operation == StepOperation.Refresh && model.Kind != DeploymentKind.Refresh);

    private bool HasNews(string urn) => model.Find(urn) is { } row && (row.Notes.Count > 0 || row.Diagnostics.Count > 0);

    private IEnumerable<StyledLine> Message(EngineEvent.Diagnostic diagnostic)
    {
        if (diagnostic.Ephemeral || model.IsPreview || (diagnostic.Severity == DiagnosticSeverity.Debug && !options.Debug))
        {
            return [];
        }

        var name = diagnostic.Urn.Length == 0 ? string.Empty : $"{Urns.Type(diagnostic.Urn)} {Urns.Name(diagnostic.Urn)}: ";
        return DiagnosticLines.Message(diagnostic).Select((line, index) => new StyledLine([index == 0 ? $"    {name}" : "      ", .. line.Pieces]));
    }
}
