using System.Collections.Immutable;
using Provisioner.Provider.Remote.Claims;

namespace Provisioner.Provider.Remote;

/// <summary>Our end of a device: over SSH, or this machine.</summary>
internal abstract class DeviceEnd(DeviceAddress address) : IAsyncDisposable
{
    // A SemaphoreSlim holds nothing that needs disposing, and lets in who waits in the order of asking.
#pragma warning disable CA2213
    private readonly SemaphoreSlim _alone = new(1);
#pragma warning restore CA2213
    private readonly Lock _lock = new();
    private long _generation;
    private int _changing;
    private TaskCompletionSource? _quiet;

    public DeviceAddress Address { get; } = address;

    /// <summary>See <see cref="IRemote.LoginKeys"/>.</summary>
    public virtual ImmutableArray<string> LoginKeys => [];

    /// <summary>See <see cref="IRemote.Generation"/>.</summary>
    public long Generation => Interlocked.Read(ref _generation);

    /// <summary>Completes when no script that changes the device is under way; see <see cref="IRemote.QuietAsync"/>.</summary>
    public Task Quiet => Volatile.Read(ref _quiet)?.Task ?? Task.CompletedTask;

    /// <summary>See <see cref="IRemote.AloneAsync"/>.</summary>
    public async Task<IDisposable> AloneAsync(CancellationToken cancellation)
    {
        await _alone.WaitAsync(cancellation);
        return new Turn(() => _alone.Release());
    }

    /// <summary>See <see cref="IRemote.RunAsync"/>.</summary>
    public async Task<ScriptResult> RunAsync(Script script, Use use, CancellationToken cancellation)
    {
        if (!script.Changes)
        {
            return await ExecuteAsync(script, use, cancellation);
        }

        if (script is { NeedsRoot: true, FreshLink: false } && use.By is { } by)
        {
            await ClaimAsync(by, use, cancellation);
        }

        // At its begin and at its end: what is read meanwhile may be half of the old and half of the new.
        Begin();
        try
        {
            return await ExecuteAsync(script, use, cancellation);
        }
        finally
        {
            End();
        }
    }

    public abstract ValueTask DisposeAsync();

    /// <summary>
    /// Sees that nobody else changes the device, before a script that does. Not before one that has to come in afresh: that
    /// answers for a change that is under way, and a watchdog waits for it.
    /// </summary>
    /// <exception cref="Errors.DeviceHeldException">Somebody else does.</exception>
    protected abstract Task ClaimAsync(Operator by, Use use, CancellationToken cancellation);

    protected abstract Task<ScriptResult> ExecuteAsync(Script script, Use use, CancellationToken cancellation);

    private void Begin()
    {
        lock (_lock)
        {
            Interlocked.Increment(ref _generation);
            if (_changing++ == 0)
            {
                _quiet = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    private void End()
    {
        lock (_lock)
        {
            Interlocked.Increment(ref _generation);
            if (--_changing == 0)
            {
                _quiet!.SetResult();
            }
        }
    }

    private sealed class Turn(Action end) : IDisposable
    {
        private Action? _end = end;

        public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
    }
}
