using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Provisioner.Engine.Projects.Yaml;
using YamlDotNet.RepresentationModel;

namespace Provisioner.Engine.Projects;

/// <summary>Finds and reads Pulumi.yaml. Keys that are not known are tolerated, as Pulumi does; a value of the wrong type is an error that names its place.</summary>
public static partial class ProjectFile
{
    private static readonly string[] Names = ["Pulumi.yaml", "Pulumi.yml"];

    /// <summary>The project file in a folder or the nearest one above it, or null.</summary>
    public static string? Find(string folder)
    {
        for (var directory = new DirectoryInfo(Path.GetFullPath(folder)); directory is not null; directory = directory.Parent)
        {
            if (Names.Select(name => Path.Combine(directory.FullName, name)).FirstOrDefault(File.Exists) is { } path)
            {
                return path;
            }
        }

        return null;
    }

    /// <summary>The project whose file stands in a folder or the nearest one above it.</summary>
    /// <exception cref="ProjectFileException">There is none, or it cannot be used.</exception>
    public static Project Load(string folder) =>
        LoadFrom(Find(folder) ?? throw new ProjectFileException(
            Path.GetFullPath(folder), 0, 0, "no Pulumi.yaml here or in a folder above. Change to the project's folder, or name it with --cwd."));

    /// <summary>The project that a file describes.</summary>
    /// <exception cref="ProjectFileException">The file cannot be used.</exception>
    public static Project LoadFrom(string path)
    {
        path = Path.GetFullPath(path);
        return Parse(path, YamlText.Read(path));
    }

    internal static Project Parse(string path, string text)
    {
        var root = YamlText.Parse(path, text) ?? throw new ProjectFileException(path, 0, 0, "the file is empty. It needs at least `name:` and `runtime:`.");
        var reader = new YamlReader(path, root);
        var directory = Path.GetDirectoryName(path)!;
        var name = reader.RequiredText("name", "Add a line such as `name: lamp`.");
        if (!ProjectName().IsMatch(name))
        {
            throw reader.Error(reader.Node("name")!, $"`name` may have 1 to 100 letters, digits, and . _ -, but it is \"{name}\".");
        }

        var (runtime, options) = Runtime(reader);
        var legacyStackFolder = reader.Node("config") is YamlScalarNode folder ? reader.Text(folder, "config") : null;
        return new Project
        {
            Name = name,
            Directory = directory,
            FilePath = path,
            Runtime = runtime,
            RuntimeOptions = options,
            Main = reader.Text("main") ?? string.Empty,
            Description = reader.Text("description") ?? string.Empty,
            StackConfigDirectory = reader.Text("stackConfigDir") ?? legacyStackFolder ?? string.Empty,
            BackendUrl = reader.Map("backend")?.Text("url") ?? string.Empty,
            AlwaysRefresh = AlwaysRefresh(reader),
            Providers = Providers(reader, directory),
            Config = legacyStackFolder is null && reader.Map("config") is { } config
                ? ConfigDeclarations.Read(config, name)
                : ImmutableSortedDictionary<ConfigKey, ConfigDeclaration>.Empty,
        };
    }

    private static (string Name, ImmutableSortedDictionary<string, string> Options) Runtime(YamlReader reader)
    {
        var none = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
        if (reader.Node("runtime") is YamlScalarNode plain)
        {
            return (reader.Text(plain, "runtime"), none);
        }

        var runtime = reader.Map("runtime") ?? throw reader.Error(reader.Mapping, "`runtime` is missing. Add a line such as `runtime: dotnet`.");
        var name = runtime.RequiredText("name", "Write `runtime: dotnet`, or give it a name, such as `name: dotnet`.");
        return runtime.Map("options") is not { } options
            ? (name, none)
            : (name, options.Mapping.Children.ToImmutableSortedDictionary(
                pair => options.Text(pair.Key, "(key)"),
                pair => StackValueText.Plain(YamlValues.From(pair.Value, string.Empty)),
                StringComparer.Ordinal));
    }

    private static bool AlwaysRefresh(YamlReader reader) =>
        reader.Map("options") is { } options && options.Text("refresh") switch
        {
            null => false,
            "always" => true,
            var other => throw options.Error(options.Node("refresh")!, $"`options.refresh` may only be \"always\", but it is \"{other}\"."),
        };

    private static ImmutableArray<ProviderPlugin> Providers(YamlReader reader, string directory) =>
        reader.Map("plugins") is not { } plugins
            ? []
            : [.. plugins.Maps("providers").Select(provider => new ProviderPlugin(
                provider.RequiredText("name", "Give the package's name, such as `name: provisioner`."),
                Path.GetFullPath(provider.RequiredText("path", "Give the folder that holds the plugin, relative to Pulumi.yaml."), directory),
                provider.Text("version") ?? string.Empty))];

    [GeneratedRegex(@"^[A-Za-z0-9_.-]{1,100}\z")]
    private static partial Regex ProjectName();
}
