using Pulumi.Wire;
using Pulumi.Wire.Rpc;
using Provisioner.Provider.Tests.Remote;

namespace Provisioner.Provider.Tests.Cards;

/// <summary>A card as a resource of a plugin that is asked over gRPC.</summary>
internal static class SdCardWorld
{
    public const string Password = "SuperSecret";

    public static string Urn { get; } = Hosting.Plugin.Urn("provisioner:index:SdCard", "lamp");

    public static PropertyMap Inputs(string image, string sha256, string target, string hostname = "lamp", params IEnumerable<(string Key, PropertyValue Token)> consent) => PropertyMap.Of(
        ("image", image),
        ("imageSha256", sha256),
        ("target", target),
        ("hostname", hostname),
        ("hostKey", new PropertyValue.Secret(Identities.Key.PrivateKey)),
        ("hostId", "0a0b0c0d"),
        ("authorizedKeys", new PropertyValue.Array([Identities.Login])),
        ("networks", new PropertyValue.Array([new PropertyValue.Object(PropertyMap.Of(("ssid", "Home WiFi"), ("password", Password)))])),
        ("consent", new PropertyValue.Object(PropertyMap.Of(consent))));

    public static async Task<PropertyMap> CreateAsync(ResourceProvider.ResourceProviderClient client, PropertyMap inputs, bool isPreview = false)
    {
        var response = await client.CreateAsync(new CreateRequest { Urn = Urn, Properties = PropertyCodec.Encode(await CheckAsync(client, inputs)), Preview = isPreview });
        return PropertyCodec.Decode(response.Properties);
    }

    public static async Task<PropertyMap> UpdateAsync(ResourceProvider.ResourceProviderClient client, PropertyMap olds, PropertyMap oldInputs, PropertyMap inputs)
    {
        var response = await client.UpdateAsync(new UpdateRequest
        {
            Id = "card",
            Urn = Urn,
            Olds = PropertyCodec.Encode(olds),
            OldInputs = PropertyCodec.Encode(oldInputs),
            News = PropertyCodec.Encode(await CheckAsync(client, inputs)),
        });
        return PropertyCodec.Decode(response.Properties);
    }

    public static async Task<PropertyMap> ReadAsync(ResourceProvider.ResourceProviderClient client, PropertyMap olds, PropertyMap inputs)
    {
        var response = await client.ReadAsync(new ReadRequest { Id = "card", Urn = Urn, Properties = PropertyCodec.Encode(olds), Inputs = PropertyCodec.Encode(inputs) });
        return PropertyCodec.Decode(response.Properties);
    }

    /// <summary>The paths that differ.</summary>
    public static async Task<string[]> DiffAsync(ResourceProvider.ResourceProviderClient client, PropertyMap olds, PropertyMap inputs)
    {
        var response = await client.DiffAsync(new DiffRequest
        {
            Id = "card",
            Urn = Urn,
            Olds = PropertyCodec.Encode(olds),
            OldInputs = PropertyCodec.Encode(inputs),
            News = PropertyCodec.Encode(inputs),
        });
        return [.. response.Diffs];
    }

    /// <summary>What is read now, and how it differs from what is wanted.</summary>
    public static async Task<string[]> DriftAsync(ResourceProvider.ResourceProviderClient client, PropertyMap olds, PropertyMap inputs) =>
        await DiffAsync(client, await ReadAsync(client, olds, inputs), inputs);

    /// <summary>A stretch of a file.</summary>
    public static byte[] Bytes(string file, long offset, int length)
    {
        using var handle = File.OpenHandle(file);
        var bytes = new byte[length];
        RandomAccess.Read(handle, bytes, offset).ShouldBe(length);
        return bytes;
    }

    public static async Task CompressAsync(string image, string program) => await Tool.RunAsync("/bin/sh", "-c", $"{program} {image}");

    private static async Task<PropertyMap> CheckAsync(ResourceProvider.ResourceProviderClient client, PropertyMap inputs)
    {
        var response = await client.CheckAsync(new CheckRequest { Urn = Urn, News = PropertyCodec.Encode(inputs) });
        response.Failures.Select(failure => $"{failure.Property}: {failure.Reason}").ShouldBeEmpty();
        return PropertyCodec.Decode(response.Inputs);
    }
}
