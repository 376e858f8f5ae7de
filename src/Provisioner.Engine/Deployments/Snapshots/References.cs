using System.Collections.Immutable;
using Provisioner.Engine.Deployments.Urns;
using Provisioner.Engine.State;

namespace Provisioner.Engine.Deployments.Snapshots;

/// <summary>What a resource in the state refers to.</summary>
internal static class References
{
    /// <summary>The URNs that must come before a resource: parent, provider, dependencies, and what it is deleted or replaced with.</summary>
    public static IEnumerable<string> Of(ResourceState state)
    {
        if (state.Parent.Length > 0)
        {
            yield return state.Parent;
        }

        if (state.Provider.Length > 0)
        {
            yield return ProviderReference.Parse(state.Provider).Urn;
        }

        foreach (var urn in state.Dependencies.Concat(state.PropertyDependencies.Values.SelectMany(urns => urns)))
        {
            yield return urn;
        }

        if (state.DeletedWith.Length > 0)
        {
            yield return state.DeletedWith;
        }

        foreach (var urn in state.ReplaceWith)
        {
            yield return urn;
        }
    }

    /// <summary>A resource without references to resources that are gone.</summary>
    /// <param name="exists">Whether a URN is still in the state.</param>
    public static ResourceState Prune(ResourceState state, Func<string, bool> exists) => state with
    {
        Parent = state.Parent.Length > 0 && !exists(state.Parent) ? string.Empty : state.Parent,
        Dependencies = [.. state.Dependencies.Where(exists)],
        PropertyDependencies = state.PropertyDependencies.ToImmutableSortedDictionary(
            entry => entry.Key, entry => (ImmutableArray<string>)[.. entry.Value.Where(exists)], StringComparer.Ordinal),
        DeletedWith = state.DeletedWith.Length > 0 && !exists(state.DeletedWith) ? string.Empty : state.DeletedWith,
        ReplaceWith = [.. state.ReplaceWith.Where(exists)],
    };

    /// <summary>A resource whose references to resources that have a new URN follow them.</summary>
    public static ResourceState Rename(ResourceState state, IReadOnlyDictionary<string, string> renamed)
    {
        if (renamed.Count == 0)
        {
            return state;
        }

        string New(string urn) => renamed.GetValueOrDefault(urn, urn);
        return state with
        {
            Parent = New(state.Parent),
            Dependencies = [.. state.Dependencies.Select(New)],
            PropertyDependencies = state.PropertyDependencies.ToImmutableSortedDictionary(
                entry => entry.Key, entry => (ImmutableArray<string>)[.. entry.Value.Select(New)], StringComparer.Ordinal),
            DeletedWith = New(state.DeletedWith),
            ReplaceWith = [.. state.ReplaceWith.Select(New)],
            Provider = state.Provider.Length == 0 ? state.Provider : ProviderReference.Parse(state.Provider) is var reference ? (reference with { Urn = New(reference.Urn) }).ToString() : state.Provider,
        };
    }
}
