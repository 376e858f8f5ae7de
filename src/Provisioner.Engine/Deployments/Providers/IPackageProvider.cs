using Pulumi.Wire;
using Pulumi.Wire.Rpc;

namespace Provisioner.Engine.Deployments.Providers;

/// <summary>The manager of a package's resources, which has functions too: a plugin, or the engine itself for the package <c>pulumi</c>.</summary>
internal interface IPackageProvider : IResourceProvider
{
    /// <summary>False when its configuration is not known yet (in a preview): then it is not asked.</summary>
    bool IsConfigured { get; }

    /// <summary>Calls one of the package's functions.</summary>
    /// <exception cref="ProviderException">It answers with an error.</exception>
    Task<ResourceInvokeResponse> InvokeAsync(string token, PropertyMap arguments, bool acceptResources, CancellationToken cancellationToken);
}
