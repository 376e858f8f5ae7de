using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;

namespace Pulumi.Wire;

/// <summary>Property values to and from the protobuf values that carry them (Pulumi's sdk/go/common/resource/plugin/rpc.go).</summary>
public static class PropertyCodec
{
    /// <summary>A map as a Struct.</summary>
    public static Struct Encode(PropertyMap properties)
    {
        var result = new Struct();
        foreach (var (name, value) in properties)
        {
            result.Fields.Add(name, Encode(value));
        }

        return result;
    }

    /// <summary>A value as a protobuf value.</summary>
    public static Value Encode(PropertyValue value) => value switch
    {
        PropertyValue.Null => Value.ForNull(),
        PropertyValue.Boolean boolean => Value.ForBool(boolean.Value),
        PropertyValue.Number number => Value.ForNumber(number.Value),
        PropertyValue.String text => Value.ForString(text.Value),
        PropertyValue.Array array => Value.ForList([.. array.Items.Select(Encode)]),
        PropertyValue.Object map => Value.ForStruct(Encode(map.Properties)),
        PropertyValue.Secret secret => Special(Signatures.Secret, ("value", Encode(secret.Value))),
        PropertyValue.Output output => EncodeOutput(output),
        PropertyValue.Asset asset => EncodeAsset(asset),
        PropertyValue.Archive archive => EncodeArchive(archive),
        PropertyValue.ResourceReference reference => EncodeReference(reference),
        PropertyValue.Unknown unknown => Value.ForString(Signatures.Sentinel(unknown.Kind)),
        _ => throw new InvalidOperationException($"No encoding for {value.GetType().Name}."),
    };

    /// <summary>The map that a Struct carries; a missing Struct is an empty map.</summary>
    /// <exception cref="PropertyFormatException">A signature is unknown, or a special value lacks a part.</exception>
    public static PropertyMap Decode(Struct? properties) =>
        properties is null
            ? PropertyMap.Empty
            : PropertyMap.Of(properties.Fields.Select(field => KeyValuePair.Create(field.Key, Decode(field.Value, field.Key))));

    /// <summary>The value that a protobuf value carries.</summary>
    /// <exception cref="PropertyFormatException">A signature is unknown, or a special value lacks a part.</exception>
    public static PropertyValue Decode(Value value) => Decode(value, string.Empty);

    private static PropertyValue Decode(Value value, string path) => value.KindCase switch
    {
        Value.KindOneofCase.None or Value.KindOneofCase.NullValue => PropertyValue.NullValue,
        Value.KindOneofCase.BoolValue => new PropertyValue.Boolean(value.BoolValue),
        Value.KindOneofCase.NumberValue => new PropertyValue.Number(value.NumberValue),
        Value.KindOneofCase.StringValue => DecodeText(value.StringValue),
        Value.KindOneofCase.ListValue => new PropertyValue.Array(
            [.. value.ListValue.Values.Select((item, index) => Decode(item, $"{path}[{index}]"))]),
        Value.KindOneofCase.StructValue => DecodeObject(value.StructValue, path),
        _ => throw new PropertyFormatException(path, $"has a kind that is not known: {value.KindCase}"),
    };

    private static PropertyValue DecodeText(string text) =>
        Signatures.UnknownOf(text) is { } kind ? new PropertyValue.Unknown(kind) : new PropertyValue.String(text);

    private static PropertyValue DecodeObject(Struct fields, string path)
    {
        if (!fields.Fields.TryGetValue(Signatures.Key, out var signature))
        {
            return new PropertyValue.Object(PropertyMap.Of(
                fields.Fields.Select(field => KeyValuePair.Create(field.Key, Decode(field.Value, path.Length == 0 ? field.Key : $"{path}.{field.Key}")))));
        }

        return (signature.KindCase == Value.KindOneofCase.StringValue ? signature.StringValue : string.Empty) switch
        {
            Signatures.Secret => new PropertyValue.Secret(
                fields.Fields.TryGetValue("value", out var secret)
                    ? Decode(secret, path)
                    : throw new PropertyFormatException(path, "is a secret without \"value\"")),
            Signatures.Output => DecodeOutput(fields, path),
            Signatures.Asset => new PropertyValue.Asset(DecodeAssetSource(fields), Text(fields, "hash") ?? string.Empty),
            Signatures.Archive => new PropertyValue.Archive(DecodeArchiveSource(fields, path), Text(fields, "hash") ?? string.Empty),
            Signatures.ResourceReference => new PropertyValue.ResourceReference(
                Text(fields, "urn") ?? throw new PropertyFormatException(path, "is a resource reference without \"urn\""),
                ReferenceId(fields),
                Text(fields, "packageVersion") ?? string.Empty),
            var unknown => throw new PropertyFormatException(path, $"has a signature that is not known: \"{unknown}\""),
        };
    }

    private static Value EncodeOutput(PropertyValue.Output output)
    {
        var result = Special(Signatures.Output);
        if (output.Value is not null)
        {
            result.StructValue.Fields.Add("value", Encode(output.Value));
        }

        if (output.IsSecret)
        {
            result.StructValue.Fields.Add("secret", Value.ForBool(true));
        }

        if (output.Dependencies.Length > 0)
        {
            result.StructValue.Fields.Add("dependencies", Value.ForList([.. output.Dependencies.Select(Value.ForString)]));
        }

        return result;
    }

    private static PropertyValue.Output DecodeOutput(Struct fields, string path)
    {
        var value = fields.Fields.TryGetValue("value", out var field) ? Decode(field, path) : null;
        var secret = fields.Fields.TryGetValue("secret", out var flag) && flag.BoolValue;
        var dependencies = fields.Fields.TryGetValue("dependencies", out var list) && list.ListValue is not null
            ? list.ListValue.Values.Select(item => item.StringValue).ToImmutableArray()
            : [];

        // An unknown inside an output value is an output that is unknown.
        return new PropertyValue.Output(value is PropertyValue.Unknown ? null : value, secret, dependencies);
    }

    private static Value EncodeAsset(PropertyValue.Asset asset) => WithHash(asset.Hash, Special(Signatures.Asset, asset.Source switch
    {
        AssetSource.Text text => [("text", Value.ForString(text.Value))],
        AssetSource.Path path => [("path", Value.ForString(path.Value))],
        AssetSource.Uri uri => [("uri", Value.ForString(uri.Value))],
        _ => [],
    }));

    private static AssetSource? DecodeAssetSource(Struct fields) =>
        Text(fields, "path") is { } path ? new AssetSource.Path(path)
        : Text(fields, "uri") is { } uri ? new AssetSource.Uri(uri)
        : Text(fields, "text") is { } text ? new AssetSource.Text(text)
        : null;

    private static Value EncodeArchive(PropertyValue.Archive archive) => WithHash(archive.Hash, Special(Signatures.Archive, archive.Source switch
    {
        ArchiveSource.Assets assets => [("assets", Value.ForStruct(Encode(assets.Entries)))],
        ArchiveSource.Path path => [("path", Value.ForString(path.Value))],
        ArchiveSource.Uri uri => [("uri", Value.ForString(uri.Value))],
        _ => [],
    }));

    private static ArchiveSource? DecodeArchiveSource(Struct fields, string path)
    {
        if (Text(fields, "path") is { } file)
        {
            return new ArchiveSource.Path(file);
        }

        if (Text(fields, "uri") is { } uri)
        {
            return new ArchiveSource.Uri(uri);
        }

        if (!fields.Fields.TryGetValue("assets", out var assets) || assets.StructValue is null)
        {
            return null;
        }

        var entries = Decode(assets.StructValue);
        return entries.Values.All(entry => entry is PropertyValue.Asset or PropertyValue.Archive)
            ? new ArchiveSource.Assets(entries)
            : throw new PropertyFormatException(path, "is an archive with an entry that is neither asset nor archive");
    }

    private static Value EncodeReference(PropertyValue.ResourceReference reference)
    {
        var result = Special(Signatures.ResourceReference, ("urn", Value.ForString(reference.Urn)));
        if (reference.Id is not null)
        {
            result.StructValue.Fields.Add("id", Value.ForString(reference.Id));
        }

        if (reference.PackageVersion.Length > 0)
        {
            result.StructValue.Fields.Add("packageVersion", Value.ForString(reference.PackageVersion));
        }

        return result;
    }

    /// <summary>Null for a component; empty for an id that is not known yet.</summary>
    private static string? ReferenceId(Struct fields) =>
        Text(fields, "id") is not { } id ? null : Signatures.UnknownOf(id) is null ? id : string.Empty;

    private static Value Special(string signature, params ReadOnlySpan<(string Name, Value Value)> fields)
    {
        var result = new Struct { Fields = { [Signatures.Key] = Value.ForString(signature) } };
        foreach (var (name, value) in fields)
        {
            result.Fields.Add(name, value);
        }

        return Value.ForStruct(result);
    }

    private static Value WithHash(string hash, Value value)
    {
        if (hash.Length > 0)
        {
            value.StructValue.Fields.Add("hash", Value.ForString(hash));
        }

        return value;
    }

    private static string? Text(Struct fields, string name) =>
        fields.Fields.TryGetValue(name, out var value) && value.KindCase == Value.KindOneofCase.StringValue ? value.StringValue : null;
}
