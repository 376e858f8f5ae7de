using System.Text;

namespace Provisioner.Cli.Rehearsal;

/// <summary>
/// Looks, as long as it lives, for secrets in the argument lists and environments of this machine's processes; and at the
/// end in whatever text it is given. It knows each secret as it is, and in base64 and hex.
/// </summary>
internal sealed class SecretWatch : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    // A process gets its arguments at its start. Who has been looked at so often is looked at more rarely, lest the watch takes
    // a good part of a processor from what it watches.
    private const int Often = 20;

    private readonly List<byte[]> _forms;
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private long _looks;

    public SecretWatch(IEnumerable<string> secrets, TimeProvider time)
    {
        _forms = [.. secrets.SelectMany(Forms).Select(Encoding.UTF8.GetBytes)];
        _watching = WatchAsync(time, _stop.Token);
    }

    /// <summary>How many times all processes were looked at.</summary>
    public long Looks => Interlocked.Read(ref _looks);

    /// <summary>Where a secret was seen, such as <c>argument list of process 123 (nmcli)</c>.</summary>
    public IReadOnlyCollection<string> Seen
    {
        get
        {
            lock (_seen)
            {
                return [.. _seen];
            }
        }
    }

    /// <summary>Whether a secret is in these bytes.</summary>
    public bool IsIn(ReadOnlySpan<byte> bytes)
    {
        foreach (var form in _forms)
        {
            if (bytes.IndexOf(form) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private static IEnumerable<string> Forms(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        yield return secret;
        yield return Convert.ToBase64String(bytes).TrimEnd('=');
        yield return Convert.ToHexStringLower(bytes);
        yield return Convert.ToHexString(bytes);
        yield return Uri.EscapeDataString(secret);
    }

    private async Task WatchAsync(TimeProvider time, CancellationToken stop)
    {
        var known = new Dictionary<string, long>(StringComparer.Ordinal);
        while (!stop.IsCancellationRequested)
        {
            var present = new Dictionary<string, long>(StringComparer.Ordinal);
            foreach (var process in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(path[^1])))
            {
                var looks = present[process] = known.GetValueOrDefault(process) + 1;
                if (looks > Often && looks % Often != 0)
                {
                    continue;
                }

                Look(process, "cmdline", "argument list");
                Look(process, "environ", "environment");
            }

            known = present;
            Interlocked.Increment(ref _looks);
            await Task.Delay(Pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Look(string process, string file, string what)
    {
        try
        {
            if (IsIn(File.ReadAllBytes(Path.Combine(process, file))))
            {
                var name = File.ReadAllText(Path.Combine(process, "comm")).Trim();
                lock (_seen)
                {
                    _seen.Add($"{what} of process {Path.GetFileName(process)} ({name})");
                }
            }
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // The process ended while it was looked at, or belongs to somebody else.
        }
    }
}
