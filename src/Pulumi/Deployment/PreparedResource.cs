using System.Collections.Immutable;
using Pulumi.Serialization;
using Pulumi.Wire;

namespace Pulumi.Runtime;

/// <summary>What registering and reading a resource have in common, once all that it depends on is there.</summary>
/// <param name="Properties">The inputs.</param>
/// <param name="PropertyDependencies">For each input the URNs that it comes from.</param>
/// <param name="Dependencies">All URNs that it depends on.</param>
/// <param name="Parent">The parent's URN; empty for the stack itself.</param>
/// <param name="Provider">The provider's reference; empty for the default one.</param>
internal sealed record PreparedResource(
    PropertyMap Properties,
    ImmutableSortedDictionary<string, IReadOnlyList<string>> PropertyDependencies,
    ImmutableSortedSet<string> Dependencies,
    string Parent,
    string Provider)
{
    public static async Task<PreparedResource> PrepareAsync(ProgramRun run, Resource resource, ResourceArgs args, ResourceOptions options, bool remote)
    {
        // Before the first await: what the program does to its arguments later must not count.
        var inputs = args.Snapshot();
        var explicitly = await options.DependsOn.AsOutput().GetValueAsync(whenUnknown: []).ConfigureAwait(false);
        var keepResources = await run.Monitor.SupportsAsync("resourceReferences").ConfigureAwait(false);
        var keepOutputs = remote && await run.Monitor.SupportsAsync("outputValues").ConfigureAwait(false);

        var dependencies = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
        dependencies.UnionWith(await UrnsAsync(explicitly.IsDefault ? [] : explicitly).ConfigureAwait(false));
        var properties = PropertyMap.Empty;
        var propertyDependencies = ImmutableSortedDictionary.CreateBuilder<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var input in inputs.Where(input => input.Name is not ("id" or "urn")))
        {
            var writer = new InputWriter(keepResources, keepOutputs ? UrnsAsync : null);
            foreach (var (name, value) in await writer.WriteMembersAsync(string.Empty, [input]).ConfigureAwait(false))
            {
                properties = properties.With(name, value);
                var urns = await UrnsAsync(writer.Dependencies).ConfigureAwait(false);
                propertyDependencies[name] = urns;
                dependencies.UnionWith(urns);
            }
        }

        var parent = resource is Stack ? string.Empty
            : await (options.Parent ?? run.Stack).Urn.GetValueAsync(whenUnknown: string.Empty).ConfigureAwait(false);
        var provider = resource is CustomResource && options.Provider is not null
            ? await options.Provider.ReferenceAsync().ConfigureAwait(false)
            : string.Empty;
        return new PreparedResource(properties, propertyDependencies.ToImmutable(), dependencies.ToImmutable(), parent, provider);

        Task<IReadOnlyList<string>> UrnsAsync(IEnumerable<Resource> resources) => ResourceDependencies.UrnsAsync(resources, resource);
    }
}
