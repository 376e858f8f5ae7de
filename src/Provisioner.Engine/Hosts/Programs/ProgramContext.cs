using System.Collections.Immutable;
using Provisioner.Engine.Projects;

namespace Provisioner.Engine.Hosts.Programs;

/// <summary>What a program is told at its start.</summary>
/// <param name="Address">host:port of the monitor and the engine.</param>
/// <param name="Parallel">How many steps run at once.</param>
internal sealed record ProgramContext(
    Project Project,
    string Stack,
    ImmutableSortedDictionary<ConfigKey, ConfigValue> Config,
    bool Preview,
    int Parallel,
    string Address)
{
    /// <summary>The only organization that Pulumi's file backend knows.</summary>
    public const string Organization = "organization";

    /// <summary>The absolute folder or file that <c>main</c> names.</summary>
    public string ProgramPath => Path.GetFullPath(Path.Combine(Project.Directory, Project.Main));

    /// <summary>The program's working directory.</summary>
    public string ProgramDirectory => File.Exists(ProgramPath) ? Path.GetDirectoryName(ProgramPath)! : ProgramPath;
}
