namespace Provisioner.Engine.State;

/// <summary>The rules that every engine relies on when it reads a state (Pulumi's VerifyIntegrity).</summary>
internal static class StateIntegrity
{
    private const string ProviderTypePrefix = "pulumi:providers:";

    /// <exception cref="StateFileException">A rule is broken; the message names the resource.</exception>
    public static void Verify(Snapshot snapshot)
    {
        var all = snapshot.Resources.Select(resource => resource.Urn).ToHashSet(StringComparer.Ordinal);
        var before = new HashSet<string>(StringComparer.Ordinal);
        var live = new HashSet<string>(StringComparer.Ordinal);
        var providers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var resource in snapshot.Resources)
        {
            if (!resource.Custom && resource.Id.Length > 0)
            {
                throw new StateFileException($"{resource.Urn} is no custom resource, but has an id.");
            }

            if (resource.Provider.Length > 0 && !resource.PendingReplacement && !providers.Contains(resource.Provider))
            {
                throw new StateFileException($"{resource.Urn} refers to the provider {resource.Provider}, which does not come before it.");
            }

            foreach (var (role, urn) in References(resource))
            {
                if (!before.Contains(urn))
                {
                    throw new StateFileException(
                        all.Contains(urn)
                            ? $"{resource.Urn} comes before its {role} {urn}."
                            : $"{resource.Urn} refers to its {role} {urn}, which is missing.");
                }
            }

            if (!resource.Delete && !live.Add(resource.Urn))
            {
                throw new StateFileException($"{resource.Urn} stands here twice, and neither is marked to be deleted.");
            }

            before.Add(resource.Urn);
            if (resource.Type.StartsWith(ProviderTypePrefix, StringComparison.Ordinal))
            {
                providers.Add($"{resource.Urn}::{resource.Id}");
            }
        }
    }

    private static IEnumerable<(string Role, string Urn)> References(ResourceState resource)
    {
        if (resource.Parent.Length > 0)
        {
            yield return ("parent", resource.Parent);
        }

        foreach (var urn in resource.Dependencies)
        {
            yield return ("dependency", urn);
        }

        foreach (var urn in resource.PropertyDependencies.Values.SelectMany(urns => urns))
        {
            yield return ("property dependency", urn);
        }

        if (resource.DeletedWith.Length > 0)
        {
            yield return ("deletedWith", resource.DeletedWith);
        }

        foreach (var urn in resource.ReplaceWith)
        {
            yield return ("replaceWith", urn);
        }
    }
}
