using System.Text;

namespace EndToEnd.Tests.Secrets;

/// <summary>Looks, as long as it lives, into the argument list and environment of every process of this host.</summary>
internal sealed class HostWatch : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly byte[][] _forms;
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private int _looks;

    public HostWatch(IEnumerable<string> forms)
    {
        _forms = [.. forms.Select(Encoding.UTF8.GetBytes)];
        _watching = WatchAsync(_stop.Token);
    }

    /// <summary>How often all processes were looked at.</summary>
    public int Looks => Volatile.Read(ref _looks);

    /// <summary>Where one of the forms was seen: <c>cmdline of 123 (nmcli)</c>.</summary>
    public IReadOnlyList<string> Seen
    {
        get
        {
            lock (_seen)
            {
                return [.. _seen];
            }
        }
    }

    /// <summary>Whether one of the forms is in these bytes.</summary>
    public bool IsIn(byte[] bytes) => Array.Exists(_forms, form => bytes.AsSpan().IndexOf(form) >= 0);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync(CancellationToken stop)
    {
        await Task.Yield();
        while (!stop.IsCancellationRequested)
        {
            foreach (var process in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(path[^1])))
            {
                Look(process, "cmdline");
                Look(process, "environ");
            }

            Interlocked.Increment(ref _looks);
            await Task.Delay(Pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Look(string process, string file)
    {
        try
        {
            if (IsIn(File.ReadAllBytes(Path.Combine(process, file))))
            {
                var name = File.ReadAllText(Path.Combine(process, "comm")).Trim();
                lock (_seen)
                {
                    _seen.Add($"{file} of {Path.GetFileName(process)} ({name})");
                }
            }
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // The process ended while it was looked at, or belongs to somebody else.
        }
    }
}
