using Provisioner.CommandProvider;
using Provisioner.CommandProvider.Remote;
using Provisioner.Provider.Tests.Hosting;
using Pulumi.Wire;
using Pulumi.Wire.Rpc;

namespace Provisioner.Provider.Tests.Commands;

/// <summary>The package <c>command</c> behind its server, asked as an engine asks.</summary>
internal sealed class CommandPlugin : IAsyncDisposable
{
    private readonly ConnectionPool _pool;

    private CommandPlugin(ConnectionPool pool, Plugin plugin) => (_pool, Plugin) = (pool, plugin);

    public Plugin Plugin { get; }

    public ResourceProvider.ResourceProviderClient Client => Plugin.Client;

    /// <summary>The lines that a command was seen to write.</summary>
    public IEnumerable<string> Lines => Plugin.Engine.Log.Where(entry => entry.Ephemeral).Select(entry => entry.Message);

    public static async Task<CommandPlugin> StartAsync()
    {
        var pool = new ConnectionPool(TimeProvider.System);
        return new CommandPlugin(pool, await Plugin.StartAsync(CommandPackage.Create(pool), PropertyMap.Empty));
    }

    public static PropertyMap Map(params (string Name, PropertyValue Value)[] properties) => PropertyMap.Of(properties);

    public static PropertyValue List(params PropertyValue[] items) => new PropertyValue.Array([.. items]);

    public static PropertyValue Object(params (string Name, PropertyValue Value)[] properties) => new PropertyValue.Object(PropertyMap.Of(properties));

    /// <summary>Check, then Create.</summary>
    public async Task<(string Id, PropertyMap Outputs)> CreateAsync(string type, PropertyMap inputs, bool isPreview = false)
    {
        var created = await Client.CreateAsync(new CreateRequest { Urn = Urn(type), Preview = isPreview, Properties = PropertyCodec.Encode(await CheckAsync(type, inputs)) });
        return (created.Id, PropertyCodec.Decode(created.Properties));
    }

    /// <summary>Check, then Update.</summary>
    public async Task<PropertyMap> UpdateAsync(string type, PropertyMap olds, PropertyMap news, bool isPreview = false) =>
        PropertyCodec.Decode((await Client.UpdateAsync(new UpdateRequest
        {
            Urn = Urn(type), Id = "id", Preview = isPreview, Olds = PropertyCodec.Encode(olds), News = PropertyCodec.Encode(await CheckAsync(type, news)),
        })).Properties);

    public async Task DeleteAsync(string type, PropertyMap outputs) =>
        await Client.DeleteAsync(new DeleteRequest { Urn = Urn(type), Id = "id", Properties = PropertyCodec.Encode(outputs) });

    public async Task<PropertyMap> CheckAsync(string type, PropertyMap inputs)
    {
        var check = await Client.CheckAsync(new CheckRequest { Urn = Urn(type), News = PropertyCodec.Encode(inputs) });
        check.Failures.ShouldBeEmpty();
        return PropertyCodec.Decode(check.Inputs);
    }

    public async Task<string> FailureAsync(string type, PropertyMap inputs)
    {
        var check = await Client.CheckAsync(new CheckRequest { Urn = Urn(type), News = PropertyCodec.Encode(inputs) });
        var failure = check.Failures.ShouldHaveSingleItem();
        return $"{failure.Property}: {failure.Reason}";
    }

    public async Task<DiffResponse> DiffAsync(string type, PropertyMap olds, PropertyMap news)
    {
        var before = PropertyCodec.Encode(await CheckAsync(type, olds));
        return await Client.DiffAsync(new DiffRequest { Urn = Urn(type), Id = "id", Olds = before, OldInputs = before, News = PropertyCodec.Encode(await CheckAsync(type, news)) });
    }

    public static string Urn(string type) => Plugin.Urn(type, "step");

    public async ValueTask DisposeAsync()
    {
        await Plugin.DisposeAsync();
        await _pool.DisposeAsync();
    }
}
