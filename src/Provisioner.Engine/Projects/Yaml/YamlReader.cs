using YamlDotNet.RepresentationModel;

namespace Provisioner.Engine.Projects.Yaml;

/// <summary>Reads typed fields of a mapping; what is of another type is named with its place.</summary>
/// <param name="prefix">The path of the mapping inside the file, with a dot at its end, or empty.</param>
internal sealed class YamlReader(string file, YamlMappingNode mapping, string prefix = "")
{
    public YamlMappingNode Mapping { get; } = mapping;

    /// <summary>The value of a field, or null where it is missing or null.</summary>
    public YamlNode? Node(string field) =>
        Mapping.Children.FirstOrDefault(pair => pair.Key is YamlScalarNode key && key.Value == field).Value is { } node
        && node is not YamlScalarNode { Value: null or "" or "~" or "null", Style: YamlDotNet.Core.ScalarStyle.Plain }
            ? node
            : null;

    public string? Text(string field) => Node(field) is { } node ? Text(node, field) : null;

    public string RequiredText(string field, string wayOut) =>
        Text(field) is { Length: > 0 } text ? text : throw Error(Mapping, $"`{prefix}{field}` is missing. {wayOut}");

    public bool Boolean(string field) => Node(field) switch
    {
        null => false,
        YamlScalarNode scalar when YamlScalars.Resolve(scalar) is { Kind: ScalarKind.Boolean } value => value.Text == "true",
        var node => throw Error(node, $"`{prefix}{field}` must be true or false, but it is {Describe(node)}."),
    };

    public YamlReader? Map(string field) => Node(field) switch
    {
        null => null,
        YamlMappingNode map => new YamlReader(file, map, $"{prefix}{field}."),
        var node => throw Error(node, $"`{prefix}{field}` must be a mapping, but it is {Describe(node)}."),
    };

    public IEnumerable<YamlReader> Maps(string field) => Node(field) switch
    {
        null => [],
        YamlSequenceNode list => list.Children.Select((item, index) => item is YamlMappingNode map
            ? new YamlReader(file, map, $"{prefix}{field}[{index}].")
            : throw Error(item, $"`{prefix}{field}[{index}]` must be a mapping, but it is {Describe(item)}.")),
        var node => throw Error(node, $"`{prefix}{field}` must be a list, but it is {Describe(node)}."),
    };

    public string Text(YamlNode node, string field) =>
        node is YamlScalarNode scalar && YamlScalars.Resolve(scalar) is { Kind: ScalarKind.Text } value
            ? value.Text
            : throw Error(node, $"`{prefix}{field}` must be a text, but it is {Describe(node)}. A text that looks like a number or a truth value needs quotes.");

    public ProjectFileException Error(YamlNode node, string problem) => new(file, node.Start.Line, node.Start.Column, problem);

    /// <summary>The kind of a value, and the value itself where it is short.</summary>
    public static string Describe(YamlNode node) => node switch
    {
        YamlMappingNode => "a mapping",
        YamlSequenceNode => "a list",
        YamlScalarNode scalar => YamlScalars.Resolve(scalar).Kind switch
        {
            ScalarKind.Text => $"the text \"{scalar.Value}\"",
            ScalarKind.Boolean => $"the truth value {scalar.Value}",
            ScalarKind.Null => "null",
            _ => $"the number {scalar.Value}",
        },
        _ => "an alias",
    };
}
