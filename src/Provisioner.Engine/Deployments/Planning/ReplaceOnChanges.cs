using System.Collections.Immutable;
using Provisioner.Engine.Deployments.Events;
using Provisioner.Engine.Deployments.Properties;
using Provisioner.Engine.Deployments.Providers;

namespace Provisioner.Engine.Deployments.Planning;

/// <summary>The option replaceOnChanges: changes at the given paths become replacements.</summary>
internal static class ReplaceOnChanges
{
    /// <exception cref="FormatException">One of the paths is none.</exception>
    public static ResourceDiff Apply(ResourceDiff diff, IEnumerable<string> paths)
    {
        ImmutableArray<PropertyPath> patterns = [.. paths.Select(PropertyPath.Parse)];
        if (!diff.HasChanges || patterns.IsEmpty)
        {
            return diff;
        }

        return diff.Detailed is { Count: > 0 } detailed ? ByDetails(diff, detailed, patterns) : ByKeys(diff, patterns);
    }

    private static ResourceDiff ByDetails(ResourceDiff diff, ImmutableSortedDictionary<string, DiffEntry> detailed, ImmutableArray<PropertyPath> patterns)
    {
        var hit = detailed.Where(entry => PropertyPath.TryParse(entry.Key) is { } path && patterns.Any(pattern => pattern.Contains(path))).ToList();
        return diff with
        {
            Detailed = detailed.SetItems(hit.Select(entry => KeyValuePair.Create(entry.Key, entry.Value with { Kind = AsReplace(entry.Value.Kind) }))),
            ReplaceKeys = [.. diff.ReplaceKeys.Concat(hit.Select(entry => PropertyPath.Parse(entry.Key).Segments[0]).OfType<PathSegment.Key>().Select(key => key.Name)).Distinct()],
        };
    }

    /// <summary>Where only the top-level key is known, a pattern that leads into it counts: better a replacement too many than one that was asked for and left out.</summary>
    private static ResourceDiff ByKeys(ResourceDiff diff, ImmutableArray<PropertyPath> patterns) => diff with
    {
        ReplaceKeys = [.. diff.ReplaceKeys.Concat(diff.ChangedKeys.Where(key =>
            patterns.Any(pattern => pattern.Segments[0] is PathSegment.Any || pattern.Segments[0] == new PathSegment.Key(key)))).Distinct()],
    };

    private static DiffEntryKind AsReplace(DiffEntryKind kind) => kind switch
    {
        DiffEntryKind.Add => DiffEntryKind.AddReplace,
        DiffEntryKind.Delete => DiffEntryKind.DeleteReplace,
        DiffEntryKind.Update => DiffEntryKind.UpdateReplace,
        _ => kind,
    };
}
