using Provisioner.Cli.Sessions;
using Provisioner.Engine.Projects;

namespace Provisioner.Cli.Rehearsal;

/// <summary>The files of a rehearsal: the stack's, the backend's, and a folder of its own that goes away with it.</summary>
internal sealed class RehearsalFiles(Workspace workspace, string stack, params IReadOnlyList<string> logs) : IDisposable
{
    private readonly DirectoryInfo _own = Directory.CreateTempSubdirectory("provisioner-rehearsal-");
    private string? _configuration;

    public bool StackExists => workspace.Backend.Exists(stack);

    /// <summary>A copy of the stack's configuration that is worked with, so that the one people keep in git stays as it is.</summary>
    public string Configuration => _configuration ??= Copy(StackFile.PathOf(workspace.Project, stack), $"Pulumi.{stack}.yaml");

    /// <summary>A copy of the configuration as it is now, for something that is not to last.</summary>
    public string CopyOfConfiguration() => Copy(Configuration, "Pulumi.trial.yaml");

    /// <summary>The stack's state as JSON, secrets encrypted.</summary>
    public string Export() => workspace.Backend.Export(stack);

    /// <summary>Every file that the commands wrote, or may have written: configuration, state, history, logs.</summary>
    public IEnumerable<string> ThatWereWritten() =>
        Directory.EnumerateFiles(Path.Combine(workspace.Backend.Location.Directory, ".pulumi"), "*", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(_own.FullName))
            .Append(StackFile.PathOf(workspace.Project, stack))
            .Concat(logs.Where(File.Exists));

    private string Copy(string file, string name)
    {
        var copy = Path.Combine(_own.FullName, name);
        File.Copy(file, copy, overwrite: true);
        return copy;
    }

    public void Dispose() => _own.Delete(recursive: true);
}
