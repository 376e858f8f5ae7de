using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Provisioner.Provider.Modelling;

/// <summary>The package schema (Pulumi's pkg/codegen/schema/pulumi.json) out of the records, so that it cannot differ from them.</summary>
internal static class SchemaWriter
{
    public static string Write(IReadOnlyList<IResourceHandler> handlers, IReadOnlyList<IFunctionHandler> functions, Type configType, string version)
    {
        var types = new SortedDictionary<string, JObject>(StringComparer.Ordinal);
        var config = RecordShape.Of(configType);
        var resources = new JObject(handlers.OrderBy(handler => handler.Name, StringComparer.Ordinal)
            .Select(handler => new JProperty($"provisioner:index:{handler.Name}", Resource(handler, types))));
        var calls = new JObject(functions.OrderBy(function => function.Name, StringComparer.Ordinal)
            .Select(function => new JProperty($"provisioner:index:{function.Name}", Function(function, types))));
        return new JObject
        {
            ["name"] = "provisioner",
            ["version"] = version,
            ["description"] = config.Description,
            ["config"] = new JObject { ["variables"] = Properties(config, types, withDefaults: true) },
            ["provider"] = new JObject
            {
                ["description"] = config.Description,
                ["type"] = "object",
                ["inputProperties"] = Properties(config, types, withDefaults: true),
                ["requiredInputs"] = Required(config),
            },
            ["types"] = new JObject(types.Select(type => new JProperty(type.Key, type.Value))),
            ["resources"] = resources,
            ["functions"] = calls,
        }.ToString(Formatting.None);
    }

    private static JObject Resource(IResourceHandler handler, SortedDictionary<string, JObject> types)
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

    private static JObject Function(IFunctionHandler function, SortedDictionary<string, JObject> types)
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

    private static JObject Properties(RecordShape shape, SortedDictionary<string, JObject> types, bool withDefaults) =>
        new(shape.Properties.Select(property => new JProperty(property.WireName, Property(property, types, withDefaults))));

    private static JObject Property(PropertyShape property, SortedDictionary<string, JObject> types, bool withDefaults)
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

    private static JObject Type(ValueKind kind, SortedDictionary<string, JObject> types) => kind switch
    {
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

    private static JObject Reference(Type type, SortedDictionary<string, JObject> types, Func<JObject> schema)
    {
        var token = $"provisioner:index:{type.Name}";
        if (types.TryAdd(token, []))
        {
            types[token] = schema();
        }

        return new JObject { ["$ref"] = $"#/types/{token}" };
    }

    private static JObject Nested(RecordShape shape, SortedDictionary<string, JObject> types)
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
}
