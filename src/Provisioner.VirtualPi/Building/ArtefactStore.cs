using Provisioner.VirtualPi.Files;

namespace Provisioner.VirtualPi.Building;

/// <summary>
/// Finished results in folders named by kind and key. A folder under its final name is whole; nothing changes it later but its
/// own time, which says when it was used last.
/// </summary>
internal sealed class ArtefactStore(string root, TimeProvider time)
{
    private const string Draft = ".draft-";

    // How many of a kind stay, and for how long one that was asked for is not touched: its user may not have begun yet.
    private const int Kept = 3;
    private static readonly TimeSpan Recent = TimeSpan.FromHours(1);

    public string PathOf(string kind, string key) => Path.Combine(root, kind, key);

    public bool Has(string kind, string key) => Directory.Exists(PathOf(kind, key));

    /// <summary>Notes that a result is used now, so that it stays longer than others.</summary>
    public void Touch(string kind, string key) => Directory.SetLastWriteTimeUtc(PathOf(kind, key), time.GetUtcNow().UtcDateTime);

    /// <summary>Removes the results of a kind that were not used lately, but for the last few and those in use.</summary>
    /// <param name="isUsed">Whether a machine needs the folder.</param>
    /// <returns>False when one of the kind is being built; then nothing was done.</returns>
    public bool Clean(string kind, Func<string, bool> isUsed)
    {
        var kindFolder = Path.Combine(root, kind);
        using var held = Directory.Exists(kindFolder) ? FileLock.TryTake(LockOf(kind)) : null;
        if (held is null)
        {
            return false;
        }

        var old = Directory.GetDirectories(kindFolder)
            .Where(folder => !Path.GetFileName(folder).StartsWith(Draft, StringComparison.Ordinal))
            .OrderByDescending(Directory.GetLastWriteTimeUtc)
            .Skip(Kept)
            .Where(folder => Directory.GetLastWriteTimeUtc(folder) < (time.GetUtcNow() - Recent).UtcDateTime && !isUsed(folder));
        foreach (var folder in old)
        {
            // Under its name a folder is whole, also while it goes.
            var going = Path.Combine(kindFolder, $"{Draft}{Guid.NewGuid():N}");
            Directory.Move(folder, going);
            Directory.Delete(going, recursive: true);
        }

        return true;
    }

    /// <summary>The folder of a result, made by <paramref name="build"/> in a draft folder if it is not there yet.</summary>
    /// <remarks>Builders of one kind wait for each other, also across processes; what an interrupted one left is removed.</remarks>
    public async Task<(string Folder, bool FromCache)> GetAsync(
        string kind, string key, Func<string, Task> build, CancellationToken cancellationToken)
    {
        var final = PathOf(kind, key);
        if (Directory.Exists(final))
        {
            Touch(kind, key);
            return (final, true);
        }

        var kindFolder = PrivateFiles.MakeFolder(Path.Combine(root, kind));
        using var held = await FileLock.TakeAsync(LockOf(kind), time, cancellationToken);
        if (Directory.Exists(final))
        {
            Touch(kind, key);
            return (final, true);
        }

        foreach (var left in Directory.EnumerateDirectories(kindFolder, $"{Draft}*"))
        {
            Directory.Delete(left, recursive: true);
        }

        var draft = PrivateFiles.MakeFolder(Path.Combine(kindFolder, $"{Draft}{Guid.NewGuid():N}"));
        try
        {
            await build(draft);
            Directory.Move(draft, final);
        }
        finally
        {
            if (Directory.Exists(draft))
            {
                Directory.Delete(draft, recursive: true);
            }
        }

        return (final, false);
    }

    private string LockOf(string kind) => Path.Combine(root, $"{kind}.lock");
}
