using System.Collections.Concurrent;
using System.Collections.Immutable;
using Provisioner.Engine.Deployments.Snapshots;
using Provisioner.Engine.Deployments.Urns;
using Provisioner.Engine.Hosts.Plugins;

namespace Provisioner.Engine.Deployments.Providers;

/// <summary>The plugins of a run: started at once where the project names them, and configured, each once for each provider resource.</summary>
internal sealed class ProviderRegistry(PluginHost host, SnapshotKeeper keeper, BuiltinProvider builtin, Func<string, byte[]> randomSeed, bool preview) : IAsyncDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly ConcurrentDictionary<string, Lazy<Task<IPackageProvider>>> _configured = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly List<(PackageRequest Package, Task<Plugin> Plugin)> _early = [];

    /// <summary>Told once for every provider that answers: its reference, and what it can.</summary>
    public event Action<ProviderReference, IPackageProvider>? Configured;

    /// <summary>Starts a plugin that will be asked for soon; if it fails, whoever asks is told.</summary>
    public void StartEarly(PackageRequest package)
    {
        var starting = host.StartAsync(package.Name, package.Version, _ended.Token);
        lock (_gate)
        {
            _early.Add((package, starting));
        }
    }

    /// <summary>A plugin that has not been configured.</summary>
    /// <exception cref="Hosts.HostException">It cannot be found, built or started.</exception>
    public Task<Plugin> LoadAsync(PackageRequest package, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var index = _early.FindIndex(early => early.Package.Name == package.Name && (early.Package.Version.Length == 0 || package.Version.Length == 0 || early.Package.Version == package.Version));
            if (index >= 0)
            {
                var found = _early[index].Plugin;
                _early.RemoveAt(index);
                return found.WaitAsync(cancellationToken);
            }
        }

        return host.StartAsync(package.Name, package.Version, cancellationToken);
    }

    /// <summary>The configured provider of a reference, or null when it has not been configured in this run.</summary>
    public async Task<IPackageProvider?> FindAsync(string reference) =>
        _configured.TryGetValue(reference, out var found) ? await found.Value : null;

    /// <summary>The package that needs no plugin: its provider resource is as good as configured.</summary>
    public void UseBuiltin(ProviderReference reference) =>
        _configured[reference.ToString()] = new Lazy<Task<IPackageProvider>>(Task.FromResult<IPackageProvider>(builtin));

    /// <summary>Configures a plugin for a provider resource.</summary>
    public Task<IPackageProvider> ConfigureAsync(ProviderReference reference, Plugin plugin, Pulumi.Wire.PropertyMap inputs, CancellationToken cancellationToken)
    {
        var configuring = new Lazy<Task<IPackageProvider>>(async () =>
        {
            var abilities = await PluginConfiguration.ConfigureAsync(plugin, reference, inputs, cancellationToken);
            var provider = new PluginProvider(plugin, abilities, randomSeed, preview);
            if (abilities is not null)
            {
                Configured?.Invoke(reference, provider);
            }

            return provider;
        });
        _configured[reference.ToString()] = configuring;
        return configuring.Value;
    }

    /// <summary>The provider of a resource; one that this run has not registered is configured as the state has it.</summary>
    /// <exception cref="ProviderException">There is no such provider.</exception>
    public Task<IPackageProvider> GetAsync(string reference, CancellationToken cancellationToken) => reference.Length == 0
        ? throw new ProviderException("The state names no provider for this resource, as states of the first versions of Pulumi. Run `pulumi up` once with Pulumi's CLI, which adds it.")
        : _configured.GetOrAdd(reference, _ => new Lazy<Task<IPackageProvider>>(() => FromStateAsync(ProviderReference.Parse(reference), cancellationToken))).Value;

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        ImmutableArray<Task<Plugin>> early;
        lock (_gate)
        {
            early = [.. _early.Select(entry => entry.Plugin)];
        }

        // One that was started but never asked for may still be building, or may have failed: nobody misses it.
        await Task.WhenAll(early.Select(plugin => plugin.ContinueWith(static task => task.Exception, TaskScheduler.Default)));
        _ended.Dispose();
    }

    private async Task<IPackageProvider> FromStateAsync(ProviderReference reference, CancellationToken cancellationToken)
    {
        var state = keeper.All.FirstOrDefault(entry => entry.State.Urn == reference.Urn && entry.State.Id == reference.Id)?.State
            ?? throw new ProviderException($"The provider {reference} is not in the state.");
        if (reference.Package == BuiltinProvider.Package)
        {
            return builtin;
        }

        var plugin = await LoadAsync(new PackageRequest(reference.Package, ProviderInputs.Version(state.Inputs), string.Empty), cancellationToken);
        var abilities = await PluginConfiguration.ConfigureAsync(plugin, reference, state.Inputs, cancellationToken);
        return new PluginProvider(plugin, abilities, randomSeed, preview);
    }
}
