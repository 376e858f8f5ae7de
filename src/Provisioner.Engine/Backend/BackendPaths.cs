namespace Provisioner.Engine.Backend;

/// <summary>Where things are in a backend's folder: the layout of version 1 of Pulumi's backend in files.</summary>
/// <param name="directory">The folder above <c>.pulumi</c>.</param>
/// <param name="project">The project's name.</param>
internal sealed class BackendPaths(string directory, string project)
{
    private const string Organization = "organization";

    public string Root { get; } = Path.Combine(directory, ".pulumi");

    public string Meta => Path.Combine(Root, "meta.yaml");

    public string AllStacks => Path.Combine(Root, "stacks");

    public string Stacks => Path.Combine(AllStacks, project);

    public static string Backup(string state) => $"{state}.bak";

    public string FullName(string stack) => $"{Organization}/{project}/{stack}";

    public string State(string stack) => Path.Combine(Stacks, $"{stack}.json");

    public string History(string stack) => Path.Combine(Root, "history", project, stack);

    public string Backups(string stack) => Path.Combine(Root, "backups", project, stack);

    public string Locks(string stack) => Path.Combine(Root, "locks", Organization, project, stack);
}
