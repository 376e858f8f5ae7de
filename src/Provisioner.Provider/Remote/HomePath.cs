namespace Provisioner.Provider.Remote;

/// <summary>Paths of this machine as people write them.</summary>
internal static class HomePath
{
    /// <summary><c>~</c> and <c>~/…</c> with the home folder in place of the tilde.</summary>
    public static string Expand(string path) =>
        path == "~" || path.StartsWith("~/", StringComparison.Ordinal)
            ? Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[1..])
            : path;
}
