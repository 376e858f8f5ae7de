using System.Text;
using Pulumi.Wire.Redaction;

namespace Provisioner.Provider.Tests.Remote;

/// <summary>Reads all of /proc again and again, and remembers where a secret stood.</summary>
internal sealed class ProcessWatcher : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<string> _processes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _leaks = new(StringComparer.Ordinal);
    private readonly Redactor _redactor = new();
    private readonly Task _watching;

    public ProcessWatcher(string secret)
    {
        // The redactor knows the forms a secret may take: what it would take out must not be there.
        _redactor.Learn(secret);
        _watching = Task.Factory.StartNew(Watch, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public async Task<(IReadOnlyCollection<string> Processes, IReadOnlyCollection<string> Leaks)> StopAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        return (_processes, _leaks);
    }

    public void Dispose() => _stop.Dispose();

    private void Watch()
    {
        do
        {
            foreach (var process in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(path[6])))
            {
                foreach (var file in new[] { "cmdline", "environ" })
                {
                    Look(Path.Combine(process, file));
                }
            }
        }
        while (!_stop.IsCancellationRequested);
    }

    /// <summary>A script stands in a login shell's command line as base64: here it is read as well.</summary>
    private static string Read(string text)
    {
        var word = text.TrimEnd()[(text.TrimEnd().LastIndexOf(' ') + 1)..];
        var bytes = new byte[word.Length];
        return word.Length > 16 && Convert.TryFromBase64String(word, bytes, out var length) ? $"{text}\n{Encoding.UTF8.GetString(bytes, 0, length)}" : text;
    }

    private void Look(string file)
    {
        try
        {
            var text = Encoding.UTF8.GetString(File.ReadAllBytes(file)).Replace('\0', ' ');
            if (file.EndsWith("cmdline", StringComparison.Ordinal))
            {
                text = Read(text);
                _processes.Add(text);
            }

            if (_redactor.Redact(text) != text)
            {
                _leaks.Add($"{file}: {text}");
            }
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // The process has ended, or is another user's.
        }
    }
}
