using System.Collections.Immutable;
using Provisioner.Engine.Deployments.Providers;
using Provisioner.Engine.Deployments.Registration;
using Provisioner.Engine.Deployments.Urns;
using Provisioner.Engine.State;

namespace Provisioner.Engine.Deployments.Planning;

/// <summary>Whether a resource must be replaced because it belongs to another provider now.</summary>
/// <param name="start">The resources that the run started from: the former provider may have left the state since.</param>
internal sealed class ProviderChanges(ImmutableArray<ResourceState> start, RegisteredResources registered, ProviderResources providers)
{
    public async Task<bool> ForceReplacementAsync(ResourceState old, string reference, CancellationToken cancellationToken)
    {
        if (old.Provider == reference || old.Provider.Length == 0 || reference.Length == 0)
        {
            return false;
        }

        var (before, after) = (ProviderReference.Parse(old.Provider), ProviderReference.Parse(reference));
        if (Urn.Parse(before.Urn).IsDefaultProvider && Urn.Parse(after.Urn).IsDefaultProvider && before.Urn != after.Urn)
        {
            // Another version of the package: its providers agree with each other about what exists.
            return false;
        }

        var former = start.FirstOrDefault(state => state.Urn == before.Urn && state.Id == before.Id);
        var present = registered.Find(after.Urn)?.Entry?.State;
        return former is not null && present is not null
            && (await providers.DiffAsync(former with { Urn = present.Urn }, present.Inputs, [], cancellationToken)).Replaces;
    }
}
