using System.Collections.Immutable;
using Google.Protobuf;
using Grpc.Core;
using Provisioner.Engine.Deployments.Properties;
using Provisioner.Engine.Hosts.Plugins;
using Provisioner.Engine.State;
using Pulumi.Wire;
using Pulumi.Wire.Rpc;

namespace Provisioner.Engine.Deployments.Providers;

/// <summary>A configured plugin as the manager of its resources.</summary>
/// <param name="abilities">Null when its configuration is not known yet (in a preview): then it was not configured and is not asked.</param>
/// <param name="randomSeed">32 bytes for a URN, the same through one deployment.</param>
/// <param name="isPreview">Answers may leave values unknown.</param>
internal sealed class PluginProvider(Plugin plugin, ProviderAbilities? abilities, Func<string, byte[]> randomSeed, bool isPreview) : IPackageProvider
{
    private readonly ProviderAbilities _abilities = abilities ?? ProviderAbilities.None;

    public bool IsConfigured => abilities is not null;

    public async Task<PropertyMap> CheckAsync(string urn, PropertyMap olds, PropertyMap news, CancellationToken cancellationToken)
    {
        if (!IsConfigured)
        {
            return news;
        }

        var request = new CheckRequest
        {
            Olds = _abilities.EncodeOld(olds),
            News = _abilities.Encode(news),
            RandomSeed = ByteString.CopyFrom(randomSeed(urn)),
        }.About(urn);
        var response = await PluginCall.RunAsync(plugin, "Check", client => client.CheckAsync(request, cancellationToken: cancellationToken), cancellationToken);
        return response.Failures.Count > 0
            ? throw new CheckFailedException([.. response.Failures.Select(failure => (failure.Property, failure.Reason))])
            : _abilities.Decode(response.Inputs, news, isPreview, "Check");
    }

    public async Task<ResourceDiff> DiffAsync(ResourceState old, PropertyMap news, ImmutableArray<string> ignoreChanges, CancellationToken cancellationToken)
    {
        if (!IsConfigured)
        {
            return new ResourceDiff { HasChanges = true };
        }

        var request = new DiffRequest
        {
            Olds = _abilities.EncodeOld(old.Outputs),
            OldInputs = _abilities.EncodeOld(old.Inputs),
            News = _abilities.Encode(news),
            IgnoreChanges = { ignoreChanges },
        }.About(old);
        var response = await PluginCall.RunAsync(plugin, "Diff", client => client.DiffAsync(request, cancellationToken: cancellationToken), cancellationToken);
        return DiffAnswer.Read(response, old.Inputs, news);
    }

    public async Task<ProviderReply> CreateAsync(ResourceState next, bool preview, CancellationToken cancellationToken)
    {
        if (preview && !(IsConfigured && _abilities.Preview))
        {
            return new ProviderReply(string.Empty, IsConfigured ? next.Inputs : PropertyMap.Empty, null, [], false);
        }

        var request = new CreateRequest
        {
            Properties = _abilities.Encode(next.Inputs),
            Timeout = Seconds(next.CustomTimeouts?.Create),
            Preview = preview,
        }.About(next.Urn);
        var reply = await RunAsync("Create", next.Inputs, preview, async client =>
        {
            var response = await client.CreateAsync(request, cancellationToken: cancellationToken);
            return (response.Id, response.Properties, null, response.RefreshBeforeUpdate);
        }, cancellationToken);
        return reply.Id.Length == 0 && !preview
            ? throw new ProviderException("The provider created the resource but gave it no id.")
            : preview && Signatures.UnknownOf(reply.Id) is not null ? reply with { Id = string.Empty } : reply;
    }

    public async Task<ProviderReply> ReadAsync(ResourceState resource, PropertyMap? inputs, PropertyMap? outputs, CancellationToken cancellationToken)
    {
        if (!IsConfigured)
        {
            return new ProviderReply(resource.Id, PropertyMap.Empty, null, [], resource.RefreshBeforeUpdate);
        }

        var request = new ReadRequest
        {
            Properties = outputs is null ? null : _abilities.EncodeOld(outputs),
            Inputs = inputs is null ? null : _abilities.EncodeOld(inputs),
            Timeout = Seconds(resource.CustomTimeouts?.Read),
        }.About(resource);
        return await RunAsync("Read", inputs ?? PropertyMap.Empty, false, async client =>
        {
            var response = await client.ReadAsync(request, cancellationToken: cancellationToken);
            return (response.Id, response.Properties, response.Inputs, response.RefreshBeforeUpdate);
        }, cancellationToken);
    }

    public async Task<ProviderReply> UpdateAsync(ResourceState old, ResourceState next, bool preview, CancellationToken cancellationToken)
    {
        if (preview && !(IsConfigured && _abilities.Preview))
        {
            return new ProviderReply(old.Id, IsConfigured ? next.Inputs : PropertyMap.Empty, null, [], old.RefreshBeforeUpdate);
        }

        var request = new UpdateRequest
        {
            Olds = _abilities.EncodeOld(old.Outputs),
            OldInputs = _abilities.EncodeOld(old.Inputs),
            News = _abilities.Encode(next.Inputs),
            IgnoreChanges = { next.IgnoreChanges },
            Timeout = Seconds(next.CustomTimeouts?.Update),
            Preview = preview,
        }.About(old);
        var reply = await RunAsync("Update", next.Inputs, preview, async client =>
        {
            var response = await client.UpdateAsync(request, cancellationToken: cancellationToken);
            return (old.Id, response.Properties, null, response.RefreshBeforeUpdate);
        }, cancellationToken);
        return reply.Id.Length == 0 ? reply with { Id = old.Id } : reply;
    }

    public async Task DeleteAsync(ResourceState old, CancellationToken cancellationToken)
    {
        var request = new DeleteRequest
        {
            Properties = _abilities.EncodeOld(old.Outputs),
            OldInputs = _abilities.EncodeOld(old.Inputs),
            Timeout = Seconds(old.CustomTimeouts?.Delete),
        }.About(old);
        await PluginCall.RunAsync(plugin, "Delete", client => client.DeleteAsync(request, cancellationToken: cancellationToken), cancellationToken);
    }

    public async Task<ResourceInvokeResponse> InvokeAsync(string token, PropertyMap arguments, bool acceptResources, CancellationToken cancellationToken)
    {
        var request = new InvokeRequest { Tok = token, Args = _abilities.Encode(arguments), Preview = isPreview };
        var response = await PluginCall.RunAsync(plugin, "Invoke", client => client.InvokeAsync(request, cancellationToken: cancellationToken), cancellationToken);
        var result = _abilities.Decode(response.Return, arguments, isPreview, "Invoke");
        return new ResourceInvokeResponse
        {
            Return = PropertyCodec.Encode(acceptResources ? result : PropertyShapes.WithoutReferences(result)),
            Failures = { response.Failures },
        };
    }

    public Task KeepAsync(ResourceState resource, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>A call that answers with a resource, whole or half done.</summary>
    private async Task<ProviderReply> RunAsync(
        string name,
        PropertyMap given,
        bool preview,
        Func<ResourceProvider.ResourceProviderClient, Task<(string Id, Google.Protobuf.WellKnownTypes.Struct? Outputs, Google.Protobuf.WellKnownTypes.Struct? Inputs, bool Refresh)>> call,
        CancellationToken cancellationToken)
    {
        try
        {
            var (id, outputs, inputs, refresh) = await PluginCall.RunTaskAsync(plugin, name, call, cancellationToken);
            return new ProviderReply(
                id,
                _abilities.Decode(outputs, given, preview, name),
                inputs is null ? null : _abilities.Decode(inputs, given, preview, name),
                [],
                refresh);
        }
        catch (InitFailedException exception)
        {
            var failure = exception.Failure;
            return new ProviderReply(
                failure.Id,
                _abilities.Decode(failure.Properties, given, preview, name),
                failure.Inputs is null ? null : _abilities.Decode(failure.Inputs, given, preview, name),
                failure.Reasons.Count > 0 ? [.. failure.Reasons] : ["The provider says that the resource is not complete, and gives no reason."],
                failure.RefreshBeforeUpdate);
        }
    }

    private static double Seconds(TimeSpan? limit) => limit?.TotalSeconds ?? 0;
}
