using System.Collections.Concurrent;
using System.Collections.Immutable;
using Provisioner.Engine.Deployments.Urns;
using Provisioner.Engine.Hosts.Plugins;
using Provisioner.Engine.State;
using Pulumi.Wire;

namespace Provisioner.Engine.Deployments.Providers;

/// <summary>Manages provider resources, <c>pulumi:providers:NAME</c>: to create one is to configure a plugin, to delete one is nothing.</summary>
internal sealed class ProviderResources(ProviderRegistry registry, Func<Guid> newId) : IResourceProvider
{
    private readonly ConcurrentDictionary<string, Lazy<Task<Plugin>>> _loaded = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Plugin, bool> _used = new();

    public async Task<PropertyMap> CheckAsync(string urn, PropertyMap olds, PropertyMap news, CancellationToken cancellationToken) =>
        IsBuiltin(urn) ? news : await PluginConfiguration.CheckAsync(await LoadAsync(urn, news, cancellationToken), urn, olds, news, preview: true, cancellationToken);

    public async Task<ResourceDiff> DiffAsync(ResourceState old, PropertyMap news, ImmutableArray<string> ignoreChanges, CancellationToken cancellationToken) =>
        IsBuiltin(old.Urn) ? ResourceDiff.None : await PluginConfiguration.DiffAsync(await LoadAsync(old.Urn, news, cancellationToken), old, news, cancellationToken);

    public async Task<ProviderReply> CreateAsync(ResourceState next, bool preview, CancellationToken cancellationToken)
    {
        var id = preview ? Signatures.Sentinel(UnknownKind.String) : newId().ToString();
        await ConfigureAsync(next with { Id = id }, cancellationToken);
        return Reply(id, next.Inputs);
    }

    public Task<ProviderReply> ReadAsync(ResourceState resource, PropertyMap? inputs, PropertyMap? outputs, CancellationToken cancellationToken) =>
        throw new ProviderException($"The provider {resource.Urn} cannot be read; it lives in the engine.");

    public async Task<ProviderReply> UpdateAsync(ResourceState old, ResourceState next, bool preview, CancellationToken cancellationToken)
    {
        await ConfigureAsync(next with { Id = old.Id }, cancellationToken);
        return Reply(old.Id, next.Inputs);
    }

    public Task DeleteAsync(ResourceState old, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Configures the plugin with what is in the state, unless a refresh did so already.</summary>
    public async Task KeepAsync(ResourceState resource, CancellationToken cancellationToken)
    {
        if (await registry.FindAsync(new ProviderReference(resource.Urn, resource.Id).ToString()) is null)
        {
            await ConfigureAsync(resource, cancellationToken);
        }
    }

    private static ProviderReply Reply(string id, PropertyMap inputs) => new(id, ProviderInputs.ForProvider(inputs), null, [], false);

    /// <summary>A plugin is configured once: a second configuration needs a second process.</summary>
    private async Task ConfigureAsync(ResourceState resource, CancellationToken cancellationToken)
    {
        if (IsBuiltin(resource.Urn))
        {
            registry.UseBuiltin(new ProviderReference(resource.Urn, resource.Id));
            return;
        }

        var plugin = await LoadAsync(resource.Urn, resource.Inputs, cancellationToken);
        if (!_used.TryAdd(plugin, true))
        {
            plugin = await registry.LoadAsync(Package(resource.Urn, resource.Inputs), cancellationToken);
            _used.TryAdd(plugin, true);
        }

        await registry.ConfigureAsync(new ProviderReference(resource.Urn, resource.Id), plugin, resource.Inputs, cancellationToken);
    }

    private Task<Plugin> LoadAsync(string urn, PropertyMap inputs, CancellationToken cancellationToken) =>
        _loaded.GetOrAdd(urn, _ => new Lazy<Task<Plugin>>(() => registry.LoadAsync(Package(urn, inputs), cancellationToken))).Value;

    private static bool IsBuiltin(string urn) => Urn.PackageOf(Urn.Parse(urn).Type) == BuiltinProvider.Package;

    private static PackageRequest Package(string urn, PropertyMap inputs) =>
        new(Urn.PackageOf(Urn.Parse(urn).Type), ProviderInputs.Version(inputs), string.Empty);
}
