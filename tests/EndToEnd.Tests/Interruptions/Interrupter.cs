using System.Diagnostics;
using System.Globalization;
using EndToEnd.Tests.Support;

namespace EndToEnd.Tests.Interruptions;

/// <summary>Whom kill -9 strikes.</summary>
public enum Victim
{
    Engine,
    Provider,
}

/// <summary>When kill -9 strikes.</summary>
/// <param name="Words">When the command prints a line with all of these in it; empty for another moment.</param>
/// <param name="Saves">When the state file has been written this often; 0 for another moment.</param>
/// <param name="Delay">How long after that moment, or after the start where there is none.</param>
internal sealed record Cut(Victim Victim, string[] Words, int Saves, TimeSpan Delay)
{
    public override string ToString() =>
        $"kill -9 of the {Victim} {Delay.TotalMilliseconds:0} ms after {(Words.Length > 0 ? $"\"{string.Join(' ', Words)}\"" : Saves > 0 ? $"save {Saves}" : "the start")}";
}

/// <summary>Waits for the moment of a cut while a command runs, and strikes.</summary>
internal sealed class Interrupter(Cut cut, string stateFile) : ITypingObserver
{
    private const string ProviderName = "pulumi-resource-provisioner";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<bool>? _strike;

    public void Started(int processId) => _strike = StrikeAsync(processId, TestContext.Current.CancellationToken);

    public void Printed(string line)
    {
        if (cut.Words.Length > 0 && Array.TrueForAll(cut.Words, word => line.Contains(word, StringComparison.Ordinal)))
        {
            _reached.TrySetResult();
        }
    }

    /// <summary>Whether it struck; false when the command was over before.</summary>
    public async Task<bool> StruckAsync()
    {
        _reached.TrySetCanceled();
        return _strike is not null && await _strike;
    }

    private async Task<bool> StrikeAsync(int engine, CancellationToken cancellation)
    {
        try
        {
            if (cut.Words.Length > 0)
            {
                await _reached.Task.WaitAsync(cancellation);
            }
            else if (cut.Saves > 0)
            {
                await WaitForSavesAsync(cancellation);
            }

            await Task.Delay(cut.Delay, cancellation);
            return cut.Victim == Victim.Engine ? Kill(engine) : await KillProviderAsync(engine, cancellation);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Every save replaces the file, so its time of change moves.</summary>
    private async Task WaitForSavesAsync(CancellationToken cancellation)
    {
        var seen = File.GetLastWriteTimeUtc(stateFile);
        for (var saves = 0; saves < cut.Saves && !_reached.Task.IsCompleted; await Task.Delay(Pause, cancellation))
        {
            var now = File.GetLastWriteTimeUtc(stateFile);
            saves += now == seen ? 0 : 1;
            seen = now;
        }

        if (_reached.Task.IsCanceled)
        {
            throw new OperationCanceledException();
        }
    }

    private async Task<bool> KillProviderAsync(int engine, CancellationToken cancellation)
    {
        while (!_reached.Task.IsCanceled)
        {
            if (ChildNamed(engine, ProviderName) is { } provider)
            {
                return Kill(provider);
            }

            await Task.Delay(Pause, cancellation);
        }

        return false;
    }

    private static int? ChildNamed(int parent, string name)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(path[^1])))
        {
            try
            {
                var status = File.ReadAllText(Path.Combine(folder, "stat"));
                // The name stands in brackets and may hold anything; state and parent follow it.
                var rest = status[(status.LastIndexOf(')') + 2)..].Split(' ');
                if (int.Parse(rest[1], CultureInfo.InvariantCulture) == parent
                    && File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0')[0].EndsWith(name, StringComparison.Ordinal))
                {
                    return int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture);
                }
            }
            catch (IOException)
            {
                // It ended while it was looked at.
            }
        }

        return null;
    }

    private static bool Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
            return true;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }
}
