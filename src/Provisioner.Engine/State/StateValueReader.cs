using System.Globalization;
using System.Text;
using Newtonsoft.Json.Linq;
using Pulumi.Wire;

namespace Provisioner.Engine.State;

/// <summary>Opens a secret: from the place it stands at and its ciphertext to its JSON text.</summary>
internal delegate string OpenSecret(string path, string ciphertext);

/// <summary>Property values from a state file (Pulumi's DeserializePropertyValue).</summary>
/// <param name="open">Decrypts; null inside a secret, where nothing is encrypted again.</param>
internal sealed class StateValueReader(OpenSecret? open)
{
    /// <exception cref="PropertyFormatException">A signature is unknown, or a special value lacks a part.</exception>
    public PropertyMap ReadMap(JObject map, string path) => ReadMap(map, new Place(null, path));

    private PropertyMap ReadMap(JObject map, Place path) =>
        PropertyMap.Of(map.Properties().Select(property => KeyValuePair.Create(property.Name, Read(property.Value, new Place(path, property.Name)))));

    private PropertyValue Read(JToken token, Place path) => token.Type switch
    {
        JTokenType.Null => PropertyValue.NullValue,
        JTokenType.Boolean => token.Value<bool>(),
        JTokenType.Integer or JTokenType.Float => StateJson.Number((JValue)token),
        JTokenType.String => ReadText(token.Value<string>()!),
        JTokenType.Array => new PropertyValue.Array([.. ((JArray)token).Select((item, index) => Read(item, new Place(path, index)))]),
        JTokenType.Object => ReadObject((JObject)token, path),
        _ => throw new PropertyFormatException(path.ToString(), "is no JSON value"),
    };

    private static PropertyValue ReadText(string text) =>
        Signatures.UnknownOf(text) is { } kind ? new PropertyValue.Unknown(kind) : new PropertyValue.String(text);

    private PropertyValue ReadObject(JObject map, Place path) => !map.TryGetValue(Signatures.Key, StringComparison.Ordinal, out var signature)
        ? new PropertyValue.Object(ReadMap(map, path))
        : Text(signature) switch
        {
            Signatures.Secret => ReadSecret(map, path),
            Signatures.Asset => new PropertyValue.Asset(
                Text(map["path"]) is { } file ? new AssetSource.Path(file)
                : Text(map["uri"]) is { } uri ? new AssetSource.Uri(uri)
                : Text(map["text"]) is { } text ? new AssetSource.Text(text)
                : null,
                Text(map["hash"]) ?? string.Empty),
            Signatures.Archive => new PropertyValue.Archive(ReadArchiveSource(map, path), Text(map["hash"]) ?? string.Empty),
            Signatures.ResourceReference => new PropertyValue.ResourceReference(
                Text(map["urn"]) ?? throw new PropertyFormatException(path.ToString(), "is a resource reference without \"urn\""),
                Text(map["id"]),
                Text(map["packageVersion"]) ?? string.Empty),
            Signatures.SpecialNumber => ulong.TryParse(Text(map["value"]), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits)
                ? BitConverter.UInt64BitsToDouble(bits)
                : throw new PropertyFormatException(path.ToString(), "is a special number without its 16 hex digits"),
            var unknown => throw new PropertyFormatException(path.ToString(), $"has a signature that is not known: \"{unknown}\""),
        };

    private PropertyValue.Secret ReadSecret(JObject map, Place path) => (Text(map["ciphertext"]), Text(map["plaintext"])) switch
    {
        ({ } ciphertext, null) => ReadSecretText(open is null ? ciphertext : open(path.ToString(), ciphertext), path),
        (null, { } plaintext) => ReadSecretText(plaintext, path),
        _ => throw new PropertyFormatException(path.ToString(), "is a secret without \"ciphertext\""),
    };

    private static PropertyValue.Secret ReadSecretText(string json, Place path) =>
        StateJson.TryParse(json) is { } token
            ? new(new StateValueReader(open: null).Read(token, path))
            : throw new PropertyFormatException(path.ToString(), "is a secret whose content is no JSON");

    private ArchiveSource? ReadArchiveSource(JObject map, Place path) =>
        Text(map["path"]) is { } file ? new ArchiveSource.Path(file)
        : Text(map["uri"]) is { } uri ? new ArchiveSource.Uri(uri)
        : map["assets"] is JObject assets ? new ArchiveSource.Assets(ReadMap(assets, new Place(path, "assets")))
        : null;

    private static string? Text(JToken? token) => token is { Type: JTokenType.String } ? token.Value<string>() : null;

    /// <summary>Where a value stands; becomes a text only where it is told, for the texts of all places together grow faster than the file.</summary>
    private sealed record Place(Place? Above, object Part)
    {
        public override string ToString()
        {
            var parts = new Stack<object>();
            for (var place = this; place is not null; place = place.Above)
            {
                parts.Push(place.Part);
            }

            var text = new StringBuilder((string)parts.Pop());
            foreach (var part in parts)
            {
                _ = part is int index ? text.Append(CultureInfo.InvariantCulture, $"[{index}]") : text.Append('.').Append(part);
            }

            return text.ToString();
        }
    }
}
