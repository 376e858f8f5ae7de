namespace Provisioner.Engine.Hosts.Building;

/// <summary>One build at a time among all engines of this user: their projects may share others.</summary>
internal static class BuildLock
{
    public static async Task<IDisposable> AcquireAsync(CancellationToken cancellationToken)
    {
        var folder = Environment.GetEnvironmentVariable("PROVISIONER_CACHE") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "provisioner");
        Directory.CreateDirectory(folder);
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(folder, "build.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                // The system gives the lock back when its holder ends, however it ends.
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
            }
        }
    }
}
