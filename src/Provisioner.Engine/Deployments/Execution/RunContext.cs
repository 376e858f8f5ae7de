using System.Collections.Immutable;
using Provisioner.Engine.Deployments.Events;

namespace Provisioner.Engine.Deployments.Execution;

/// <summary>What every part of a run shares: its request, its events, its counters, and whether it goes on.</summary>
internal sealed class RunContext : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Action<EngineEvent> _onEvent;
    private readonly SortedDictionary<StepOperation, int> _changes = [];
    private readonly CancellationTokenSource _closed = new();
    private readonly SemaphoreSlim _slots;
    private int _epoch;

    public RunContext(DeploymentRequest request, EngineServices services, Action<EngineEvent> onEvent, CancellationToken kill)
    {
        Request = request;
        Services = services;
        Kill = kill;
        Parallel = request.Options.Parallel > 0 ? request.Options.Parallel : 4 * Environment.ProcessorCount;
        Selection = new Selection(request.Options);
        _slots = new SemaphoreSlim(Parallel);
        _onEvent = onEvent;
        Secrets = new RunSecrets(request);
    }

    public DeploymentRequest Request { get; }

    public EngineServices Services { get; }

    /// <summary>What is not told in clear.</summary>
    public RunSecrets Secrets { get; }

    /// <summary>What is worked on.</summary>
    public Selection Selection { get; }

    /// <summary>How many steps run at once.</summary>
    public int Parallel { get; }

    /// <summary>Everything is to end at once.</summary>
    public CancellationToken Kill { get; }

    public bool Preview => Request.Preview;

    /// <summary>Something failed, or the user stopped the run: the result is a failure.</summary>
    public bool Failed { get; private set; }

    /// <summary>No new steps.</summary>
    public CancellationToken Closed => _closed.Token;

    /// <summary>Grows with every step that changed something real: what was read before may be wrong after.</summary>
    public int Epoch => Volatile.Read(ref _epoch);

    public ImmutableSortedDictionary<StepOperation, int> Changes
    {
        get
        {
            lock (_gate)
            {
                return _changes.ToImmutableSortedDictionary();
            }
        }
    }

    public void Emit(EngineEvent engineEvent)
    {
        var told = engineEvent.Redacted(Secrets.Told);
        lock (_gate)
        {
            _onEvent(told);
        }
    }

    public void Report(DiagnosticSeverity severity, string message, string urn = "") =>
        Emit(new EngineEvent.Diagnostic(severity, message, urn, 0, false));

    public void Activity(string title, bool done) => Emit(new EngineEvent.Activity(title, done));

    /// <summary>Output of plugins and the like, which only those who debug want to see.</summary>
    public void Debug(string message)
    {
        if (Request.Options.Debug)
        {
            Report(DiagnosticSeverity.Debug, message);
        }
    }

    public void Count(StepOperation operation)
    {
        lock (_gate)
        {
            _changes[operation] = _changes.GetValueOrDefault(operation) + 1;
        }
    }

    public void Touch() => Interlocked.Increment(ref _epoch);

    /// <summary>The run has failed: steps in flight end, no others begin.</summary>
    public void Fail()
    {
        Failed = true;
        _closed.Cancel();
    }

    /// <summary>Reports an error and fails the run.</summary>
    public void Fail(string message, string urn = "")
    {
        Report(DiagnosticSeverity.Error, message, urn);
        Fail();
    }

    /// <exception cref="RunClosedException">The run takes no new steps.</exception>
    public void ThrowIfClosed()
    {
        if (_closed.IsCancellationRequested)
        {
            throw new RunClosedException();
        }
    }

    /// <summary>Waits for the right to run a step; dispose of it to give it back.</summary>
    /// <exception cref="RunClosedException">The run takes no new steps.</exception>
    public async Task<IDisposable> EnterAsync()
    {
        try
        {
            await _slots.WaitAsync(_closed.Token);
        }
        catch (OperationCanceledException)
        {
            throw new RunClosedException();
        }

        return new Slot(_slots);
    }

    public void Dispose()
    {
        _closed.Dispose();
        _slots.Dispose();
    }

    private sealed class Slot(SemaphoreSlim slots) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                slots.Release();
            }
        }
    }
}

/// <summary>The run takes no new steps; why has been reported.</summary>
internal sealed class RunClosedException() : Exception("The deployment has ended.");
