using System.Globalization;
using Provisioner.Cli.Terminal;
using Provisioner.Engine.Deployments;

namespace Provisioner.Cli.Display;

/// <summary>The sections "Resources:" and "Duration:".</summary>
internal static class SummaryLines
{
    public static IReadOnlyList<StyledLine> Of(RunModel model)
    {
        if (model.Result is not { } result)
        {
            return [];
        }

        var changed = result.Changes.Where(change => change.Value > 0 && IsCounted(change.Key, result)).ToList();
        var unchanged = result.Changes.GetValueOrDefault(StepOperation.Same);
        var failed = model.Rows.Count(row => row.Status == RowStatus.Failed);
        var lines = new List<StyledLine> { new(new Piece("Resources:", Tone.Heading)) };
        lines.AddRange(changed.Select(change => new StyledLine(
            "    ", new Piece(Text(OperationWords.Prefix(change.Key), change.Value, Word(model, change.Key)), OperationWords.Tone(change.Key)))));

        var totals = new List<string>();
        if (changed.Count >= 2)
        {
            totals.Add(string.Create(CultureInfo.InvariantCulture, $"{changed.Sum(change => change.Value)} changes"));
        }

        if (unchanged > 0)
        {
            totals.Add(string.Create(CultureInfo.InvariantCulture, $"{unchanged} unchanged"));
        }

        if (totals.Count > 0)
        {
            lines.Add("    " + string.Join(". ", totals));
        }

        if (failed > 0)
        {
            lines.Add(new StyledLine("    ", new Piece(string.Create(CultureInfo.InvariantCulture, $"{failed} errored"), Tone.Error)));
        }

        if (lines.Count == 1)
        {
            lines.Clear();
        }

        if (!model.IsPreview)
        {
            if (lines.Count > 0)
            {
                lines.Add(StyledLine.Empty);
            }

            lines.Add(new StyledLine(new Piece("Duration:", Tone.Heading), " " + Duration(model.Duration)));
        }

        return lines;
    }

    /// <summary>Whole seconds, <c>1m3s</c>; what took less than one is shown as one.</summary>
    public static string Duration(TimeSpan duration)
    {
        var seconds = Math.Max(1, (long)Math.Round(duration.TotalSeconds));
        FormattableString text = seconds < 60 ? $"{seconds}s" : seconds < 3600 ? $"{seconds / 60}m{seconds % 60}s" : (FormattableString)$"{seconds / 3600}h{seconds / 60 % 60}m{seconds % 60}s";
        return text.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Reads change nothing, and the parts of a replacement are counted with it.</summary>
    private static bool IsCounted(StepOperation operation, DeploymentResult result) => operation switch
    {
        StepOperation.Same or StepOperation.Read or StepOperation.ReadReplacement or StepOperation.Discard or StepOperation.Refresh => false,
        StepOperation.CreateReplacement or StepOperation.DeleteReplaced or StepOperation.DiscardReplaced => result.Changes.GetValueOrDefault(StepOperation.Replace) == 0,
        _ => true,
    };

    private static string Word(RunModel model, StepOperation operation) =>
        model.IsPreview && model.Kind != DeploymentKind.Refresh ? "to " + OperationWords.Name(operation) : OperationWords.Done(operation);

    private static string Text(string prefix, int count, string word) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{count} {word}");
}
