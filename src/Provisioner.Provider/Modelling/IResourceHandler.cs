using System.Collections.Immutable;
using Pulumi.Wire;

namespace Provisioner.Provider.Modelling;

/// <summary>A resource as the host drives it, on property maps; <see cref="ResourceHandler{TArgs,TState,TPlan}"/> is the typed side.</summary>
internal interface IResourceHandler
{
    /// <summary>The last part of the token, such as <c>WifiProfile</c>.</summary>
    string Name { get; }

    /// <summary>The middle part of the token.</summary>
    string Module => "index";

    /// <summary>Description of the resource for the schema.</summary>
    string Description { get; }

    /// <summary>Whether the engine reads it before every plan; true for what lives on a device.</summary>
    bool RefreshBeforeUpdate { get; }

    Type ArgsType { get; }

    Type StateType { get; }

    CheckResult Check(PropertyMap news, IOperationContext context);

    DiffResult Diff(PropertyMap olds, PropertyMap oldInputs, PropertyMap news, IOperationContext context);

    Task<ResourceResult> CreateAsync(PropertyMap inputs, IOperationContext context, CancellationToken cancellation);

    Task<ResourceResult> UpdateAsync(string id, PropertyMap olds, PropertyMap oldInputs, PropertyMap news, IOperationContext context, CancellationToken cancellation);

    /// <summary>Null: the resource is gone.</summary>
    Task<ResourceResult?> ReadAsync(string id, PropertyMap? olds, PropertyMap? oldInputs, IOperationContext context, CancellationToken cancellation);

    Task DeleteAsync(string id, PropertyMap olds, PropertyMap oldInputs, IOperationContext context, CancellationToken cancellation);
}

/// <summary>Inputs with defaults and secret marks, or what is wrong with them.</summary>
internal sealed record CheckResult(PropertyMap Inputs, ImmutableArray<PropertyFailure> Failures);

/// <summary>What differs.</summary>
internal sealed record DiffResult(ImmutableArray<PropertyChange> Changes, bool DeleteBeforeReplace);

/// <summary>A resource after an operation.</summary>
/// <param name="Id">Empty where a preview cannot know it.</param>
/// <param name="Outputs">With unknowns in a preview only.</param>
internal sealed record ResourceResult(string Id, PropertyMap Outputs)
{
    /// <summary>Inputs, where a read made them (import); null keeps the old ones.</summary>
    public PropertyMap? Inputs { get; init; }
}

/// <summary>The operation failed, but the resource exists (or may): the engine must keep what is known of it.</summary>
internal sealed class PartialResultException(ResourceResult partial, Exception reason) : Exception(reason.Message, reason)
{
    public ResourceResult Partial { get; } = partial;
}
