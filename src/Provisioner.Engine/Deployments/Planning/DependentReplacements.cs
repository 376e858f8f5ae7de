using System.Collections.Immutable;
using Provisioner.Engine.Deployments.Providers;
using Provisioner.Engine.Deployments.Registration;
using Provisioner.Engine.Deployments.Snapshots;
using Provisioner.Engine.Deployments.Steps;
using Provisioner.Engine.Deployments.Urns;
using Provisioner.Engine.State;
using Pulumi.Wire;

namespace Provisioner.Engine.Deployments.Planning;

/// <summary>A resource that is deleted before its replacement exists takes along those that could not live without it.</summary>
internal sealed class DependentReplacements(SnapshotKeeper keeper, ProviderRegistry registry, ProviderResources providers)
{
    /// <summary>The resources that must be replaced too, in the state's order.</summary>
    public async Task<ImmutableArray<ResourceEntry>> FindAsync(ResourceEntry root, CancellationToken cancellationToken)
    {
        var replaced = new HashSet<string>(StringComparer.Ordinal) { root.State.Urn };
        var found = ImmutableArray.CreateBuilder<ResourceEntry>();
        foreach (var candidate in keeper.Old.SkipWhile(entry => entry != root).Skip(1).Where(entry => !entry.State.Delete && !entry.State.PendingReplacement))
        {
            if (await MustFollowAsync(candidate.State, replaced, cancellationToken))
            {
                replaced.Add(candidate.State.Urn);
                found.Add(candidate);
            }
        }

        return found.ToImmutable();
    }

    /// <summary>Deletes it and leaves its entry until the replacement is there.</summary>
    /// <exception cref="GoalException">It is protected.</exception>
    public Step Delete(ResourceEntry entry) => entry.State.Protect
        ? throw new GoalException($"{entry.State.Urn} would have to be deleted first, and it is protected.")
        : DeleteStep.Of(
            StepOperation.DeleteReplaced,
            entry,
            entry.State.RetainOnDelete ? null : cancellationToken => ProviderAsync(entry.State, cancellationToken),
            awaitsReplacement: true);

    private async Task<IResourceProvider> ProviderAsync(ResourceState state, CancellationToken cancellationToken) =>
        Urn.IsProviderType(state.Type) ? providers : await registry.GetAsync(state.Provider, cancellationToken);

    private async Task<bool> MustFollowAsync(ResourceState state, HashSet<string> replaced, CancellationToken cancellationToken)
    {
        if (!state.Custom || state.External)
        {
            return false;
        }

        if (replaced.Contains(state.DeletedWith) || state.ReplaceWith.Any(replaced.Contains) || (state.Provider.Length > 0 && replaced.Contains(ProviderReference.Parse(state.Provider).Urn)))
        {
            return true;
        }

        if (!state.Dependencies.Any(replaced.Contains))
        {
            return false;
        }

        if (state.PropertyDependencies.IsEmpty)
        {
            // Written by an end that does not say which property depends on what.
            return true;
        }

        // What comes from the replaced ones will be another value: would that replace this one as well?
        var inputs = state.PropertyDependencies.Where(entry => entry.Value.Any(replaced.Contains))
            .Aggregate(state.Inputs, (current, entry) => current.ContainsKey(entry.Key) ? current.With(entry.Key, PropertyValue.UnknownValue) : current);
        return !inputs.Equals(state.Inputs)
            && (await (await ProviderAsync(state, cancellationToken)).DiffAsync(state, inputs, [], cancellationToken)).Replaces;
    }
}
