using Provisioner.Cli.Terminal;
using Provisioner.Engine.Deployments;

namespace Provisioner.Cli.Display;

/// <summary>The lines that stay: the same on a terminal and in a file.</summary>
internal sealed class Report(RunModel model, DisplayOptions options)
{
    private const int DetailIndent = 6;
    private readonly DiffLines _diffs = new(options.Width);

    public StyledLine Header => new(
        new Piece((model.Kind, model.IsPreview) switch
        {
            (DeploymentKind.Update, true) => "Previewing update",
            (DeploymentKind.Refresh, true) => "Previewing refresh",
            (DeploymentKind.Destroy, true) => "Previewing destroy",
            (DeploymentKind.Import, true) => "Previewing import",
            (DeploymentKind.Import, _) => "Importing",
            (DeploymentKind.Refresh, _) => "Refreshing",
            (DeploymentKind.Destroy, _) => "Destroying",
            _ => "Updating",
        }, Tone.Heading),
        $" ({model.Stack}):");

    /// <summary>Default providers stay out of sight while all is well, unchanged resources too unless something is to be said of them.</summary>
    public bool IsShown(ResourceRow row) =>
        row.Status == RowStatus.Failed
        || row.Diagnostics.Count > 0
        || (row.Step is null ? row.Notes.Count > 0
            : !Urns.IsDefaultProvider(row.Urn) && (row.IsStack || options.ShowSames || model is { Kind: DeploymentKind.Refresh, IsPreview: false } || row.Operation != StepOperation.Same || row.Notes.Count > 0));

    /// <summary>A resource's line, with what changes in it and what will be run for it below.</summary>
    public IEnumerable<StyledLine> Block(ResourceRow row) => [RowText.Of(model, row, brief: !IsDetailed), .. Details(row)];

    /// <summary>Property diffs are shown: in an update only where no preview has shown them already, or where asked for.</summary>
    public bool IsDetailed => model.IsPreview || options.Diff || options.DetailsInUpdates || model.Kind == DeploymentKind.Refresh;

    /// <summary>What stands below a resource's line.</summary>
    public IEnumerable<StyledLine> Details(ResourceRow row)
    {
        if (row.Step is not { } step)
        {
            return Notes(row);
        }

        return
        [
            .. options.Diff ? Identity(row) : [],
            .. IsDetailed ? _diffs.Render(StepDiff.Of(step, options.Diff), DetailIndent) : [],
            .. IsDetailed ? Notes(row) : [],
        ];
    }

    /// <summary>All that comes after the resources.</summary>
    public IEnumerable<StyledLine> Ending()
    {
        var sections = new[] { DiagnosticLines.Of(model), OutputLines.Of(model, options, _diffs), SummaryLines.Of(model) };
        return sections.Where(section => section.Count > 0).SelectMany((section, index) => index == 0 ? section : [StyledLine.Empty, .. section]);
    }

    private static IEnumerable<StyledLine> Identity(ResourceRow row)
    {
        var state = row.Step!.Old ?? row.Step.New;
        yield return new StyledLine($"[urn={row.Urn}]").Indent(DetailIndent);
        if (state?.Id is { Length: > 0 } id)
        {
            yield return new StyledLine($"[id={id}]").Indent(DetailIndent);
        }

        if (state?.Provider is { Length: > 0 } provider)
        {
            yield return new StyledLine($"[provider={provider}]").Indent(DetailIndent);
        }
    }

    /// <summary>Each note behind a bar, so that a step of several lines is seen as one.</summary>
    public static IEnumerable<StyledLine> Notes(ResourceRow row, int skip = 0) =>
        row.Notes.Skip(skip).SelectMany(note => ControlCharacters.Lines(note).Select((line, index) =>
            new StyledLine(new Piece(index == 0 ? "> " : "| ", Tone.Faint), new Piece(line, Tone.Note)).Indent(DetailIndent)));
}
