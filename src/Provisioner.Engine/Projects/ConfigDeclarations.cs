using System.Collections.Immutable;
using Provisioner.Engine.Projects.Yaml;
using YamlDotNet.RepresentationModel;

namespace Provisioner.Engine.Projects;

/// <summary>Reads <c>config:</c> of a project file: what keys there are, of what type, with what default or value.</summary>
internal static class ConfigDeclarations
{
    private static readonly string[] Fields = ["type", "items", "description", "default", "value", "secret"];

    public static ImmutableSortedDictionary<ConfigKey, ConfigDeclaration> Read(YamlReader config, string project)
    {
        var declarations = ImmutableSortedDictionary.CreateBuilder<ConfigKey, ConfigDeclaration>();
        foreach (var (keyNode, value) in config.Mapping.Children)
        {
            var written = config.Text(keyNode, "(key)");
            var key = ConfigKey.TryParse(written, project)
                ?? throw config.Error(keyNode, $"`config.{written}` is no configuration key. Write `name`, or `package:name` for another package's.");
            var declaration = value is YamlMappingNode mapping ? Full(config, written, mapping) : Shorthand(value, ofProject: key.Namespace == project);
            Check(config, written, value, declaration, ofProject: key.Namespace == project);
            if (!declarations.TryAdd(key, declaration))
            {
                throw config.Error(keyNode, $"`config.{written}` is declared twice. Keep one of them.");
            }
        }

        return declarations.ToImmutable();
    }

    private static ConfigDeclaration Shorthand(YamlNode node, bool ofProject)
    {
        var value = Given(node);
        var text = value is null ? null : StackValueText.Plain(value);
        return new(string.Empty, string.Empty, string.Empty, ofProject ? text : null, ofProject ? null : text, IsSecret: false) { Given = value };
    }

    private static ConfigDeclaration Full(YamlReader config, string key, YamlMappingNode mapping)
    {
        var reader = config.Map(key)!;
        foreach (var field in mapping.Children.Keys)
        {
            if (!Fields.Contains(reader.Text(field, "(key)"), StringComparer.Ordinal))
            {
                throw reader.Error(field, $"`config.{key}.{reader.Text(field, "(key)")}` is not known. Known are {string.Join(", ", Fields)}.");
            }
        }

        var (given, isDefault) = (reader.Node("default"), reader.Node("value")) switch
        {
            (not null, { } both) => throw reader.Error(both, $"`config.{key}` has both `default` and `value`. Keep `default` if a stack may say otherwise."),
            ({ } node, null) => (Given(node), true),
            (null, { } node) => (Given(node), false),
            _ => (null, false),
        };
        var type = reader.Text("type") ?? string.Empty;
        if (type.Length > 0)
        {
            CheckType(reader, reader.Node("type")!, type, $"config.{key}.type");
        }

        var items = reader.Map("items") is { } itemsReader ? ItemsType(itemsReader, $"config.{key}.items") : string.Empty;
        if (type == ConfigTypes.Array && items.Length == 0)
        {
            throw reader.Error(mapping, $"`config.{key}` is an array and does not say of what. Add `items: {{type: string}}`, or another type.");
        }

        var text = given is null ? null : StackValueText.Plain(given);
        return new(type, items, reader.Text("description") ?? string.Empty, isDefault ? text : null, isDefault ? null : text, reader.Boolean("secret"))
        {
            Given = given,
        };
    }

    private static StackValue? Given(YamlNode node) =>
        YamlValues.From(node, string.Empty) is var value && value is StackValue.Scalar { Kind: ScalarKind.Null } ? null : value;

    private static string ItemsType(YamlReader items, string path)
    {
        // The schema lets `type` hold the whole description of the items again.
        if (items.Node("type") is YamlMappingNode)
        {
            return ItemsType(items.Map("type")!, $"{path}.type");
        }

        var type = items.RequiredText("type", $"Say of what type the items are: {string.Join(", ", ConfigTypes.Names)}.");
        CheckType(items, items.Node("type")!, type, $"{path}.type");
        return type != ConfigTypes.Array
            ? type
            : items.Map("items") is { } inner
                ? $"array<{ItemsType(inner, $"{path}.items")}>"
                : throw items.Error(items.Mapping, $"`{path}` is an array and does not say of what. Add `items: {{type: string}}`, or another type.");
    }

    private static void CheckType(YamlReader reader, YamlNode node, string type, string path)
    {
        if (!ConfigTypes.Names.Contains(type, StringComparer.Ordinal))
        {
            throw reader.Error(node, $"`{path}` must be one of {string.Join(", ", ConfigTypes.Names)}, but it is \"{type}\".");
        }
    }

    private static void Check(YamlReader config, string key, YamlNode node, ConfigDeclaration declaration, bool ofProject)
    {
        if (!ofProject)
        {
            var problem = declaration.Type.Length > 0 ? "may not declare a type"
                : declaration.Default is not null ? "may not have a `default`: write `value`"
                : declaration.Value is null ? "must have a `value`"
                : null;
            if (problem is not null)
            {
                throw config.Error(node, $"`config.{key}` belongs to another package than the project, so it {problem}.");
            }
        }

        if (declaration is { Type.Length: > 0, Given: { } given } && !ConfigTypes.Fits(declaration.FullType, given, static ciphertext => ciphertext))
        {
            throw config.Error(
                node,
                $"`config.{key}` is declared as {declaration.FullType}, but its {(declaration.Default is null ? "value" : "default")} is {declaration.Default ?? declaration.Value}. Correct one of them.");
        }
    }
}
