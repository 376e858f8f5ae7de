using Provisioner.Provider.Errors;

namespace Provisioner.Provider.Remote;

/// <summary>
/// What was read of each device, shared by everything that asks: concurrent questions are one, and any script that changes
/// the device ends the answer's life. A failure is not kept. One who stops waiting does not stop the others.
/// Where several change a device at the same time, and each will look afterwards, one look behind them all is enough.
/// </summary>
/// <param name="inspect">Reads the device; runs once for all who wait.</param>
internal sealed class SharedInspection<T>(Func<IRemote, CancellationToken, Task<T>> inspect) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Flight> _flights = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _end = new();

    /// <summary>What the device is like now.</summary>
    /// <exception cref="ProviderException">It cannot be read.</exception>
    public async Task<T> GetAsync(IRemote remote, CancellationToken cancellation)
    {
        while (true)
        {
            await remote.QuietAsync(cancellation);
            var (flight, isMine) = Join(remote);
            try
            {
                return await flight.Task.WaitAsync(cancellation);
            }
            catch (DeviceUnreachableException) when (!isMine && flight.Patience < remote.DialPatience)
            {
                // Somebody less patient gave up; that says nothing about how long this one may wait.
            }
        }
    }

    /// <summary>Ends the readings under way.</summary>
    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    private (Flight Flight, bool IsMine) Join(IRemote remote)
    {
        lock (_lock)
        {
            var key = remote.Address.Original;
            if (_flights.TryGetValue(key, out var known) && known.Generation == remote.Generation && !known.Task.IsFaulted && !known.Task.IsCanceled)
            {
                return (known, false);
            }

            // Task.Run: the reading belongs to nobody who waits for it, and begins outside the lock.
            var flight = new Flight(remote.Generation, remote.DialPatience, Task.Run(() => inspect(remote, _end.Token), _end.Token));
            _flights[key] = flight;
            return (flight, true);
        }
    }

    private sealed record Flight(long Generation, TimeSpan Patience, Task<T> Task);
}
