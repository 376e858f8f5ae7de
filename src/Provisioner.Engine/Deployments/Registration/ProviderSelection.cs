using System.Collections.Concurrent;
using System.Collections.Immutable;
using Provisioner.Engine.Deployments.Providers;
using Provisioner.Engine.Deployments.Urns;
using Provisioner.Engine.Projects;
using Provisioner.Engine.State;

namespace Provisioner.Engine.Deployments.Registration;

/// <summary>Finds the provider of a resource: the one it names, or its package's default, which is registered when it is first needed.</summary>
/// <param name="register">How a provider resource is registered: as every other resource.</param>
internal sealed class ProviderSelection(
    ProviderRegistry registry,
    ProviderResources resources,
    ImmutableSortedDictionary<ConfigKey, ConfigValue> config,
    Func<ResourceGoal, Task<(string Urn, ResourceState? State)>> register)
{
    private readonly ConcurrentDictionary<PackageRequest, Lazy<Task<string>>> _defaults = new();

    /// <summary>What manages provider resources.</summary>
    public ProviderResources Resources => resources;

    /// <exception cref="GoalException">The program names a provider that it has not registered.</exception>
    public async Task<(string Reference, IPackageProvider Provider)> ForAsync(ResourceGoal goal, CancellationToken cancellationToken)
    {
        var reference = goal.Provider.Length > 0 ? goal.Provider : await DefaultAsync(goal.Package).WaitAsync(cancellationToken);
        var provider = await registry.FindAsync(reference)
            ?? throw new GoalException($"Its provider {reference} has not been registered.");
        return (reference, provider);
    }

    private Task<string> DefaultAsync(PackageRequest package) =>
        _defaults.GetOrAdd(package, _ => new Lazy<Task<string>>(() => RegisterDefaultAsync(package))).Value;

    private async Task<string> RegisterDefaultAsync(PackageRequest package)
    {
        var (urn, state) = await register(new ResourceGoal
        {
            Type = Urn.ProviderType(package.Name),
            Name = ProviderInputs.DefaultName(package),
            Custom = true,
            Inputs = ProviderInputs.Default(package, config),
            Package = package,
        });
        return new ProviderReference(urn, state!.Id).ToString();
    }
}
