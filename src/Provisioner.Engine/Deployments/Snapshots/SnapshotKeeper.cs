using System.Collections.Immutable;
using Provisioner.Engine.State;

namespace Provisioner.Engine.Deployments.Snapshots;

/// <summary>
/// The state of a running deployment: resources that this run has dealt with, in the order in which they were, then what is left of the state it
/// started from. A resource is registered after everything it needs, so this order is topological but for what a targeted run leaves alone. Thread-safe.
/// </summary>
internal sealed class SnapshotKeeper : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _saving = new(1);
    private readonly ISnapshotStore? _store;
    private readonly TimeProvider _time;
    private readonly string _version;
    private readonly EntryList _old;
    private readonly EntryList _new = new();
    private readonly List<PendingOperation> _inFlight = [];
    private readonly Dictionary<string, string> _renamed = new(StringComparer.Ordinal);
    private ImmutableArray<PendingOperation> _carriedOver;
    private long _changes;
    private long _saved;

    /// <param name="store">Null for a preview: nothing is saved.</param>
    /// <param name="version">The engine's version, for the manifest.</param>
    public SnapshotKeeper(Snapshot start, ISnapshotStore? store, TimeProvider time, string version)
    {
        _store = store;
        _time = time;
        _version = version;
        _old = new EntryList(start.Resources.Select(state => new ResourceEntry(state)));

        // Only what was being created may exist without our knowing; the others are in the state anyway.
        _carriedOver = [.. start.PendingOperations.Where(operation => operation.Type == PendingOperationType.Creating)];
    }

    /// <summary>What is left of the state that the run started from, in its order.</summary>
    public ImmutableArray<ResourceEntry> Old
    {
        get
        {
            lock (_gate)
            {
                return [.. _old];
            }
        }
    }

    /// <summary>Every resource, as a saved state would have them.</summary>
    public ImmutableArray<ResourceEntry> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _new, .. _old];
            }
        }
    }

    /// <summary>The live resource of a URN in what is left of the state that the run started from, or null.</summary>
    public ResourceEntry? FindOld(string urn)
    {
        lock (_gate)
        {
            return _old.FindLive(urn);
        }
    }

    /// <summary>Adds a resource that this run has dealt with.</summary>
    public ResourceEntry Add(ResourceState state)
    {
        lock (_gate)
        {
            var entry = new ResourceEntry(state);
            _new.Add(entry);
            _changes++;
            return entry;
        }
    }

    /// <summary>Changes a resource in its place.</summary>
    public void Set(ResourceEntry entry, ResourceState state)
    {
        lock (_gate)
        {
            entry.State = state;
            _changes++;
        }
    }

    /// <summary>Takes a resource out; one that is gone already may be given again.</summary>
    public void Remove(ResourceEntry entry)
    {
        lock (_gate)
        {
            _ = _old.Remove(entry) || _new.Remove(entry);
            _changes++;
        }
    }

    /// <summary>From now on, references to one URN are written as references to another: the resource has been found under an alias.</summary>
    public void Rename(string from, string to)
    {
        lock (_gate)
        {
            _renamed[from] = to;
        }
    }

    /// <summary>Notes a step in flight.</summary>
    public PendingOperation Begin(ResourceState resource, PendingOperationType type)
    {
        lock (_gate)
        {
            var operation = new PendingOperation(resource, type);
            _inFlight.Add(operation);
            _changes++;
            return operation;
        }
    }

    /// <summary>A step has ended, well or not: the provider's answer says what there is.</summary>
    public void End(PendingOperation operation)
    {
        lock (_gate)
        {
            _inFlight.RemoveAll(candidate => ReferenceEquals(candidate, operation));
            _changes++;
        }
    }

    /// <summary>Forgets creations that an earlier run was interrupted in.</summary>
    public void ClearPendingCreates()
    {
        lock (_gate)
        {
            _carriedOver = [];
            _changes++;
        }
    }

    /// <summary>
    /// The state as it is now. What was read and is gone has no references to it, though the resources here keep theirs: it may be created
    /// again in a moment, and if the run ends before that, the state must be one that can be read.
    /// </summary>
    public Snapshot Current()
    {
        lock (_gate)
        {
            var resources = _new.Concat(_old).Select(entry => References.Rename(entry.State, _renamed)).ToList();
            var urns = resources.Select(state => state.Urn).ToHashSet(StringComparer.Ordinal);
            return new Snapshot(
                new Manifest(_time.GetUtcNow(), _version),
                TopologicalOrder.Sort([.. resources.Select(state => References.Of(state).All(urns.Contains) ? state : References.Prune(state, urns.Contains))]),
                [.. _carriedOver, .. _inFlight]);
        }
    }

    /// <summary>Makes what has changed so far durable. Callers that come together share one write.</summary>
    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        if (_store is null)
        {
            return;
        }

        var wanted = Interlocked.Read(ref _changes);
        await _saving.WaitAsync(cancellationToken);
        try
        {
            if (_saved >= wanted && _saved > 0)
            {
                return;
            }

            Snapshot snapshot;
            long changes;
            lock (_gate)
            {
                changes = _changes;
                snapshot = Current();
            }

            await _store.SaveAsync(snapshot, cancellationToken);
            _saved = changes;
        }
        finally
        {
            _saving.Release();
        }
    }

    public void Dispose() => _saving.Dispose();
}
