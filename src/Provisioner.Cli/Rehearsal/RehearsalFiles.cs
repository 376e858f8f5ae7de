using Provisioner.Cli.Sessions;
using Provisioner.Engine.Projects;

namespace Provisioner.Cli.Rehearsal;

/// <summary>The files of a rehearsal: the stack's, the backend's, and a folder of its own that goes away with it.</summary>
internal sealed class RehearsalFiles(Workspace workspace, string stack, params IReadOnlyList<string> logs) : IDisposable
{
    private readonly DirectoryInfo _own = Directory.CreateTempSubdirectory("provisioner-rehearsal-");

    public bool StackExists => workspace.Backend.Exists(stack);

    /// <summary>A copy of the stack's configuration to be changed, so that the one people keep in git stays as it is.</summary>
    public string CopyOfStackFile()
    {
        var copy = Path.Combine(_own.FullName, $"Pulumi.{stack}.yaml");
        File.Copy(StackFile.PathOf(workspace.Project, stack), copy, overwrite: true);
        return copy;
    }

    /// <summary>The stack's state as JSON, secrets encrypted.</summary>
    public string Export() => workspace.Backend.Export(stack);

    /// <summary>Every file that the commands wrote, or may have written: configuration, state, history, logs.</summary>
    public IEnumerable<string> ThatWereWritten() =>
        Directory.EnumerateFiles(Path.Combine(workspace.Backend.Location.Directory, ".pulumi"), "*", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(_own.FullName))
            .Append(StackFile.PathOf(workspace.Project, stack))
            .Concat(logs.Where(File.Exists));

    public void Dispose() => _own.Delete(recursive: true);
}
