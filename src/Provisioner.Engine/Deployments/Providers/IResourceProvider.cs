using System.Collections.Immutable;
using Provisioner.Engine.State;
using Pulumi.Wire;

namespace Provisioner.Engine.Deployments.Providers;

/// <summary>What manages resources: a plugin, or, for provider resources themselves, the engine.</summary>
internal interface IResourceProvider
{
    /// <param name="olds">The inputs of the last deployment; empty for a new resource.</param>
    /// <returns>The inputs with the provider's defaults.</returns>
    /// <exception cref="CheckFailedException">The inputs are not accepted.</exception>
    Task<PropertyMap> CheckAsync(string urn, PropertyMap olds, PropertyMap news, CancellationToken cancellationToken);

    /// <param name="old">The resource as it is.</param>
    /// <param name="news">The inputs as Check returned them.</param>
    /// <param name="ignoreChanges">For the provider's information; the inputs have been reset already.</param>
    Task<ResourceDiff> DiffAsync(ResourceState old, PropertyMap news, ImmutableArray<string> ignoreChanges, CancellationToken cancellationToken);

    /// <param name="next">What is to be; has no id and no outputs yet.</param>
    Task<ProviderReply> CreateAsync(ResourceState next, bool preview, CancellationToken cancellationToken);

    /// <param name="inputs">Null when they are not known.</param>
    /// <param name="outputs">Null when they are not known.</param>
    /// <returns>With an empty id: the resource is gone.</returns>
    Task<ProviderReply> ReadAsync(ResourceState resource, PropertyMap? inputs, PropertyMap? outputs, CancellationToken cancellationToken);

    Task<ProviderReply> UpdateAsync(ResourceState old, ResourceState next, bool preview, CancellationToken cancellationToken);

    Task DeleteAsync(ResourceState old, CancellationToken cancellationToken);

    /// <summary>The resource stays as it is.</summary>
    Task KeepAsync(ResourceState resource, CancellationToken cancellationToken);
}

/// <summary>What a provider answers to Create, Read and Update.</summary>
/// <param name="Id">Empty in a preview of a creation, and for a resource that is gone.</param>
/// <param name="Inputs">Null where the provider gave none.</param>
/// <param name="InitErrors">Why the resource exists, but is not what was asked for; empty when all is well.</param>
/// <param name="RefreshBeforeUpdate">The provider wants to read it before every diff.</param>
internal sealed record ProviderReply(string Id, PropertyMap Outputs, PropertyMap? Inputs, ImmutableArray<string> InitErrors, bool RefreshBeforeUpdate);
