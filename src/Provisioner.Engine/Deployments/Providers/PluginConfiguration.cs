using System.Text.Json;
using Provisioner.Engine.Deployments.Properties;
using Provisioner.Engine.Deployments.Urns;
using Provisioner.Engine.Hosts.Plugins;
using Provisioner.Engine.State;
using Pulumi.Wire;
using Pulumi.Wire.Rpc;

namespace Provisioner.Engine.Deployments.Providers;

/// <summary>The calls that concern a provider's own configuration.</summary>
internal static class PluginConfiguration
{
    /// <summary>CheckConfig gets secrets in clear: nobody has asked the provider yet whether it knows them.</summary>
    public static async Task<PropertyMap> CheckAsync(Plugin plugin, string urn, PropertyMap olds, PropertyMap news, bool preview, CancellationToken cancellationToken)
    {
        var given = ProviderInputs.ForProvider(news);
        var request = new CheckRequest
        {
            Olds = ProviderAbilities.None.EncodeOld(ProviderInputs.ForProvider(olds)),
            News = ProviderAbilities.None.Encode(given),
        }.About(urn);
        var response = await PluginCall.RunOptionalAsync(plugin, "CheckConfig", client => client.CheckConfigAsync(request, cancellationToken: cancellationToken), cancellationToken);
        if (response is null)
        {
            return news;
        }

        return response.Failures.Count > 0
            ? throw new CheckFailedException([.. response.Failures.Select(failure => (failure.Property, failure.Reason))])
            : ProviderInputs.WithInternal(ProviderAbilities.None.Decode(response.Inputs, given, preview, "CheckConfig"), news);
    }

    public static async Task<ResourceDiff> DiffAsync(Plugin plugin, ResourceState old, PropertyMap news, CancellationToken cancellationToken)
    {
        var (before, after) = (ProviderInputs.ForProvider(old.Inputs), ProviderInputs.ForProvider(news));
        var request = new DiffRequest
        {
            Olds = ProviderAbilities.None.EncodeOld(ProviderInputs.ForProvider(old.Outputs)),
            OldInputs = ProviderAbilities.None.EncodeOld(before),
            News = ProviderAbilities.None.Encode(after),
        }.About(old);
        var response = await PluginCall.RunOptionalAsync(plugin, "DiffConfig", client => client.DiffConfigAsync(request, cancellationToken: cancellationToken), cancellationToken);
        return response is null ? DiffAnswer.ByInputs(before, after) : DiffAnswer.Read(response, before, after);
    }

    /// <returns>What the provider can, or null when its configuration is not known yet, and it was not asked.</returns>
    public static async Task<ProviderAbilities?> ConfigureAsync(Plugin plugin, ProviderReference reference, PropertyMap inputs, CancellationToken cancellationToken)
    {
        var settings = ProviderInputs.ForProvider(inputs);
        if (settings.ContainsUnknowns())
        {
            return null;
        }

        var request = new ConfigureRequest
        {
            Args = PropertyCodec.Encode(settings),
            AcceptSecrets = true,
            AcceptResources = true,
            SendsOldInputs = true,
            SendsOldInputsToDelete = true,
            Id = reference.Id,
        }.About(reference.Urn);
        foreach (var (key, value) in PropertyShapes.WithoutReferences(settings).Unwrap())
        {
            request.Variables.Add($"{reference.Package}:config:{key}", value is PropertyValue.String text ? text.Value : JsonSerializer.Serialize(Plain(value)));
        }

        var response = await PluginCall.RunAsync(plugin, "Configure", client => client.ConfigureAsync(request, cancellationToken: cancellationToken), cancellationToken);
        return ProviderAbilities.Of(plugin.Handshake, response);
    }

    private static object? Plain(PropertyValue value) => value switch
    {
        PropertyValue.Boolean boolean => boolean.Value,
        PropertyValue.Number number => number.Value,
        PropertyValue.String text => text.Value,
        PropertyValue.Array array => array.Items.Select(Plain).ToArray(),
        PropertyValue.Object map => map.Properties.ToDictionary(entry => entry.Key, entry => Plain(entry.Value), StringComparer.Ordinal),
        _ => null,
    };
}
