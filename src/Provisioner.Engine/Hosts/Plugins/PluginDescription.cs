using Provisioner.Engine.Files;
using Provisioner.Engine.Projects.Yaml;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Provisioner.Engine.Hosts.Plugins;

/// <summary>PulumiPlugin.yaml: what a plugin that comes as sources runs on.</summary>
internal sealed record PluginDescription(string Runtime)
{
    public const string FileName = "PulumiPlugin.yaml";

    private const int LargestFile = 1 << 20;

    /// <summary>The description in a folder, or null when there is none.</summary>
    /// <exception cref="HostException">It is no YAML, or names no runtime.</exception>
    public static PluginDescription? Read(string folder)
    {
        var file = Path.Combine(folder, FileName);
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            using var reader = new StringReader(BoundedFile.ReadText(file, LargestFile) ?? throw new HostException($"{file} has more than {LargestFile >> 20} MiB, so it is no description of a plugin."));
            var yaml = BoundedYaml.Load(reader);
            return new PluginDescription(RuntimeOf(yaml) ?? throw new HostException($"{file} names no runtime; write \"runtime: dotnet\" or \"runtime: nodejs\"."));
        }
        catch (YamlException exception)
        {
            throw new HostException($"{file} {(exception is YamlBoundException ? "cannot be read" : "is no YAML")}: {exception.Message}");
        }
    }

    private static string? RuntimeOf(YamlStream yaml)
    {
        if (yaml.Documents is not [{ RootNode: YamlMappingNode root }, ..] || !root.Children.TryGetValue(new YamlScalarNode("runtime"), out var runtime))
        {
            return null;
        }

        return runtime switch
        {
            YamlScalarNode name => name.Value,
            YamlMappingNode map when map.Children.TryGetValue(new YamlScalarNode("name"), out var name) => (name as YamlScalarNode)?.Value,
            _ => null,
        };
    }
}
