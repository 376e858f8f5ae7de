namespace Provisioner.VirtualPi.Files;

/// <summary>One holder at a time across processes; the kernel lets go when the holder dies.</summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Waits until the lock is free.</summary>
    public static async Task<FileLock> TakeAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryTake(path) is { } taken)
            {
                return taken;
            }

            // There is no way to be told when it is free.
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    /// <summary>The lock, or null when it is held by another.</summary>
    public static FileLock? TryTake(string path)
    {
        PrivateFiles.MakeFolder(Path.GetDirectoryName(path)!);
        try
        {
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();
}
