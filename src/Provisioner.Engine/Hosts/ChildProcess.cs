using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;

namespace Provisioner.Engine.Hosts;

/// <summary>
/// A long-lived child, a program or a plugin, in a session of its own: Ctrl-C at the terminal reaches the engine only, which then asks
/// the child politely. A shell beside it holds the other end of a pipe: it passes signals on to the child's whole process group, and
/// when the engine dies, however it dies, the pipe closes and the shell ends the group. So nothing outlives the engine.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int TailLines = 40;

    /// <summary>
    /// The watcher ignores TERM, and as a background job INT, so that it outlives the polite signals it sends to its own group.
    /// Its standard output is closed, or readers of the child's output would wait for it.
    /// </summary>
    private const string Supervisor = """
        exec 3<&0 </dev/null
        (
          trap '' TERM
          exec >/dev/null 2>&1
          while read -r signal <&3; do kill -s "$signal" -- "-$$"; done
          kill -s TERM -- "-$$"; sleep 5; kill -s KILL -- "-$$"
        ) &
        exec 3<&-
        exec "$@"
        """;

    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly Queue<string> _tail = new();
    private readonly Task _outputs;
    private readonly Task _exit;

    private ChildProcess(Process process, Action<string, bool> onLine)
    {
        _process = process;
        _outputs = Task.WhenAll(
            ReadLinesAsync(process.StandardOutput, line => onLine(line, false)),
            ReadLinesAsync(process.StandardError, line =>
            {
                Remember(line);
                onLine(line, true);
            }));
        _exit = WaitAsync();
    }

    /// <summary>The last lines of standard error.</summary>
    public string ErrorTail
    {
        get
        {
            lock (_gate)
            {
                return string.Join('\n', _tail);
            }
        }
    }

    /// <summary>Ends when the process has ended.</summary>
    public Task Exited => _exit;

    public bool HasExited => _exit.IsCompleted;

    /// <exception cref="InvalidOperationException">It has not ended yet.</exception>
    public int ExitCode => _process.ExitCode;

    public int Id => _process.Id;

    /// <param name="onLine">Called for every line of standard output (false) and error (true), each in order.</param>
    /// <exception cref="HostException">The command cannot be started.</exception>
    public static ChildProcess Start(Launch launch, Action<string, bool> onLine)
    {
        var start = new ProcessStartInfo
        {
            WorkingDirectory = launch.Directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = new UTF8Encoding(false),
            StandardErrorEncoding = new UTF8Encoding(false),
        };

        var command = Supervise(launch);
        start.FileName = command[0];
        foreach (var argument in command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        ChildEnvironment.Apply(start.Environment, launch.Environment);
        try
        {
            return new ChildProcess(Process.Start(start)!, onLine);
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or IOException)
        {
            throw new HostException($"{launch.Command} cannot be started in {launch.Directory}: {exception.Message}");
        }
    }

    /// <summary>The command that runs a child under its watcher; the watcher lives as long as its standard input is open.</summary>
    public static ImmutableArray<string> Supervise(Launch launch)
    {
        // macOS has no setsid command, but always Perl.
        string[] session = Executables.Find("setsid") is { } setsid ? [setsid] : ["/usr/bin/perl", "-MPOSIX", "-e", "POSIX::setsid(); exec @ARGV", "--"];
        return [.. session, "/bin/sh", "-c", Supervisor, "sh", launch.Command, .. launch.Arguments];
    }

    /// <summary>Sends a signal to the child and everything it started.</summary>
    /// <param name="name">The name without SIG: INT, TERM, KILL.</param>
    public async Task SignalAsync(string name)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(name);
            await _process.StandardInput.FlushAsync();
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The whole group has ended already.
        }
    }

    /// <summary>INT, then TERM for those that were started with INT ignored, then KILL after five seconds. Returns when it has ended.</summary>
    public async Task StopAsync(TimeProvider time)
    {
        foreach (var (signal, wait) in ((string, TimeSpan)[])[("INT", TimeSpan.FromSeconds(2)), ("TERM", TimeSpan.FromSeconds(3))])
        {
            if (HasExited)
            {
                break;
            }

            await SignalAsync(signal);
            await Task.WhenAny(_exit, Task.Delay(wait, time));
        }

        await KillAsync();
    }

    /// <summary>Ends the child, and whatever it left behind in its process group.</summary>
    public async Task KillAsync()
    {
        await SignalAsync("KILL");
        await _exit;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private static async Task ReadLinesAsync(StreamReader reader, Action<string> onLine)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            onLine(line);
        }
    }

    private void Remember(string line)
    {
        lock (_gate)
        {
            _tail.Enqueue(line);
            if (_tail.Count > TailLines)
            {
                _tail.Dequeue();
            }
        }
    }

    /// <summary>Output may be held open by what the child left behind, so it is waited for a moment only.</summary>
    private async Task WaitAsync()
    {
        await _process.WaitForExitAsync();
        await Task.WhenAny(_outputs, Task.Delay(TimeSpan.FromSeconds(1)));
    }
}
