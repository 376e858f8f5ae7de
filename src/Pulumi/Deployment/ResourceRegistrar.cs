using System.Collections.Immutable;
using Grpc.Core;
using Pulumi.Serialization;
using Pulumi.Wire;
using Pulumi.Wire.Rpc;

namespace Pulumi.Runtime;

/// <summary>Tells the engine about resources as the program makes them, and fills their outputs with its answers.</summary>
internal sealed class ResourceRegistrar(ProgramRun run)
{
    /// <summary>Sets the registration of a resource going.</summary>
    public void Start(Resource resource, ResourceArgs args, ResourceOptions options, bool remote) =>
        run.Work.Track(CompleteAsync(resource, args, options, remote));

    /// <summary>Sets the registration of a component's outputs going.</summary>
    public void StartOutputs(Resource resource, Output<IDictionary<string, object?>> outputs) =>
        run.Work.Track(RegisterOutputsAsync(resource, outputs));

    private async Task CompleteAsync(Resource resource, ResourceArgs args, ResourceOptions options, bool remote)
    {
        try
        {
            var answer = options.Urn is not null ? await GetAsync(options.Urn).ConfigureAwait(false)
                : await IdToReadAsync(resource, options).ConfigureAwait(false) is { } id ? await ReadAsync(resource, id, args, options).ConfigureAwait(false)
                : await RegisterAsync(resource, args, options, remote).ConfigureAwait(false);
            resource.Sources.Settle(answer, new OutputReader(warning => run.Log.Write(LogSeverity.Warning, warning, resource)));
        }
        catch (RpcException exception)
        {
            var refusal = new ResourceException($"The engine refused {resource.Label}: {exception.Status.Detail}", resource, hideStack: true);
            resource.Sources.Fail(refusal);
            throw refusal;
        }
        catch (Exception exception)
        {
            Blame.Note(exception, [resource], nearSecret: false);
            resource.Sources.Fail(exception);
            throw;
        }
    }

    private static async Task<string?> IdToReadAsync(Resource resource, ResourceOptions options)
    {
        if (options.Id is null)
        {
            return null;
        }

        var id = await options.Id.ToOutput().GetValueAsync(whenUnknown: string.Empty).ConfigureAwait(false);
        return string.IsNullOrEmpty(id) ? null
            : resource is CustomResource ? id
            : throw new ResourceException($"{resource.Label} is a component, which has no id; the option Id is for what a provider manages.", resource, hideStack: true);
    }

    private async Task<RegisteredResource> RegisterAsync(Resource resource, ResourceArgs args, ResourceOptions options, bool remote)
    {
        var prepared = await PreparedResource.PrepareAsync(run, resource, args, options, remote).ConfigureAwait(false);
        var request = await RegistrationRequest.MakeAsync(run, resource, options, prepared, remote).ConfigureAwait(false);
        run.Made?.Enqueue(resource);
        var response = await run.Monitor.RegisterResourceAsync(resource.Label, request).ConfigureAwait(false);
        return new RegisteredResource(
            response.Urn,
            resource is CustomResource ? response.Id : string.Empty,
            PropertyCodec.Decode(response.Object),
            response.PropertyDependencies.ToImmutableDictionary(
                property => property.Key,
                property => property.Value.Urns.Select(Resource (urn) => new DependencyResource(urn)).ToImmutableHashSet()),
            MissingAreUnknown: run.Settings.IsDryRun || response.Result != Result.Success || response.Unknown);
    }

    private async Task<RegisteredResource> ReadAsync(Resource resource, string id, ResourceArgs args, ResourceOptions options)
    {
        var prepared = await PreparedResource.PrepareAsync(run, resource, args, options, remote: false).ConfigureAwait(false);
        var request = new ReadResourceRequest
        {
            Id = id,
            Type = resource.GetResourceType(),
            Name = resource.GetResourceName(),
            Parent = prepared.Parent,
            Properties = PropertyCodec.Encode(prepared.Properties),
            Provider = prepared.Provider,
            Version = options.Version ?? string.Empty,
            PluginDownloadUrl = options.PluginDownloadURL ?? string.Empty,
            AcceptSecrets = true,
            AcceptResources = true,
        };
        request.Dependencies.AddRange(prepared.Dependencies);
        request.AdditionalSecretOutputs.AddRange((options as CustomResourceOptions)?.AdditionalSecretOutputs ?? []);
        run.Made?.Enqueue(resource);
        var response = await run.Monitor.ReadResourceAsync(resource.Label, request).ConfigureAwait(false);
        return new RegisteredResource(
            response.Urn,
            id,
            PropertyCodec.Decode(response.Properties),
            ImmutableDictionary<string, ImmutableHashSet<Resource>>.Empty,
            MissingAreUnknown: run.Settings.IsDryRun || response.Unknown);
    }

    /// <summary>A resource that the engine knows already, in this run.</summary>
    private async Task<RegisteredResource> GetAsync(string urn)
    {
        var answer = (PropertyValue.Object)await run.Invoker.CallAsync(
            "pulumi:pulumi:getResource", PropertyMap.Of(("urn", (PropertyValue)urn)), options: null).ConfigureAwait(false);
        return new RegisteredResource(
            Text("urn"),
            Text("id"),
            answer.Properties.TryGetValue("state", out var state) && state is PropertyValue.Object map ? map.Properties : PropertyMap.Empty,
            ImmutableDictionary<string, ImmutableHashSet<Resource>>.Empty,
            MissingAreUnknown: run.Settings.IsDryRun);

        string Text(string name) => answer.Properties.TryGetValue(name, out var value) && value.TryGetText(out var text) ? text : string.Empty;
    }

    private async Task RegisterOutputsAsync(Resource resource, Output<IDictionary<string, object?>> outputs)
    {
        try
        {
            var urn = await resource.Urn.GetValueAsync(whenUnknown: string.Empty).ConfigureAwait(false);
            var values = await outputs.GetValueAsync(whenUnknown: new Dictionary<string, object?>()).ConfigureAwait(false);
            var writer = new InputWriter(await run.Monitor.SupportsAsync("resourceReferences").ConfigureAwait(false));
            var properties = await writer.WriteMembersAsync(
                string.Empty, values.Select(value => new InputValue(value.Key, value.Value, AsJson: false))).ConfigureAwait(false);
            await run.Monitor.RegisterOutputsAsync(
                resource.Label, new RegisterResourceOutputsRequest { Urn = urn, Outputs = PropertyCodec.Encode(properties) }).ConfigureAwait(false);
        }
        catch (RpcException exception)
        {
            throw new ResourceException($"The engine refused the outputs of {resource.Label}: {exception.Status.Detail}", resource, hideStack: true);
        }
        catch (Exception exception) when (resource is not Stack && Blame.Note(exception, [resource], nearSecret: false))
        {
            throw;
        }
    }
}
