using Google.Protobuf.WellKnownTypes;
using Provisioner.Engine.Deployments.Properties;
using Pulumi.Wire;
using Pulumi.Wire.Rpc;

namespace Provisioner.Engine.Deployments.Providers;

/// <summary>What a provider can read, and values written so that it can.</summary>
/// <param name="Secrets">Otherwise it gets them in clear, and the engine marks them again in the answer.</param>
/// <param name="References">Otherwise it gets ids and URNs.</param>
/// <param name="Preview">Create and Update are called in previews too.</param>
internal sealed record ProviderAbilities(bool Secrets, bool References, bool Preview)
{
    /// <summary>Before a provider has said anything.</summary>
    public static ProviderAbilities None { get; } = new(false, false, false);

    /// <summary>A handshake's answer wins, and promises previews.</summary>
    public static ProviderAbilities Of(ProviderHandshakeResponse? handshake, ConfigureResponse configured) => handshake is not null
        ? new ProviderAbilities(handshake.AcceptSecrets, handshake.AcceptResources, true)
        : new ProviderAbilities(configured.AcceptSecrets, configured.AcceptResources, configured.SupportsPreview);

    public Struct Encode(PropertyMap properties)
    {
        var readable = References ? properties : PropertyShapes.WithoutReferences(properties);
        return PropertyCodec.Encode(Secrets ? readable : readable.Unwrap());
    }

    /// <summary>The same for an old state: assets by their hashes only.</summary>
    public Struct EncodeOld(PropertyMap properties) => Encode(PropertyShapes.WithoutContents(properties));

    /// <param name="given">What the provider was given: where it cannot read secrets, they are marked again after it.</param>
    /// <param name="allowUnknowns">Only previews may know less than everything.</param>
    /// <exception cref="ProviderException">There is an unknown where none may be, or the answer is no property map.</exception>
    public PropertyMap Decode(Struct? properties, PropertyMap given, bool allowUnknowns, string call)
    {
        PropertyMap result;
        try
        {
            result = PropertyShapes.Settle(PropertyCodec.Decode(properties));
        }
        catch (PropertyFormatException exception)
        {
            throw new ProviderException($"The provider's answer to {call} cannot be read: {exception.Message}");
        }

        if (!allowUnknowns && result.FirstOrDefault(property => property.Value.ContainsUnknowns()) is { Key: { } unknown })
        {
            throw new ProviderException($"The provider's answer to {call} leaves \"{unknown}\" unknown; only a preview may.");
        }

        return Secrets ? result : SecretMarks.Restore(result, given);
    }
}
