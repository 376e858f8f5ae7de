using System.Collections.Immutable;
using Provisioner.Engine.Deployments.Events;

namespace Provisioner.Engine.Deployments.Providers;

/// <summary>How a resource's new inputs differ from what it is.</summary>
internal sealed record ResourceDiff
{
    public required bool HasChanges { get; init; }

    /// <summary>Top-level keys that force a replacement.</summary>
    public ImmutableArray<string> ReplaceKeys { get; init; } = [];

    /// <summary>Top-level keys that differ.</summary>
    public ImmutableArray<string> ChangedKeys { get; init; } = [];

    /// <summary>Outputs that an update leaves as they are.</summary>
    public ImmutableArray<string> StableKeys { get; init; } = [];

    /// <summary>By property path; null where the provider gave none.</summary>
    public ImmutableSortedDictionary<string, DiffEntry>? Detailed { get; init; }

    public bool DeleteBeforeReplace { get; init; }

    public static ResourceDiff None { get; } = new() { HasChanges = false };

    /// <summary>Whether the resource must be made anew.</summary>
    public bool Replaces => HasChanges && (ReplaceKeys.Length > 0 || (Detailed?.Values.Any(entry => IsReplace(entry.Kind)) ?? false));

    /// <summary>The same difference, seen from the other end.</summary>
    public ResourceDiff Inverted() => this with
    {
        Detailed = Detailed?.ToImmutableSortedDictionary(entry => entry.Key, entry => entry.Value with { Kind = Inverted(entry.Value.Kind) }, StringComparer.Ordinal),
    };

    public static bool IsReplace(DiffEntryKind kind) => kind is DiffEntryKind.AddReplace or DiffEntryKind.DeleteReplace or DiffEntryKind.UpdateReplace;

    private static DiffEntryKind Inverted(DiffEntryKind kind) => kind switch
    {
        DiffEntryKind.Add => DiffEntryKind.Delete,
        DiffEntryKind.AddReplace => DiffEntryKind.DeleteReplace,
        DiffEntryKind.Delete => DiffEntryKind.Add,
        DiffEntryKind.DeleteReplace => DiffEntryKind.AddReplace,
        _ => kind,
    };
}
