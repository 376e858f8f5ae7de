using System.Globalization;
using Provisioner.Cli.Terminal;
using Provisioner.Engine.Deployments;
using Provisioner.Engine.Deployments.Events;

namespace Provisioner.Cli.Display;

/// <summary>A resource's line: <c> +  provisioner:index:Device lamp creating (3s)</c>.</summary>
internal static class RowText
{
    /// <summary>The line of a whole resource.</summary>
    /// <param name="brief">With the marks of what changes, for where the changes themselves are not shown.</param>
    public static StyledLine Of(RunModel model, ResourceRow row, bool brief) =>
        Mark(row.Operation).Add($"{row.Type} {row.Name}", Spaced(Status(model, row, row.Operation, row.Status))).Add(Suffix(model, row, brief ? row.Step : null));

    /// <summary>The line of one of its steps.</summary>
    public static StyledLine Of(RunModel model, ResourceRow row, StepMetadata step, RowStatus status, bool brief)
    {
        var operation = step.Operation == StepOperation.Refresh && status == RowStatus.Done ? row.Operation : step.Operation;
        var line = Mark(operation).Add($"{row.Type} {row.Name}", Spaced(Status(model, row, operation, status)));
        return status == RowStatus.Running ? line : line.Add(Suffix(model, row, brief ? step : null));
    }

    public static StyledLine Mark(StepOperation operation) =>
        new(" ", new Piece(OperationWords.Prefix(operation), OperationWords.Tone(operation)), " ");

    public static Piece Status(RunModel model, ResourceRow row, StepOperation operation, RowStatus status)
    {
        var tone = OperationWords.Tone(operation);
        return status switch
        {
            RowStatus.Failed => new Piece($"**{(operation == StepOperation.Same || model.IsPreview ? "failed" : OperationWords.Running(operation) + " failed")}**", Tone.Error),
            _ when model.IsPreview => new Piece(OperationWords.Planned(operation), tone),
            RowStatus.Running => new Piece(Timed(OperationWords.Running(operation), model.Time.GetElapsedTime(row.Started), whole: true), tone),
            RowStatus.Done => new Piece(Timed(Found(model, operation), row.Elapsed, whole: false), tone),
            _ => new Piece(string.Empty),
        };
    }

    /// <summary>What hangs behind: that it is gone, which properties of a step differ, how many warnings and errors there are.</summary>
    public static Piece[] Suffix(RunModel model, ResourceRow row, StepMetadata? step)
    {
        var pieces = new List<Piece>();
        if (row.IsGone && model.Kind == DeploymentKind.Update && row.Operation == StepOperation.Create)
        {
            pieces.Add(new Piece(" [no longer exists]", Tone.Warning));
        }

        if (step is not null && StepDiff.Brief(step) is { Length: > 0 } marks)
        {
            pieces.Add(new Piece($" [diff: {marks}]", Tone.Update));
        }

        Add(DiagnosticSeverity.Error, "error", Tone.Error);
        Add(DiagnosticSeverity.Warning, "warning", Tone.Warning);
        return [.. pieces];

        void Add(DiagnosticSeverity severity, string word, Tone tone)
        {
            var count = row.Count(severity);
            if (count > 0)
            {
                pieces.Add(new Piece(string.Create(CultureInfo.InvariantCulture, $" {count} {word}{(count == 1 ? string.Empty : "s")}"), tone));
            }
        }
    }

    /// <summary>A refresh does nothing to a resource: it finds it so.</summary>
    private static string Found(RunModel model, StepOperation operation) => (model.Kind, operation) switch
    {
        (DeploymentKind.Refresh, StepOperation.Update) => "changed outside",
        (DeploymentKind.Refresh, StepOperation.Delete) => "gone",
        (DeploymentKind.Refresh, StepOperation.Same) => "unchanged",
        _ => OperationWords.Done(operation),
    };

    private static Piece Spaced(Piece piece) => piece.Text.Length == 0 ? piece : new Piece(" " + piece.Text, piece.Tone);

    private static string Timed(string text, TimeSpan elapsed, bool whole) =>
        text.Length == 0 ? text
        : whole || elapsed.TotalSeconds >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{text} ({(int)elapsed.TotalSeconds}s)")
        : string.Create(CultureInfo.InvariantCulture, $"{text} ({elapsed.TotalSeconds:0.00}s)");
}
