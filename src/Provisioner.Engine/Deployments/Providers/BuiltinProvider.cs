using System.Collections.Immutable;
using Pulumi.Wire;
using Pulumi.Wire.Rpc;
using Provisioner.Engine.Deployments.Properties;
using Provisioner.Engine.Deployments.Snapshots;
using Provisioner.Engine.State;

namespace Provisioner.Engine.Deployments.Providers;

/// <summary>The package <c>pulumi</c>, which no plugin provides: references to other stacks, and functions that look at them and at this one.</summary>
/// <param name="stacks">The other stacks; null where there are none to be had.</param>
internal sealed class BuiltinProvider(SnapshotKeeper keeper, IStackReader? stacks) : IPackageProvider
{
    /// <summary>The package's name.</summary>
    public const string Package = "pulumi";

    private const string StackReference = "pulumi:pulumi:StackReference";
    private const string Name = "name";

    public bool IsConfigured => true;

    public Task<PropertyMap> CheckAsync(string urn, PropertyMap olds, PropertyMap news, CancellationToken cancellationToken) => Task.FromResult(news);

    public Task<ResourceDiff> DiffAsync(ResourceState old, PropertyMap news, ImmutableArray<string> ignoreChanges, CancellationToken cancellationToken) =>
        Task.FromResult(DiffAnswer.ByInputs(old.Inputs, news) is { HasChanges: true } diff ? diff with { ReplaceKeys = diff.ChangedKeys } : ResourceDiff.None);

    /// <summary>SDKs of long ago registered their references.</summary>
    public async Task<ProviderReply> CreateAsync(ResourceState next, bool preview, CancellationToken cancellationToken) =>
        await ReadAsync(next, next.Inputs, null, cancellationToken);

    public async Task<ProviderReply> ReadAsync(ResourceState resource, PropertyMap? inputs, PropertyMap? outputs, CancellationToken cancellationToken)
    {
        if (resource.Type != StackReference)
        {
            throw new ProviderException($"This engine has no resource of the type {resource.Type}.");
        }

        var name = Text(inputs ?? resource.Inputs, Name);
        return new ProviderReply(resource.Id.Length > 0 ? resource.Id : name, await OutputsAsync(name, cancellationToken), inputs, [], false);
    }

    public Task<ProviderReply> UpdateAsync(ResourceState old, ResourceState next, bool preview, CancellationToken cancellationToken) =>
        throw new ProviderException($"{old.Type} cannot be updated.");

    public Task DeleteAsync(ResourceState old, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task KeepAsync(ResourceState resource, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<ResourceInvokeResponse> InvokeAsync(string token, PropertyMap arguments, bool acceptResources, CancellationToken cancellationToken)
    {
        var result = token switch
        {
            "pulumi:pulumi:getResource" => Resource(Text(arguments, "urn")),
            "pulumi:pulumi:readStackOutputs" => await OutputsAsync(Text(arguments, Name), cancellationToken),
            "pulumi:pulumi:readStackResourceOutputs" => await ResourceOutputsAsync(Text(arguments, "stackName"), cancellationToken),
            _ => throw new ProviderException($"This engine has no function {token}."),
        };
        return new ResourceInvokeResponse { Return = PropertyCodec.Encode(acceptResources ? result : PropertyShapes.WithoutReferences(result)) };
    }

    private PropertyMap Resource(string urn)
    {
        var state = keeper.All.FirstOrDefault(entry => entry.State.Urn == urn && !entry.State.Delete)?.State
            ?? throw new ProviderException($"There is no resource {urn} in this stack.");
        return PropertyMap.Of(("urn", urn), ("id", state.Id), ("state", new PropertyValue.Object(state.Outputs)));
    }

    private async Task<PropertyMap> OutputsAsync(string stack, CancellationToken cancellationToken)
    {
        var outputs = (await ResourcesAsync(stack, cancellationToken)).FirstOrDefault(state => state.Type == Urns.Urn.StackType && !state.Delete)?.Outputs ?? PropertyMap.Empty;
        return PropertyMap.Of(
            (Name, stack),
            ("outputs", new PropertyValue.Object(outputs)),
            ("secretOutputNames", new PropertyValue.Array([.. outputs.Where(output => output.Value.ContainsSecrets()).Select(output => (PropertyValue)output.Key)])));
    }

    private async Task<PropertyMap> ResourceOutputsAsync(string stack, CancellationToken cancellationToken)
    {
        var live = (await ResourcesAsync(stack, cancellationToken)).Where(state => !state.Delete);
        return PropertyMap.Of(
            (Name, stack),
            ("outputs", new PropertyValue.Object(PropertyMap.Of(live.Select(state => KeyValuePair.Create(state.Urn, (PropertyValue)new PropertyValue.Object(PropertyMap.Of(
                ("type", state.Type),
                ("id", state.Id),
                ("outputs", new PropertyValue.Object(state.Outputs))))))))));
    }

    private async Task<ImmutableArray<ResourceState>> ResourcesAsync(string stack, CancellationToken cancellationToken) =>
        stacks is null ? throw new ProviderException($"The stack \"{stack}\" cannot be read: this run has no backend.")
        : (await stacks.ReadAsync(stack, cancellationToken))?.Resources ?? throw new ProviderException($"There is no stack \"{stack}\" in this backend. A reference looks like organization/PROJECT/STACK, or STACK for one of this project.");

    private static string Text(PropertyMap map, string key) =>
        map.TryGetValue(key, out var value) && value.TryGetText(out var text) ? text : throw new ProviderException($"\"{key}\" must be a text.");
}
