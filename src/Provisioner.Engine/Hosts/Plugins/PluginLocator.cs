using System.Collections.Immutable;
using Provisioner.Engine.Hosts.Building;
using Provisioner.Engine.Projects;

namespace Provisioner.Engine.Hosts.Plugins;

/// <summary>
/// Finds a resource plugin where Pulumi looks for it: the project's own, the search path, Pulumi's plugin folder.
/// A project's plugin that has no binary but a PulumiPlugin.yaml is built (dotnet) or run (nodejs) from its sources.
/// </summary>
internal sealed class PluginLocator(Project project, DotnetProject builder)
{
    /// <param name="package">The package's name, such as <c>provisioner</c>.</param>
    /// <param name="version">Semantic version, or empty for any.</param>
    /// <returns>The command and its first arguments.</returns>
    /// <exception cref="HostException">It is nowhere, or does not build.</exception>
    public async Task<(string Command, ImmutableArray<string> Arguments)> FindAsync(string package, string version, CancellationToken cancellationToken)
    {
        var binary = $"pulumi-resource-{package}";
        foreach (var own in project.Providers.Where(own => own.Name == package && (own.Version.Length == 0 || version.Length == 0 || own.Version == version)))
        {
            return await InProjectAsync(own, binary, cancellationToken);
        }

        if (Executables.Find(binary) is { } onPath)
        {
            return (onPath, []);
        }

        return Installed(package, version, binary)
            ?? throw new HostException(
                $"The plugin {binary}{(version.Length == 0 ? string.Empty : $" {version}")} is not installed. Name its folder under plugins.providers in Pulumi.yaml, put it on the search path, or run \"pulumi plugin install resource {package}\".");
    }

    private async Task<(string Command, ImmutableArray<string> Arguments)> InProjectAsync(ProviderPlugin own, string binary, CancellationToken cancellationToken)
    {
        var executable = Path.Combine(own.Path, binary);
        if (Executables.IsExecutable(executable))
        {
            return (executable, []);
        }

        if (PluginDescription.Read(own.Path) is not { } description)
        {
            throw new HostException($"plugins.providers in Pulumi.yaml names {own.Path} for \"{own.Name}\", but neither {binary} nor PulumiPlugin.yaml is there.");
        }

        switch (description.Runtime)
        {
            case "dotnet":
                return Runnable(await builder.BuildAsync(own.Path, cancellationToken));
            case "nodejs":
                return ("node", [own.Path]);
            default:
                throw new HostException($"{Path.Combine(own.Path, PluginDescription.FileName)} asks for the runtime \"{description.Runtime}\"; this engine runs plugins for dotnet and nodejs.");
        }
    }

    /// <summary>The executable beside the assembly starts faster than through the dotnet command, and has a name of its own in the process list.</summary>
    private static (string Command, ImmutableArray<string> Arguments) Runnable(string assembly)
    {
        var executable = Path.ChangeExtension(assembly, null);
        return Executables.IsExecutable(executable) ? (executable, []) : ("dotnet", [assembly]);
    }

    /// <summary>Without a version the newest one is taken.</summary>
    private static (string Command, ImmutableArray<string> Arguments)? Installed(string package, string version, string binary)
    {
        var home = Environment.GetEnvironmentVariable("PULUMI_HOME") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".pulumi");
        var folder = Path.Combine(home, "plugins");
        if (!Directory.Exists(folder))
        {
            return null;
        }

        var found = Directory.EnumerateDirectories(folder, $"resource-{package}-v{(version.Length == 0 ? "*" : version)}")
            .Select(candidate => (Path: Path.Combine(candidate, binary), Version: Path.GetFileName(candidate)[$"resource-{package}-v".Length..]))
            .Where(candidate => Executables.IsExecutable(candidate.Path))
            .OrderByDescending(candidate => System.Version.TryParse(candidate.Version.Split('-', '+')[0], out var parsed) ? parsed : new Version(0, 0))
            .ToList();
        return found.Count == 0 ? null : (found[0].Path, []);
    }
}
