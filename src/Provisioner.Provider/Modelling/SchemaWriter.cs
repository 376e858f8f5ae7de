using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Provisioner.Provider.Modelling;

/// <summary>The package schema (Pulumi's pkg/codegen/schema/pulumi.json) out of the records, so that it cannot differ from them.</summary>
internal static class SchemaWriter
{
    public static string Write(ProviderPackage package)
    {
        var known = new SortedDictionary<string, JObject>(StringComparer.Ordinal);
        var types = new TypeScope(package.Name, "index", known);
        var config = RecordShape.Of(package.ConfigType);
        var resources = new JObject(package.Handlers.OrderBy(package.TokenOf, StringComparer.Ordinal)
            .Select(handler => new JProperty(package.TokenOf(handler), Resource(handler, types with { Module = handler.Module }))));
        var calls = new JObject(package.Functions.OrderBy(package.TokenOf, StringComparer.Ordinal)
            .Select(function => new JProperty(package.TokenOf(function), Function(function, types with { Module = function.Module }))));
        return new JObject
        {
            ["name"] = package.Name,
            ["version"] = package.Version,
            ["description"] = config.Description,
            ["config"] = new JObject { ["variables"] = Properties(config, types, withDefaults: true) },
            ["provider"] = new JObject
            {
                ["description"] = config.Description,
                ["type"] = "object",
                ["inputProperties"] = Properties(config, types, withDefaults: true),
                ["requiredInputs"] = Required(config),
            },
            ["types"] = new JObject(known.Select(type => new JProperty(type.Key, type.Value))),
            ["resources"] = resources,
            ["functions"] = calls,
        }.ToString(Formatting.None);
    }

    private static JObject Resource(IResourceHandler handler, TypeScope types)
    {
        var args = RecordShape.Of(handler.ArgsType);
        var state = RecordShape.Of(handler.StateType);
        return new JObject
        {
            ["description"] = handler.Description,
            ["type"] = "object",
            ["properties"] = Properties(state, types, withDefaults: false),
            ["required"] = new JArray(state.Properties.Where(property => property.IsRequired || !property.IsNullable).Select(property => property.WireName)),
            ["inputProperties"] = Properties(args, types, withDefaults: true),
            ["requiredInputs"] = Required(args),
        };
    }

    private static JObject Function(IFunctionHandler function, TypeScope types)
    {
        var args = RecordShape.Of(function.ArgsType);
        var result = RecordShape.Of(function.ResultType);
        return new JObject
        {
            ["description"] = args.Description,
            ["inputs"] = new JObject { ["type"] = "object", ["properties"] = Properties(args, types, withDefaults: true), ["required"] = Required(args) },
            ["outputs"] = new JObject { ["type"] = "object", ["properties"] = Properties(result, types, withDefaults: false), ["required"] = Required(result) },
        };
    }

    private static JArray Required(RecordShape shape) => new(shape.Properties.Where(property => property.IsRequired).Select(property => property.WireName));

    private static JObject Properties(RecordShape shape, TypeScope types, bool withDefaults) =>
        new(shape.Properties.Select(property => new JProperty(property.WireName, Property(property, types, withDefaults))));

    private static JObject Property(PropertyShape property, TypeScope types, bool withDefaults)
    {
        var schema = Type(property.Kind, types);
        Set(schema, "description", property.Description);
        if (property.IsSecret)
        {
            schema["secret"] = true;
        }

        if (property.Replaces)
        {
            schema["willReplaceOnChanges"] = true;
        }

        if (withDefaults && Default(property) is { } value)
        {
            schema["default"] = value;
        }

        return schema;
    }

    /// <summary>Pulumi's schema knows defaults of plain values only.</summary>
    private static JToken? Default(PropertyShape property) => (property.Kind, property.Default) switch
    {
        (_, null) => null,
        (ValueKind.Text or ValueKind.Truth or ValueKind.Whole or ValueKind.Fraction, var value) => JToken.FromObject(value),
        (ValueKind.Choice choice, var value) => choice.Values.First(known => known.Value.Equals(value)).WireName,
        _ => null,
    };

    private static JObject Type(ValueKind kind, TypeScope types) => kind switch
    {
        ValueKind.Any => new JObject { ["$ref"] = "pulumi.json#/Any" },
        ValueKind.Files => new JObject { ["$ref"] = "pulumi.json#/Asset" },
        ValueKind.Tree => new JObject { ["$ref"] = "pulumi.json#/Archive" },
        ValueKind.Text => new JObject { ["type"] = "string" },
        ValueKind.Truth => new JObject { ["type"] = "boolean" },
        ValueKind.Whole => new JObject { ["type"] = "integer" },
        ValueKind.Fraction => new JObject { ["type"] = "number" },
        ValueKind.List list => new JObject { ["type"] = "array", ["items"] = Type(list.Item, types) },
        ValueKind.Map map => new JObject { ["type"] = "object", ["additionalProperties"] = Type(map.Item, types) },
        ValueKind.Choice choice => Reference(choice.Type, types, () => Choice(choice)),
        ValueKind.Nested nested => Reference(nested.Type, types, () => Nested(RecordShape.Of(nested.Type), types)),
        _ => throw new InvalidOperationException($"No schema for {kind.GetType().Name}."),
    };

    private static JObject Reference(Type type, TypeScope types, Func<JObject> schema)
    {
        var token = $"{types.Package}:{types.Module}:{type.Name}";
        if (types.Known.TryAdd(token, []))
        {
            types.Known[token] = schema();
        }

        return new JObject { ["$ref"] = $"#/types/{token}" };
    }

    private static JObject Nested(RecordShape shape, TypeScope types)
    {
        var schema = new JObject { ["type"] = "object", ["properties"] = Properties(shape, types, withDefaults: true), ["required"] = Required(shape) };
        Set(schema, "description", shape.Description);
        return schema;
    }

    private static JObject Choice(ValueKind.Choice choice) => new()
    {
        ["type"] = "string",
        ["enum"] = new JArray(choice.Values.Select(value =>
        {
            var entry = new JObject { ["name"] = value.Value.ToString(), ["value"] = value.WireName };
            Set(entry, "description", value.Description);
            return entry;
        })),
    };

    private static void Set(JObject schema, string name, string text)
    {
        if (text.Length > 0)
        {
            schema[name] = text;
        }
    }

    /// <summary>Where the types of a resource's properties belong: in its own module.</summary>
    private sealed record TypeScope(string Package, string Module, SortedDictionary<string, JObject> Known);
}
