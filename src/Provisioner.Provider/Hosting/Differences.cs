using System.Collections.Immutable;
using Provisioner.Provider.Modelling;
using Pulumi.Wire.Rpc;

namespace Provisioner.Provider.Hosting;

/// <summary>Changes as an engine reads them.</summary>
internal static class Differences
{
    public static DiffResponse Encode(ImmutableArray<PropertyChange> changes, bool deleteBeforeReplace)
    {
        var response = new DiffResponse
        {
            Changes = changes.IsEmpty ? DiffResponse.Types.DiffChanges.DiffNone : DiffResponse.Types.DiffChanges.DiffSome,
            DeleteBeforeReplace = deleteBeforeReplace,
            HasDetailedDiff = true,
        };
        response.Diffs.AddRange(changes.Select(change => PropertyPath.Root(change.Path)).Distinct(StringComparer.Ordinal));
        response.Replaces.AddRange(changes.Where(change => change.Replaces).Select(change => PropertyPath.Root(change.Path)).Distinct(StringComparer.Ordinal));
        foreach (var change in changes)
        {
            response.DetailedDiff[change.Path] = new PropertyDiff { Kind = KindOf(change) };
        }

        return response;
    }

    private static PropertyDiff.Types.Kind KindOf(PropertyChange change) => (change.Kind, change.Replaces) switch
    {
        (ChangeKind.Add, false) => PropertyDiff.Types.Kind.Add,
        (ChangeKind.Add, true) => PropertyDiff.Types.Kind.AddReplace,
        (ChangeKind.Delete, false) => PropertyDiff.Types.Kind.Delete,
        (ChangeKind.Delete, true) => PropertyDiff.Types.Kind.DeleteReplace,
        (_, false) => PropertyDiff.Types.Kind.Update,
        (_, true) => PropertyDiff.Types.Kind.UpdateReplace,
    };
}
