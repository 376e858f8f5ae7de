using System.Collections.Immutable;
using Provisioner.Engine.Deployments;
using Provisioner.Engine.Deployments.Events;
using Pulumi.Wire;

namespace Provisioner.Cli.Display;

/// <summary>What a step changes in a resource's properties, sorted by path.</summary>
internal static class StepDiff
{
    /// <param name="everything">Also what stays as it is, and what a deletion takes away.</param>
    public static ImmutableArray<PropertyChange> Of(StepMetadata step, bool everything)
    {
        var changes = step.Operation switch
        {
            StepOperation.Same or StepOperation.Read or StepOperation.ReadReplacement when !everything => [],
            _ when step.New is null => everything ? Whole(step.Old?.Inputs, ChangeKind.Delete) : [],
            _ when step.Old is null => Whole(step.New.Inputs, ChangeKind.Add),
            _ => Changed(step, everything),
        };
        return [.. changes.OrderBy(change => change.Path, StringComparer.Ordinal)];
    }

    /// <summary>The marks of the changed top-level keys, as Pulumi's rows show them: <c>~ssid,+psk</c>.</summary>
    public static string Brief(StepMetadata step) =>
        step.Old is null || step.New is null
            ? string.Empty
            : string.Join(',', Of(step, everything: false)
                .GroupBy(change => PropertyPath.Parse(change.Path).FirstOrDefault() as string ?? change.Path, StringComparer.Ordinal)
                .Select(group => (group.All(change => change.Kind == ChangeKind.Add && change.Path == PropertyPath.Key(group.Key)) ? "+"
                    : group.All(change => change.Kind == ChangeKind.Delete && change.Path == PropertyPath.Key(group.Key)) ? "-"
                    : "~") + group.Key));

    private static IEnumerable<PropertyChange> Whole(PropertyMap? properties, ChangeKind kind) =>
        properties is null ? []
        : kind == ChangeKind.Add ? PropertyComparison.Compare(PropertyMap.Empty, properties)
        : PropertyComparison.Compare(properties, PropertyMap.Empty);

    private static IEnumerable<PropertyChange> Changed(StepMetadata step, bool everything)
    {
        var changes = step.DetailedDiff is { Count: > 0 } detailed ? Detailed(step, detailed) : Compared(step);
        if (!everything)
        {
            return changes;
        }

        var found = changes.ToList();
        var paths = found.Select(change => change.Path).ToHashSet(StringComparer.Ordinal);
        var sames = PropertyComparison.Compare(step.New!.Inputs, step.New.Inputs, sames: true)
            .Where(same => !paths.Any(path => same.Path == path || same.Path.StartsWith(path + ".", StringComparison.Ordinal) || same.Path.StartsWith(path + "[", StringComparison.Ordinal)));
        return found.Concat(sames);
    }

    private static IEnumerable<PropertyChange> Detailed(StepMetadata step, ImmutableSortedDictionary<string, DiffEntry> detailed)
    {
        foreach (var (path, entry) in detailed)
        {
            var replaces = entry.Kind is DiffEntryKind.AddReplace or DiffEntryKind.DeleteReplace or DiffEntryKind.UpdateReplace;
            var old = entry.Kind is DiffEntryKind.Add or DiffEntryKind.AddReplace ? null : OldValue(step, path, entry.InputDiff);
            var @new = entry.Kind is DiffEntryKind.Delete or DiffEntryKind.DeleteReplace ? null : NewValue(step, path, entry.InputDiff);
            var any = false;
            foreach (var change in PropertyComparison.Compare(path, old, @new, replaces, sames: false))
            {
                any = true;
                yield return change;
            }

            // The provider sees a difference that the two values do not show, such as a digest of a secret: it is still one.
            if (!any)
            {
                yield return new PropertyChange(path, KindOf(entry.Kind), old, @new, replaces);
            }
        }
    }

    private static IEnumerable<PropertyChange> Compared(StepMetadata step)
    {
        var (old, @new) = step.Operation == StepOperation.Refresh
            ? (step.Old!.Outputs, step.New!.Outputs)
            : (step.Old!.Inputs, step.New!.Inputs);
        var keys = step.Diffs.IsDefaultOrEmpty ? old.Keys.Union(@new.Keys, StringComparer.Ordinal) : step.Diffs.Concat(step.ReplaceKeys).Distinct(StringComparer.Ordinal);
        return keys
            .Where(key => !key.StartsWith("__", StringComparison.Ordinal))
            .SelectMany(key => PropertyComparison.Compare(PropertyPath.Key(key), old.GetValueOrDefault(key), @new.GetValueOrDefault(key), step.ReplaceKeys.Contains(key), sames: false));
    }

    private static PropertyValue? OldValue(StepMetadata step, string path, bool inputDiff)
    {
        var (first, second) = inputDiff ? (step.Old!.Inputs, step.Old.Outputs) : (step.Old!.Outputs, step.Old.Inputs);
        return PropertyPath.Find(first, path) ?? PropertyPath.Find(second, path);
    }

    private static PropertyValue? NewValue(StepMetadata step, string path, bool inputDiff)
    {
        var (first, second) = step.Operation == StepOperation.Refresh && !inputDiff
            ? (step.New!.Outputs, step.New.Inputs)
            : (step.New!.Inputs, step.New.Outputs);
        return PropertyPath.Find(first, path) ?? PropertyPath.Find(second, path);
    }

    private static ChangeKind KindOf(DiffEntryKind kind) => kind switch
    {
        DiffEntryKind.Add or DiffEntryKind.AddReplace => ChangeKind.Add,
        DiffEntryKind.Delete or DiffEntryKind.DeleteReplace => ChangeKind.Delete,
        _ => ChangeKind.Update,
    };
}
