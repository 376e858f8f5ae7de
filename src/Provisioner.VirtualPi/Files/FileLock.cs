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
        PrivateFiles.MakeFolder(Path.GetDirectoryName(path)!);
        while (true)
        {
            try
            {
                return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException)
            {
                // Held by another; there is no way to be told when it is free.
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    public void Dispose() => _file.Dispose();
}
