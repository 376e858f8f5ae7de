using Provisioner.Cli.Terminal;

namespace Provisioner.Cli.Display;

/// <summary>Every resource that changes, with URN, id, provider and all its properties.</summary>
internal static class DetailsText
{
    public static IReadOnlyList<StyledLine> Of(RunModel model, DisplayOptions options)
    {
        var report = new Report(model, options with { Diff = true });
        return [.. model.Rows.Where(report.IsShown).OrderBy(row => row.IsStack).SelectMany(report.Block)];
    }
}
