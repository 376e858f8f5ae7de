using Provisioner.Engine.Deployments.Providers;
using Provisioner.Engine.Deployments.Registration;
using Provisioner.Engine.Deployments.Snapshots;
using Provisioner.Engine.State;
using Pulumi.Wire;

namespace Provisioner.Engine.Deployments.Planning;

/// <summary>A registration, ready to be compared with what is.</summary>
/// <param name="Goal">With what its parent hands down.</param>
/// <param name="ProviderReference">Empty for components and provider resources.</param>
/// <param name="Provider">Null for components.</param>
/// <param name="Old">What the state has, or null.</param>
internal sealed record PlanRequest(string Urn, ResourceGoal Goal, string ProviderReference, IResourceProvider? Provider, ResourceEntry? Old)
{
    /// <summary>What the state will say, but for id and outputs.</summary>
    public ResourceState Next(PropertyMap inputs) => new()
    {
        Urn = Urn,
        Type = Goal.Type,
        Custom = Goal.Custom,
        Inputs = inputs,
        Parent = Goal.Parent,
        Protect = Goal.Protect ?? false,
        Dependencies = Goal.Dependencies,
        PropertyDependencies = Goal.PropertyDependencies,
        Provider = ProviderReference,
        AdditionalSecretOutputs = Goal.AdditionalSecretOutputs,
        CustomTimeouts = Goal.CustomTimeouts,
        ImportId = Old?.State.ImportId ?? string.Empty,
        RetainOnDelete = Goal.RetainOnDelete ?? false,
        DeletedWith = Goal.DeletedWith,
        ReplaceWith = Goal.ReplaceWith,
        SourcePosition = Goal.SourcePosition,
        IgnoreChanges = Goal.IgnoreChanges,
        ReplaceOnChanges = Goal.ReplaceOnChanges,
    };
}
