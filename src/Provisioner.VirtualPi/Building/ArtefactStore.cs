using Provisioner.VirtualPi.Files;

namespace Provisioner.VirtualPi.Building;

/// <summary>Finished results in folders named by kind and key. A folder under its final name is whole; nothing changes it later.</summary>
internal sealed class ArtefactStore(string root, TimeProvider time)
{
    private const string Draft = ".draft-";

    public string PathOf(string kind, string key) => Path.Combine(root, kind, key);

    public bool Has(string kind, string key) => Directory.Exists(PathOf(kind, key));

    /// <summary>The folder of a result, made by <paramref name="build"/> in a draft folder if it is not there yet.</summary>
    /// <remarks>Builders of one kind wait for each other, also across processes; what an interrupted one left is removed.</remarks>
    public async Task<(string Folder, bool FromCache)> GetAsync(
        string kind, string key, Func<string, Task> build, CancellationToken cancellationToken)
    {
        var final = PathOf(kind, key);
        if (Directory.Exists(final))
        {
            return (final, true);
        }

        var kindFolder = PrivateFiles.MakeFolder(Path.Combine(root, kind));
        using var held = await FileLock.TakeAsync(Path.Combine(root, $"{kind}.lock"), time, cancellationToken);
        if (Directory.Exists(final))
        {
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
}
