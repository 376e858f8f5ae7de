using System.Collections.Frozen;
using Pulumi.Wire.Rpc;

namespace Provisioner.Engine.Deployments.Monitor;

/// <summary>What a program may use. Everything else is denied, so that an SDK says so where it is used instead of being ignored here.</summary>
internal static class Features
{
    private static readonly FrozenDictionary<string, ResourceMonitorFeature> Supported = new Dictionary<string, ResourceMonitorFeature>
    {
        ["secrets"] = ResourceMonitorFeature.Secrets,
        ["resourceReferences"] = ResourceMonitorFeature.ResourceReferences,
        ["outputValues"] = ResourceMonitorFeature.OutputValues,
        ["aliasSpecs"] = ResourceMonitorFeature.AliasSpecs,
        ["deletedWith"] = ResourceMonitorFeature.DeletedWith,
        ["replaceWith"] = ResourceMonitorFeature.ReplaceWith,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IEnumerable<ResourceMonitorFeature> All => Supported.Values;

    /// <param name="id">The feature's name in camel case.</param>
    public static bool IsSupported(string id) => Supported.ContainsKey(id);
}
