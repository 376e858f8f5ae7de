using System.Collections.Immutable;
using Provisioner.Engine.Deployments.Events;
using Provisioner.Engine.Deployments.Properties;
using Pulumi.Wire;
using Pulumi.Wire.Rpc;

namespace Provisioner.Engine.Deployments.Providers;

/// <summary>A provider's answer to Diff or DiffConfig, read.</summary>
internal static class DiffAnswer
{
    /// <summary>A provider that does not know leaves the comparison of the inputs to the engine.</summary>
    public static ResourceDiff Read(DiffResponse response, PropertyMap oldInputs, PropertyMap news)
    {
        var detailed = response.HasDetailedDiff
            ? response.DetailedDiff.ToImmutableSortedDictionary(entry => entry.Key, entry => new DiffEntry(Kind(entry.Value.Kind), entry.Value.InputDiff), StringComparer.Ordinal)
            : null;
        return response.Changes switch
        {
            DiffResponse.Types.DiffChanges.DiffNone => ResourceDiff.None,
            DiffResponse.Types.DiffChanges.DiffSome => new ResourceDiff
            {
                HasChanges = true,
                ReplaceKeys = [.. response.Replaces.Concat(ReplacedIn(detailed)).Distinct().Order(StringComparer.Ordinal)],
                ChangedKeys = [.. response.Diffs],
                StableKeys = [.. response.Stables],
                Detailed = detailed,
                DeleteBeforeReplace = response.DeleteBeforeReplace,
            },
            _ => ByInputs(oldInputs, news) with { ReplaceKeys = [.. response.Replaces], DeleteBeforeReplace = response.DeleteBeforeReplace, StableKeys = [.. response.Stables] },
        };
    }

    /// <summary>The engine's own comparison.</summary>
    public static ResourceDiff ByInputs(PropertyMap olds, PropertyMap news)
    {
        var keys = InputDiff.Keys(olds, news);
        return keys.IsEmpty ? ResourceDiff.None : new ResourceDiff { HasChanges = true, ChangedKeys = keys, Detailed = InputDiff.Of(olds, news) };
    }

    /// <summary>The top-level keys of a detailed diff that force a replacement.</summary>
    private static IEnumerable<string> ReplacedIn(ImmutableSortedDictionary<string, DiffEntry>? detailed) =>
        (detailed ?? ImmutableSortedDictionary<string, DiffEntry>.Empty)
            .Where(entry => ResourceDiff.IsReplace(entry.Value.Kind))
            .Select(entry => PropertyPath.TryParse(entry.Key)?.Segments[0] is PathSegment.Key key ? key.Name : entry.Key);

    private static DiffEntryKind Kind(PropertyDiff.Types.Kind kind) => kind switch
    {
        PropertyDiff.Types.Kind.Add => DiffEntryKind.Add,
        PropertyDiff.Types.Kind.AddReplace => DiffEntryKind.AddReplace,
        PropertyDiff.Types.Kind.Delete => DiffEntryKind.Delete,
        PropertyDiff.Types.Kind.DeleteReplace => DiffEntryKind.DeleteReplace,
        PropertyDiff.Types.Kind.UpdateReplace => DiffEntryKind.UpdateReplace,
        _ => DiffEntryKind.Update,
    };
}
