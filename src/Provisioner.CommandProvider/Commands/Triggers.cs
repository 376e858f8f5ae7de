using System.Collections.Immutable;
using Provisioner.Provider.Modelling;

namespace Provisioner.CommandProvider.Commands;

/// <summary>The input <c>triggers</c>, whose change makes a resource anew.</summary>
internal static class Triggers
{
    /// <summary>The changes, with that mark on it.</summary>
    public static ImmutableArray<PropertyChange> Mark(ImmutableArray<PropertyChange> changes) =>
        [.. changes.Select(change => change.Path == "triggers" ? change with { Replaces = true } : change)];
}
