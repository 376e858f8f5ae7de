using System.Collections.Immutable;
using Provisioner.Engine.State;

namespace Provisioner.Engine.Deployments.Snapshots;

/// <summary>The order that a state file must have: what a resource refers to comes before it.</summary>
internal static class TopologicalOrder
{
    /// <summary>The same resources; one moves only where the given order is wrong. References that lead nowhere are left alone.</summary>
    public static ImmutableArray<ResourceState> Sort(ImmutableArray<ResourceState> resources)
    {
        var live = resources.Where(resource => !resource.Delete).GroupBy(resource => resource.Urn, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        var result = ImmutableArray.CreateBuilder<ResourceState>(resources.Length);
        var seen = new HashSet<ResourceState>(ReferenceEqualityComparer.Instance);
        foreach (var resource in resources)
        {
            Place(resource);
        }

        return result.MoveToImmutable();

        void Place(ResourceState resource)
        {
            // A circle, which no program can make, ends here.
            if (!seen.Add(resource))
            {
                return;
            }

            foreach (var needed in References.Of(resource))
            {
                if (live.TryGetValue(needed, out var found))
                {
                    Place(found);
                }
            }

            result.Add(resource);
        }
    }
}
