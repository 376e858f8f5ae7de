using Pulumi.Wire;

namespace Pulumi;

/// <summary>A provider with a configuration of its own, for resources that name it in their options.</summary>
public class ProviderResource : CustomResource
{
    /// <param name="package">The package, such as <c>command</c>.</param>
    /// <param name="name">A name that no other provider of this package has.</param>
    /// <param name="args">The configuration.</param>
    /// <param name="options">How the engine treats the provider.</param>
    public ProviderResource(string package, string name, ResourceArgs args, CustomResourceOptions? options = null)
        : base($"pulumi:providers:{package}", name, args, options) =>
        Package = package;

    internal string Package { get; }

    /// <summary>What resources name their provider by on the wire; in a preview the id may be the unknown's sentinel.</summary>
    internal async Task<string> ReferenceAsync()
    {
        var urn = await Urn.GetValueAsync(whenUnknown: string.Empty).ConfigureAwait(false);
        var id = await Id.GetValueAsync(whenUnknown: string.Empty).ConfigureAwait(false);
        return $"{urn}::{(string.IsNullOrEmpty(id) ? Signatures.Sentinel(UnknownKind.String) : id)}";
    }
}
