using Provisioner.Cli.Terminal;
using Provisioner.Engine.Deployments;
using Pulumi.Wire;

namespace Provisioner.Cli.Display;

/// <summary>The section "Outputs:": the stack's outputs, and how they change.</summary>
internal static class OutputLines
{
    public static IReadOnlyList<StyledLine> Of(RunModel model, DisplayOptions options, DiffLines diffs)
    {
        if (options.SuppressOutputs || model.Result is not { } result || (model.IsPreview && !result.Succeeded))
        {
            return [];
        }

        var before = model.Rows.FirstOrDefault(row => row.IsStack)?.Step?.Old?.Outputs ?? PropertyMap.Empty;
        var changes = PropertyComparison.Compare(Shown(before, options), Shown(result.Outputs, options), sames: true).ToList();
        return changes.Count == 0 || (model.IsPreview && changes.All(change => change.Kind == ChangeKind.Same))
            || (model.Kind == DeploymentKind.Refresh && changes.All(change => change.Kind == ChangeKind.Same))
            ? []
            : [new StyledLine(new Piece("Outputs:", Tone.Heading)), .. diffs.Render(changes, 2)];
    }

    private static PropertyMap Shown(PropertyMap outputs, DisplayOptions options) => options.ShowSecretOutputs ? outputs.Unwrap() : outputs;
}
