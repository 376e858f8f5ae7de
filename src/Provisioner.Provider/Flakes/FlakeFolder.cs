using System.Collections.Immutable;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Flakes.Secrets;

namespace Provisioner.Provider.Flakes;

/// <summary>A file of a flake's folder.</summary>
/// <param name="Path">From the flake's folder, with slashes.</param>
/// <param name="Place">What git says about it.</param>
internal sealed record FlakeFile(string Path, SecretPlace Place);

/// <summary>The files of a flake's folder. What git ignores is listed, but never built.</summary>
/// <param name="Folder">An absolute path.</param>
/// <param name="Repository">The git repository it belongs to; null for none.</param>
/// <param name="Files">In ordinal order of their paths.</param>
internal sealed record FlakeFolder(string Folder, string? Repository, ImmutableArray<FlakeFile> Files)
{
    /// <summary>
    /// What goes into a build: every file but those that git ignores. An untracked file counts, because a build that leaves one
    /// out in silence, as <c>nix build .</c> does, ends in a lamp without WiFi.
    /// </summary>
    public IEnumerable<FlakeFile> Built => Files.Where(file => file.Place != SecretPlace.Ignored || file.Path == FlakeLock.File);

    /// <exception cref="InputInvalidException">There is no flake.</exception>
    /// <exception cref="GitFailedException">git refuses to say.</exception>
    public static async Task<FlakeFolder> ReadAsync(string folder, CancellationToken cancellation)
    {
        folder = System.IO.Path.GetFullPath(Remote.HomePath.Expand(folder));
        if (!File.Exists(System.IO.Path.Combine(folder, "flake.nix")))
        {
            throw new InputInvalidException("There is no flake.nix in the flake's folder")
            {
                Where = folder,
                Next = "set flake to the folder that holds it, such as infra/nixos",
            };
        }

        var git = new Git(folder);
        if (await git.TopAsync(cancellation) is not { } top)
        {
            return new FlakeFolder(folder, null, [.. Walk(folder).Select(path => new FlakeFile(path, SecretPlace.Unversioned)).OrderBy(file => file.Path, StringComparer.Ordinal)]);
        }

        var tracked = await git.ItemsAsync('\0', cancellation, "ls-files", "-z", "--cached", "--", ".");
        var untracked = await git.ItemsAsync('\0', cancellation, "ls-files", "-z", "--others", "--exclude-standard", "--", ".");
        var ignored = await git.ItemsAsync('\0', cancellation, "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--", ".");
        var files = Of(tracked, SecretPlace.Tracked).Concat(Of(untracked, SecretPlace.Untracked)).Concat(Of(ignored, SecretPlace.Ignored));
        return new FlakeFolder(folder, top, [.. files.DistinctBy(file => file.Path).OrderBy(file => file.Path, StringComparer.Ordinal)]);

        // A tracked file may have been deleted; a submodule is listed as a folder.
        IEnumerable<FlakeFile> Of(IEnumerable<string> paths, SecretPlace place) =>
            paths.Where(path => new FileInfo(System.IO.Path.Combine(folder, path)) is var file && (file.Exists || file.LinkTarget is not null))
                .Select(path => new FlakeFile(path, place));
    }

    private static IEnumerable<string> Walk(string folder) =>
        Directory.EnumerateFileSystemEntries(folder, "*", new EnumerationOptions { AttributesToSkip = 0, RecurseSubdirectories = true })
            .Where(path => File.Exists(path) || new FileInfo(path).LinkTarget is not null)
            .Select(path => System.IO.Path.GetRelativePath(folder, path).Replace('\\', '/'));
}
