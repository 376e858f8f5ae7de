using Pulumi.Serialization;
using Pulumi.Wire;
using Pulumi.Wire.Rpc;

namespace Pulumi.Runtime;

/// <summary>Puts a registration into the wire's form.</summary>
internal static class RegistrationRequest
{
    public static async Task<RegisterResourceRequest> MakeAsync(
        ProgramRun run, Resource resource, ResourceOptions options, PreparedResource prepared, bool remote)
    {
        var request = new RegisterResourceRequest
        {
            Type = resource.GetResourceType(),
            Name = resource.GetResourceName(),
            Parent = prepared.Parent,
            Custom = resource is CustomResource,
            Remote = remote,
            Object = PropertyCodec.Encode(prepared.Properties),
            Provider = prepared.Provider,
            Version = options.Version ?? string.Empty,
            PluginDownloadUrl = options.PluginDownloadURL ?? string.Empty,
            CustomTimeouts = options.CustomTimeouts?.ToWire(),
            AcceptSecrets = true,
            AcceptResources = true,
            SupportsPartialValues = false,
            SupportsResultReporting = true,
        };
        request.Dependencies.AddRange(prepared.Dependencies);
        request.IgnoreChanges.AddRange(options.IgnoreChanges);
        request.HideDiffs.AddRange(options.HideDiffs);
        foreach (var (property, urns) in prepared.PropertyDependencies)
        {
            var dependencies = new RegisterResourceRequest.Types.PropertyDependencies();
            dependencies.Urns.AddRange(urns);
            request.PropertyDependencies.Add(property, dependencies);
        }

        AddLifecycle(request, options);
        await AddReferencesAsync(run, request, options).ConfigureAwait(false);
        await AddAliasesAsync(run, request, options).ConfigureAwait(false);
        if (remote && options is ComponentResourceOptions component)
        {
            await AddProvidersAsync(request, component).ConfigureAwait(false);
        }

        return request;
    }

    private static void AddLifecycle(RegisterResourceRequest request, ResourceOptions options)
    {
        if (options.Protect is { } protect)
        {
            request.Protect = protect;
        }

        if (options.RetainOnDelete is { } retain)
        {
            request.RetainOnDelete = retain;
        }

        if (options is CustomResourceOptions custom)
        {
            request.ImportId = custom.ImportId ?? string.Empty;
            request.DeleteBeforeReplaceDefined = custom.DeleteBeforeReplace is not null;
            request.DeleteBeforeReplace = custom.DeleteBeforeReplace ?? false;
            request.AdditionalSecretOutputs.AddRange(custom.AdditionalSecretOutputs);
            request.ReplaceOnChanges.AddRange(custom.ReplaceOnChanges);
        }
    }

    private static async Task AddReferencesAsync(ProgramRun run, RegisterResourceRequest request, ResourceOptions options)
    {
        if (options.DeletedWith is not null)
        {
            await run.Monitor.RequireAsync("deletedWith", nameof(options.DeletedWith)).ConfigureAwait(false);
            request.DeletedWith = await options.DeletedWith.Urn.GetValueAsync(whenUnknown: string.Empty).ConfigureAwait(false);
        }

        foreach (var other in await options.ReplaceWith.AsOutput().GetValueAsync(whenUnknown: []).ConfigureAwait(false))
        {
            await run.Monitor.RequireAsync("replaceWith", nameof(options.ReplaceWith)).ConfigureAwait(false);
            request.ReplaceWith.Add(await other.Urn.GetValueAsync(whenUnknown: string.Empty).ConfigureAwait(false));
        }

        if (options.ReplacementTrigger is not null)
        {
            var writer = new InputWriter(await run.Monitor.SupportsAsync("resourceReferences").ConfigureAwait(false));
            request.ReplacementTrigger = PropertyCodec.Encode(
                await writer.WriteAsync(nameof(options.ReplacementTrigger), options.ReplacementTrigger).ConfigureAwait(false));
        }
    }

    private static async Task AddAliasesAsync(ProgramRun run, RegisterResourceRequest request, ResourceOptions options)
    {
        foreach (var input in options.Aliases)
        {
            // The engine resolves what an alias leaves out, and the aliases that come from a parent's.
            await run.Monitor.RequireAsync("aliasSpecs", nameof(options.Aliases)).ConfigureAwait(false);
            if (await input.ToOutput().GetValueAsync(whenUnknown: null!).ConfigureAwait(false) is { } alias)
            {
                request.Aliases.Add(await alias.ToWireAsync().ConfigureAwait(false));
            }
        }
    }

    private static async Task AddProvidersAsync(RegisterResourceRequest request, ComponentResourceOptions options)
    {
        foreach (var provider in options.Provider is null ? options.Providers : [options.Provider])
        {
            request.Providers[provider.Package] = await provider.ReferenceAsync().ConfigureAwait(false);
        }
    }
}
