using System.Collections.Immutable;
using YamlDotNet.RepresentationModel;

namespace Provisioner.Engine.Projects.Yaml;

/// <summary>YAML nodes as values.</summary>
internal static class YamlValues
{
    /// <summary>The key that marks an encrypted text.</summary>
    public const string SecureKey = "secure";

    public static StackValue From(YamlNode node, string path) => node switch
    {
        YamlScalarNode scalar => YamlScalars.Resolve(scalar),
        YamlSequenceNode sequence => new StackValue.List([.. sequence.Children.Select(child => From(child, path))]),
        YamlMappingNode mapping => FromMapping(mapping, path),
        _ => throw new ProjectFileException(path, node.Start.Line, node.Start.Column, "aliases (*name) are not understood here. Write the value out."),
    };

    /// <summary>The text of a key.</summary>
    public static string Key(YamlNode key, string path) =>
        key is YamlScalarNode { Value: { } text }
            ? text
            : throw new ProjectFileException(path, key.Start.Line, key.Start.Column, "a key must be a text.");

    private static StackValue FromMapping(YamlMappingNode mapping, string path)
    {
        var entries = ImmutableSortedDictionary.CreateBuilder<string, StackValue>(StringComparer.Ordinal);
        foreach (var (key, value) in mapping.Children)
        {
            var name = Key(key, path);
            if (!entries.TryAdd(name, From(value, path)))
            {
                throw new ProjectFileException(path, key.Start.Line, key.Start.Column, $"the key \"{name}\" stands here twice. Keep one of them.");
            }
        }

        return entries is { Count: 1 } && entries.TryGetValue(SecureKey, out var only) && only is StackValue.Scalar { Kind: ScalarKind.Text } ciphertext
            ? new StackValue.Secure(ciphertext.Text)
            : new StackValue.Map(entries.ToImmutable());
    }
}
