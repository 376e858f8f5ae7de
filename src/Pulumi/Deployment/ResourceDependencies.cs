using System.Collections.Immutable;

namespace Pulumi.Runtime;

/// <summary>What depending on resources means to the engine, which knows dependencies on what providers manage only.</summary>
internal static class ResourceDependencies
{
    /// <summary>
    /// The URNs to depend on, in order: a component of this program stands for all its children. The dependent itself and the
    /// components that it is part of are left out, as it would wait for itself.
    /// </summary>
    public static async Task<IReadOnlyList<string>> UrnsAsync(IEnumerable<Resource> resources, Resource dependent)
    {
        var urns = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var resource in Expand(resources, [.. SelfAndAncestors(dependent)]))
        {
            if (await resource.Urn.GetValueAsync(whenUnknown: string.Empty).ConfigureAwait(false) is { Length: > 0 } urn)
            {
                urns.Add(urn);
            }
        }

        return [.. urns];
    }

    /// <summary>Whether all of them exist, so that functions may be called with what comes from them.</summary>
    public static async Task<bool> ExistAsync(IEnumerable<Resource> resources)
    {
        foreach (var custom in Expand(resources, []).OfType<CustomResource>())
        {
            if (!(await custom.Id.Data.ConfigureAwait(false)).IsKnown)
            {
                return false;
            }
        }

        return true;
    }

    private static IEnumerable<Resource> SelfAndAncestors(Resource resource)
    {
        for (var ancestor = resource; ancestor is not null; ancestor = ancestor.Parent)
        {
            yield return ancestor;
        }
    }

    private static ImmutableArray<Resource> Expand(IEnumerable<Resource> resources, HashSet<Resource> seen)
    {
        var result = ImmutableArray.CreateBuilder<Resource>();
        var open = new Queue<Resource>(resources);
        while (open.TryDequeue(out var resource))
        {
            if (!seen.Add(resource))
            {
                continue;
            }

            if (resource is CustomResource or ComponentResource { IsRemote: true })
            {
                result.Add(resource);
                continue;
            }

            foreach (var child in resource.Children())
            {
                open.Enqueue(child);
            }
        }

        return result.ToImmutable();
    }
}
