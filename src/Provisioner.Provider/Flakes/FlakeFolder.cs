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

    /// <summary>Submodules of which nothing but an empty folder is there.</summary>
    public ImmutableArray<string> NotCheckedOut { get; private init; } = [];

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

        var files = new List<FlakeFile>();
        var notCheckedOut = new List<string>();
        await ListAsync(git, folder, string.Empty, place => place, files, notCheckedOut, cancellation);
        return new FlakeFolder(folder, top, [.. files.DistinctBy(file => file.Path).OrderBy(file => file.Path, StringComparer.Ordinal)])
        {
            NotCheckedOut = [.. notCheckedOut.Order(StringComparer.Ordinal)],
        };
    }

    /// <summary>What a repository lists below a folder, and what the repositories within it do: submodules, and those that nobody has made one.</summary>
    private static async Task ListAsync(
        Git git, string folder, string below, Func<SecretPlace, SecretPlace> placed, List<FlakeFile> files, List<string> notCheckedOut, CancellationToken cancellation)
    {
        // "MODE HASH STAGE<tab>PATH"; a commit of another repository has a mode of its own.
        var index = (await git.ItemsAsync('\0', cancellation, "ls-files", "-z", "--cached", "--stage", "--", ".")).Select(entry => (IsCommit: entry.StartsWith("160000 ", StringComparison.Ordinal), Path: entry[(entry.IndexOf('\t', StringComparison.Ordinal) + 1)..])).ToList();
        var others = await git.ItemsAsync('\0', cancellation, "ls-files", "-z", "--others", "--exclude-standard", "--", ".");
        var ignored = await git.ItemsAsync('\0', cancellation, "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--", ".");
        Add(index.Where(entry => !entry.IsCommit).Select(entry => entry.Path), SecretPlace.Tracked);
        Add(others.Where(path => !path.EndsWith('/')), SecretPlace.Untracked);
        Add(ignored.Where(path => !path.EndsWith('/')), SecretPlace.Ignored);
        foreach (var path in index.Where(entry => entry.IsCommit).Select(entry => entry.Path))
        {
            await NestAsync(path, placed);
        }

        foreach (var path in others.Where(path => path.EndsWith('/')))
        {
            await NestAsync(path.TrimEnd('/'), place => placed(place == SecretPlace.Tracked ? SecretPlace.Untracked : place));
        }

        foreach (var path in ignored.Where(path => path.EndsWith('/')))
        {
            await NestAsync(path.TrimEnd('/'), _ => placed(SecretPlace.Ignored));
        }

        async Task NestAsync(string path, Func<SecretPlace, SecretPlace> within)
        {
            var inner = System.IO.Path.Combine(folder, path);
            var dotGit = System.IO.Path.Combine(inner, ".git");
            if (File.Exists(dotGit) || Directory.Exists(dotGit))
            {
                await ListAsync(new Git(inner), inner, below + path + "/", within, files, notCheckedOut, cancellation);
            }
            else
            {
                notCheckedOut.Add(below + path);
            }
        }

        // A tracked file may have been deleted.
        void Add(IEnumerable<string> paths, SecretPlace place) => files.AddRange(
            paths.Where(path => new FileInfo(System.IO.Path.Combine(folder, path)) is var file && (file.Exists || file.LinkTarget is not null))
                .Select(path => new FlakeFile(below + path, placed(place))));
    }

    private static IEnumerable<string> Walk(string folder) =>
        Directory.EnumerateFileSystemEntries(folder, "*", new EnumerationOptions { AttributesToSkip = 0, RecurseSubdirectories = true })
            .Where(path => File.Exists(path) || new FileInfo(path).LinkTarget is not null)
            .Select(path => System.IO.Path.GetRelativePath(folder, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Contains(".git"));
}
