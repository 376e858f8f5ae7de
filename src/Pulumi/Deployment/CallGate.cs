namespace Pulumi.Runtime;

/// <summary>Counts calls to the engine, and lets no new ones pass once the run has failed.</summary>
internal sealed class CallGate
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _drained;
    private int _inFlight;

    /// <param name="what">What the call is for, for the error.</param>
    /// <param name="call">The call.</param>
    /// <exception cref="EngineClosedException">The gate is closed.</exception>
    public async Task<T> PassAsync<T>(string what, Func<Task<T>> call)
    {
        lock (_lock)
        {
            if (_drained is not null)
            {
                throw new EngineClosedException(what, cause: null);
            }

            _inFlight++;
        }

        try
        {
            return await call().ConfigureAwait(false);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Closes the gate and waits for the calls in flight.</summary>
    public Task CloseAsync()
    {
        lock (_lock)
        {
            _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_inFlight == 0)
            {
                _drained.TrySetResult();
            }

            return _drained.Task;
        }
    }

    private void Leave()
    {
        lock (_lock)
        {
            _inFlight--;
            if (_inFlight == 0)
            {
                _drained?.TrySetResult();
            }
        }
    }
}
