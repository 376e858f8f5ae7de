using Provisioner.Provider.Errors;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Provisioner.Provider.Remote.Ssh;

/// <summary>
/// One live SSH connection. SSH.NET blocks threads and never notices a silent link, so everything that could block runs on
/// threads of its own, and whoever waits is released by <see cref="Lost"/> whether or not those threads come back.
/// </summary>
internal sealed class SshLink : IDisposable
{
    private static int _serial;

    private readonly SshClient _client;
    private readonly LinkTiming _timing;
    private readonly TimeProvider _time;
    private readonly DeviceAddress _address;
    private readonly TaskCompletionSource<string> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private long _lastSign;
    private int _running;
    private bool _isRetired;
    private bool _isDisposed;

    public SshLink(SshClient client, DeviceAddress address, LinkTiming timing, TimeProvider time)
    {
        (_client, _address, _timing, _time) = (client, address, timing, time);
        _lastSign = time.GetTimestamp();
        _client.ErrorOccurred += (_, error) => Lose(error.Exception.Message);
        Serial = Interlocked.Increment(ref _serial);
    }

    /// <summary>Tells links apart.</summary>
    public int Serial { get; }

    /// <summary>The connection that carries this one and ends with it; null for none.</summary>
    public SshWay? Way { get; init; }

    /// <summary>Completes, with the reason, when the connection is broken or silent.</summary>
    public Task<string> Lost => _lost.Task;

    /// <summary>Whether it may be used for something new.</summary>
    public bool IsUsable => !_isRetired && !_lost.Task.IsCompleted && _client.IsConnected;

    /// <summary>Whether nothing has been heard of it for a while, so that it is better asked first.</summary>
    public bool IsStale => _running == 0 && _time.GetElapsedTime(Interlocked.Read(ref _lastSign)) > _timing.Idle;

    /// <summary>Something arrived.</summary>
    public void Heard() => Interlocked.Exchange(ref _lastSign, _time.GetTimestamp());

    /// <summary>Gives it up: whoever waits on it is told.</summary>
    public void Lose(string reason)
    {
        if (_lost.TrySetResult(reason))
        {
            Dispose();
        }
    }

    /// <summary>No new use; it ends when what runs on it has ended.</summary>
    public void Retire()
    {
        bool isIdle;
        lock (_lock)
        {
            _isRetired = true;
            isIdle = _running == 0;
        }

        if (isIdle)
        {
            Dispose();
        }
    }

    /// <summary>Asks a question that needs an answer.</summary>
    /// <returns>False when none came in time; the link is then lost.</returns>
    public async Task<bool> AnswersAsync(TimeSpan within, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(within, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var question = _client.CreateCommand(":");
            await OnThread(() => question.ExecuteAsync(CancellationToken.None)).Unwrap().WaitAsync(stop.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            Lose($"it gave no answer for {within.TotalSeconds:0.#} s");
            return false;
        }
        catch (SshOperationTimeoutException)
        {
            Lose("it gave no answer");
            return false;
        }
        catch (Exception failure) when (IsBroken(failure))
        {
            Lose(failure.Message);
            return false;
        }
        catch (SshException)
        {
            // A session that is refused (MaxSessions) is an answer too.
        }

        Heard();
        return true;
    }

    /// <summary>Runs one command line; see <see cref="SshExec"/>.</summary>
    public async Task<T> UseAsync<T>(Func<SshClient, Task<T>> use)
    {
        lock (_lock)
        {
            if (!IsUsable)
            {
                throw new DeviceLinkLostException($"The connection to {_address.Display} was lost") { Where = _address.Display };
            }

            _running++;
            if (_running == 1)
            {
                Heard();
                _ = WatchAsync();
            }
        }

        try
        {
            return await use(_client);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Opens a port of this machine, on loopback, that leads through this connection to another machine. What it carries proves itself: a host key is checked at its end.</summary>
    public async Task<SshWay> ForwardAsync(string host, int port, CancellationToken cancellation)
    {
        var forward = new ForwardedPortLocal("127.0.0.1", 0, host, (uint)port);
        _client.AddForwardedPort(forward);
        await OnThread(() =>
        {
            forward.Start();
            return 0;
        }).WaitAsync(cancellation);
        return new SshWay(this, forward);
    }

    /// <summary>Whether an exception of SSH.NET says that the connection is gone.</summary>
    public static bool IsBroken(Exception failure) =>
        failure is SshConnectionException or ObjectDisposedException or IOException or System.Net.Sockets.SocketException
        || (failure is AggregateException several && several.InnerExceptions.Any(IsBroken));

    /// <summary>A thread of its own: a pool's thread that blocks would be missed by everybody.</summary>
    public static Task<T> OnThread<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    /// <summary>How many run on it.</summary>
    public int Running => Volatile.Read(ref _running);

    public void Dispose()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
        }

        _lost.TrySetResult("it was closed");

        // Closing a dead connection can block; nobody needs to wait for it.
        _ = OnThread(() =>
        {
            try
            {
                _client.Dispose();
            }
            catch (Exception failure) when (failure is SshException || IsBroken(failure))
            {
                // It is gone either way.
            }

            Way?.Dispose();
            return 0;
        });
    }

    private void Leave()
    {
        bool isOver;
        lock (_lock)
        {
            _running--;
            isOver = _running == 0 && _isRetired;
        }

        if (isOver)
        {
            Dispose();
        }
    }

    /// <summary>While anything runs: whenever nothing was heard for a while, asks.</summary>
    private async Task WatchAsync()
    {
        while (Running > 0 && !_lost.Task.IsCompleted)
        {
            var quiet = _time.GetElapsedTime(Interlocked.Read(ref _lastSign));
            if (quiet < _timing.Quiet)
            {
                await Task.WhenAny(_lost.Task, Task.Delay(_timing.Quiet - quiet, _time));
            }
            else
            {
                await AnswersAsync(_timing.Answer, CancellationToken.None);
            }
        }
    }
}
