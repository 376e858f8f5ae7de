using Provisioner.Provider.Errors;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Provisioner.Provider.Remote.Ssh;

/// <summary>One script on one link: its streams pumped, its deadline kept, its process ended when nobody waits for it any more.</summary>
internal sealed class SshExec(SshLink link, DeviceAddress address, Script script, LinkTiming timing, TimeProvider time, Tally.Counts? counts)
{
    private readonly ScriptOutput _output = new(script);
    private readonly TaskCompletionSource _overflow = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SshCommand? _command;

    /// <summary>Ends what is left of an abandoned script; completed when nothing is.</summary>
    public Task Aftermath { get; private set; } = Task.CompletedTask;

    /// <exception cref="ChannelRefusedException">The device allows no more sessions now; nothing has begun.</exception>
    public Task<ScriptResult> RunAsync(CancellationToken cancellation) => link.UseAsync(client => RunAsync(client, cancellation));

    private async Task<ScriptResult> RunAsync(SshClient client, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(script.Deadline, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        var work = RunCommandAsync(client);
        var stopped = Task.Delay(Timeout.InfiniteTimeSpan, stop.Token);
        var first = await Task.WhenAny(work, link.Lost, _overflow.Task, stopped);
        if (first == work)
        {
            return await work;
        }

        // The work is left to itself: it ends when its command is disposed, or never, and nobody is kept waiting for it.
        _ = work.ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        if (first == link.Lost)
        {
            throw LinkLost(await link.Lost);
        }

        Aftermath = EndAsync(client, work);
        if (first == _overflow.Task)
        {
            return _output.Conclude(address, null, null);
        }

        cancellation.ThrowIfCancellationRequested();
        throw new ScriptTimeoutException($"A script did not end within {script.Deadline.TotalSeconds:0.#} s")
        {
            Where = address.Display,
            Why = _output.StderrTail is { Length: > 0 } tail ? $"it said: {tail}" : "it said nothing",
            Next = "look at the device (a dead disk or a full one makes commands hang); the script was told to end, but may still run",
        };
    }

    private async Task<ScriptResult> RunCommandAsync(SshClient client)
    {
        var command = client.CreateCommand(CommandLine.ForShell(script, address.User));
        _command = command;
        try
        {
            var execution = await SshLink.OnThread(() => command.ExecuteAsync(CancellationToken.None));
            counts?.Executed();
            var stdout = SshLink.OnThread(() => Pump(command.OutputStream, TakeStdout));
            var stderr = SshLink.OnThread(() => Pump(command.ExtendedOutputStream, TakeStderr));
            if (script.Stdin is { } payload)
            {
                // A script may end without reading all of it; the library then still waits for room to write.
                var feed = SshLink.OnThread(() => FeedAsync(command, payload)).Unwrap();
                _ = feed.ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
                if (await Task.WhenAny(feed, execution) == feed)
                {
                    await feed;
                }
            }

            await execution;
            await Task.WhenAll(stdout, stderr);
            var result = _output.Conclude(address, command.ExitStatus, command.ExitSignal);
            command.Dispose();
            return result;
        }
        catch (Exception failure) when (SshLink.IsBroken(failure) || failure is SshOperationTimeoutException)
        {
            link.Lose(failure.Message);
            throw LinkLost(failure.Message, failure);
        }
        catch (SshException refused) when (_output.Received == 0)
        {
            throw new ChannelRefusedException(refused);
        }
    }

    private async Task FeedAsync(SshCommand command, Payload payload)
    {
        try
        {
            await using var stdin = command.CreateInputStream();
            await Stdin.WriteAsync(payload, stdin, counts, CancellationToken.None);
        }
        catch (Exception failure) when (failure is InvalidOperationException or ObjectDisposedException || (failure is SshException and not SshConnectionException and not SshOperationTimeoutException))
        {
            // The script ended before it had read all of it; its exit code says why.
        }
    }

    private static int Pump(Stream stream, Action<byte[]> take)
    {
        var buffer = new byte[32 * 1024];
        try
        {
            while (stream.Read(buffer, 0, buffer.Length) is var count and > 0)
            {
                take(buffer[..count]);
            }
        }
        catch (ObjectDisposedException)
        {
            // The command was given up.
        }

        return 0;
    }

    private void TakeStdout(byte[] bytes)
    {
        link.Heard();
        counts?.Received(bytes.Length);
        _output.AddStdout(bytes);
        if (_output.Overflowed)
        {
            _overflow.TrySetResult();
        }
    }

    private void TakeStderr(byte[] bytes)
    {
        link.Heard();
        counts?.Received(bytes.Length);
        _output.AddStderr(bytes);
    }

    private async Task EndAsync(SshClient client, Task work)
    {
        try
        {
            // Who gives up at once is quicker than the script's first line, by which it can be ended.
            await Task.WhenAny(_output.Group, work, Task.Delay(timing.IdleAnswer, time));
            if (_output.Group.IsCompleted)
            {
                var group = await _output.Group;
                using var ending = client.CreateCommand(CommandLine.Ending(group, script.NeedsRoot, address.User, timing.Grace));
                await SshLink.OnThread(() => ending.ExecuteAsync(CancellationToken.None)).Unwrap().WaitAsync((timing.Grace * 2) + timing.IdleAnswer, time);
            }

            await SshLink.OnThread(() =>
            {
                _command?.Dispose();
                return 0;
            }).WaitAsync(timing.IdleAnswer, time);
        }
        catch (Exception failure) when (failure is SshException or TimeoutException || SshLink.IsBroken(failure))
        {
            // Best effort: the error that is on its way says that the script may still run.
        }
    }

    private DeviceLinkLostException LinkLost(string reason, Exception? inner = null) => new($"The connection to {address.Display} was lost while a script ran", inner)
    {
        Where = address.Display,
        Why = $"{reason}\n{(script.Idempotent ? "the script may be run again" : "whether the script went through is not known")}",
        Next = "run the preview: it looks at what is there now",
    };
}

/// <summary>The device did not open a session: too many are open (sshd's MaxSessions). The script did not begin.</summary>
internal sealed class ChannelRefusedException(Exception inner) : Exception(inner.Message, inner);
