using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Provisioner.Provider.Resources.SdImage;
using Provisioner.Provider.Tests.Hosting;
using Provisioner.Provider.Tests.Remote;
using Pulumi.Wire;
using Pulumi.Wire.Rpc;

namespace Provisioner.Provider.Tests.Resources;

/// <summary>One SdImage over the wire, as an engine drives it, with a folder of its own for images.</summary>
internal sealed class ImageResource : IAsyncDisposable
{
    private static readonly string Urn = Plugin.Urn("provisioner:index:SdImage", "bootstrap");

    /// <summary>What Debian's Nix needs on a machine without its own users, caches and sandbox.</summary>
    private static readonly PropertyMap Settings = PropertyMap.Of(("sandbox", "false"), ("substituters", ""), ("build-users-group", ""));

    private readonly TemporaryFolder _folder = new();
    private readonly Plugin _plugin;
    private PropertyMap? _outputs;
    private PropertyMap _inputs = PropertyMap.Empty;

    private ImageResource(Plugin plugin) => _plugin = plugin;

    public string Folder => _folder["images"];

    public EngineRecorder Engine => _plugin.Engine;

    public static async Task<ImageResource> StartAsync(string? key = null) =>
        new(await Plugin.StartAsync(PropertyMap.Of(key is null ? [("useAgent", "false")] : [("privateKeyFile", key), ("useAgent", "false")]), new SdImageHandler()));

    /// <summary>Inputs to build a flake for the virtual Pi, whose processor is this machine's.</summary>
    public PropertyMap Build(string flake, string builder = "local", params (string Name, PropertyValue Value)[] more) => PropertyMap.Of(
        [("builder", builder), ("flake", flake), ("board", "virtual"), ("folder", Folder), ("nixOptions", new PropertyValue.Object(Settings)), .. more]);

    public PropertyMap Take(string source, string? sha256, string board = "pi4") =>
        PropertyMap.Of([("builder", "prebuilt"), ("source", source), ("board", board), ("folder", Folder), .. sha256 is null ? Array.Empty<(string, PropertyValue)>() : [("sha256", sha256)]]);

    public async Task<IReadOnlyList<string>> ProblemsAsync(PropertyMap inputs) =>
        [.. (await _plugin.Client.CheckAsync(new CheckRequest { Urn = Urn, News = PropertyCodec.Encode(inputs) })).Failures.Select(failure => $"{failure.Property}: {failure.Reason}")];

    /// <summary>Creates it, or updates it when it differs; the outputs.</summary>
    public async Task<PropertyMap> UpAsync(PropertyMap inputs)
    {
        var check = await _plugin.Client.CheckAsync(new CheckRequest { Urn = Urn, News = PropertyCodec.Encode(inputs) });
        check.Failures.Select(failure => $"{failure.Property}: {failure.Reason}").ShouldBeEmpty();
        if (_outputs is null)
        {
            var created = await _plugin.Client.CreateAsync(new CreateRequest { Urn = Urn, Properties = check.Inputs });
            _outputs = PropertyCodec.Decode(created.Properties);
        }
        else if ((await ChangesAsync(inputs)).Count > 0)
        {
            var updated = await _plugin.Client.UpdateAsync(new UpdateRequest { Id = "image", Urn = Urn, Olds = PropertyCodec.Encode(_outputs), News = check.Inputs });
            _outputs = PropertyCodec.Decode(updated.Properties);
        }

        _inputs = PropertyCodec.Decode(check.Inputs);
        return _outputs;
    }

    public Task PreviewAsync(PropertyMap inputs) =>
        _plugin.Client.CreateAsync(new CreateRequest { Urn = Urn, Properties = PropertyCodec.Encode(inputs), Preview = true }).ResponseAsync;

    /// <summary>What a plain preview finds: it reads, then compares.</summary>
    public async Task<IReadOnlyList<string>> ChangesAsync(PropertyMap? inputs = null)
    {
        var read = await _plugin.Client.ReadAsync(new ReadRequest { Id = "image", Urn = Urn, Properties = PropertyCodec.Encode(_outputs!), Inputs = PropertyCodec.Encode(_inputs) });
        _outputs = PropertyCodec.Decode(read.Properties);
        var news = (await _plugin.Client.CheckAsync(new CheckRequest { Urn = Urn, News = PropertyCodec.Encode(inputs ?? _inputs) })).Inputs;
        var diff = await _plugin.Client.DiffAsync(new DiffRequest { Id = "image", Urn = Urn, Olds = read.Properties, OldInputs = PropertyCodec.Encode(_inputs), News = news });
        return [.. diff.DetailedDiff.Keys];
    }

    public async Task DeleteAsync() =>
        await _plugin.Client.DeleteAsync(new DeleteRequest { Id = "image", Urn = Urn, Properties = PropertyCodec.Encode(_outputs!), OldInputs = PropertyCodec.Encode(_inputs) });

    public async Task<string> RefusedAsync(PropertyMap inputs) => (await Should.ThrowAsync<RpcException>(() => UpAsync(inputs))).Status.Detail;

    public async ValueTask DisposeAsync()
    {
        await _plugin.DisposeAsync();
        _folder.Dispose();
    }
}
