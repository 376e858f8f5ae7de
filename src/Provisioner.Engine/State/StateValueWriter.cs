using System.Globalization;
using System.Text;
using Newtonsoft.Json;
using Pulumi.Wire;

namespace Provisioner.Engine.State;

/// <summary>Turns the JSON text of one secret into its ciphertext.</summary>
/// <param name="path">Where the secret stands in its resource, such as <c>inputs.password</c>.</param>
internal delegate string SealSecret(string path, string plaintext);

/// <summary>Property values as a state file has them (Pulumi's SerializePropertyValue).</summary>
/// <param name="seal">Encrypts; null inside a secret, where nothing is encrypted again.</param>
internal sealed class StateValueWriter(JsonWriter json, SealSecret? seal)
{
    /// <summary>The JSON text of a value, with secrets inside it in clear.</summary>
    public static string PlainText(PropertyValue value)
    {
        var text = new StringBuilder();
        using var writer = new StringWriter(text, CultureInfo.InvariantCulture);
        using var json = new JsonTextWriter(writer);
        new StateValueWriter(json, seal: null).Write(value, string.Empty);
        return text.ToString();
    }

    public void Write(PropertyMap properties, string path)
    {
        json.WriteStartObject();
        foreach (var (name, value) in properties)
        {
            json.WritePropertyName(name);
            Write(value, $"{path}.{name}");
        }

        json.WriteEndObject();
    }

    private void Write(PropertyValue value, string path)
    {
        switch (value)
        {
            case PropertyValue.Null:
                json.WriteNull();
                break;
            case PropertyValue.Boolean boolean:
                json.WriteValue(boolean.Value);
                break;
            case PropertyValue.Number number:
                WriteNumber(number.Value);
                break;
            case PropertyValue.String text:
                json.WriteValue(text.Value);
                break;
            case PropertyValue.Unknown unknown:
                json.WriteValue(Signatures.Sentinel(unknown.Kind));
                break;
            case PropertyValue.Array array:
                WriteArray(array, path);
                break;
            case PropertyValue.Object map:
                Write(map.Properties, path);
                break;
            case PropertyValue.Output output:
                var inner = output.Value ?? PropertyValue.UnknownValue;
                Write(output.IsSecret ? new PropertyValue.Secret(inner) : inner, path);
                break;
            case PropertyValue.Secret secret:
                WriteSpecial(Signatures.Secret, ("ciphertext", seal is null ? PlainText(secret.Value) : seal(path, PlainText(secret.Value))));
                break;
            case PropertyValue.Asset asset:
                WriteSpecial(Signatures.Asset, ("hash", NullIfEmpty(asset.Hash)), Source(asset.Source));
                break;
            case PropertyValue.Archive archive:
                WriteArchive(archive, path);
                break;
            case PropertyValue.ResourceReference reference:
                WriteSpecial(Signatures.ResourceReference, ("id", reference.Id), ("packageVersion", reference.PackageVersion), ("urn", reference.Urn));
                break;
            default:
                throw new InvalidOperationException($"No form in a state file for {value.GetType().Name}.");
        }
    }

    private void WriteArray(PropertyValue.Array array, string path)
    {
        json.WriteStartArray();
        for (var index = 0; index < array.Items.Length; index++)
        {
            Write(array.Items[index], $"{path}[{index}]");
        }

        json.WriteEndArray();
    }

    private void WriteNumber(double number)
    {
        if (double.IsFinite(number))
        {
            json.WriteRawValue(JsonNumber.Format(number));
            return;
        }

        // JSON has no word for these; their bits keep them.
        WriteSpecial(Signatures.SpecialNumber, ("value", BitConverter.DoubleToUInt64Bits(number).ToString("x16", CultureInfo.InvariantCulture)));
    }

    private void WriteArchive(PropertyValue.Archive archive, string path)
    {
        if (archive.Source is not ArchiveSource.Assets assets)
        {
            WriteSpecial(Signatures.Archive, ("hash", NullIfEmpty(archive.Hash)), archive.Source switch
            {
                ArchiveSource.Path file => ("path", file.Value),
                ArchiveSource.Uri uri => ("uri", uri.Value),
                _ => (string.Empty, null),
            });
            return;
        }

        json.WriteStartObject();
        json.WritePropertyName(Signatures.Key);
        json.WriteValue(Signatures.Archive);
        json.WritePropertyName("assets");
        Write(assets.Entries, $"{path}.assets");
        if (archive.Hash.Length > 0)
        {
            json.WritePropertyName("hash");
            json.WriteValue(archive.Hash);
        }

        json.WriteEndObject();
    }

    private void WriteSpecial(string signature, params ReadOnlySpan<(string Name, string? Value)> fields)
    {
        json.WriteStartObject();
        json.WritePropertyName(Signatures.Key);
        json.WriteValue(signature);
        foreach (var (name, value) in fields)
        {
            if (value is not null)
            {
                json.WritePropertyName(name);
                json.WriteValue(value);
            }
        }

        json.WriteEndObject();
    }

    private static (string, string?) Source(AssetSource? source) => source switch
    {
        AssetSource.Text text => ("text", text.Value),
        AssetSource.Path path => ("path", path.Value),
        AssetSource.Uri uri => ("uri", uri.Value),
        _ => (string.Empty, null),
    };

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
