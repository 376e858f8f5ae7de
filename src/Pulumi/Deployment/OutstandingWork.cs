using System.Collections.Immutable;

namespace Pulumi.Runtime;

/// <summary>All that the program has set going: outputs, registrations, log messages. The run lasts until it is done, or until the first of it fails.</summary>
internal sealed class OutstandingWork
{
    private readonly Lock _lock = new();
    private readonly HashSet<Exception> _reported = new(ReferenceEqualityComparer.Instance);
    private readonly List<Exception> _failures = [];
    private TaskCompletionSource? _turn;
    private int _running;

    public void Track(Task task)
    {
        if (task.IsCompletedSuccessfully)
        {
            return;
        }

        lock (_lock)
        {
            _running++;
        }

        _ = WatchAsync(task, Blame.Surroundings);
    }

    public void Fail(Exception exception)
    {
        lock (_lock)
        {
            Note(exception);
        }
    }

    /// <summary>Waits until all is done, or something has failed.</summary>
    /// <returns>What failed since the last call, each exception once.</returns>
    public async Task<ImmutableArray<Exception>> WaitAsync()
    {
        Task turn;
        lock (_lock)
        {
            _turn ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            turn = _turn.Task;
            Announce();
        }

        await turn.ConfigureAwait(false);
        return TakeFailures();
    }

    /// <summary>What failed since the last call, each exception once.</summary>
    public ImmutableArray<Exception> TakeFailures()
    {
        lock (_lock)
        {
            ImmutableArray<Exception> failures = [.. _failures];
            _failures.Clear();
            return failures;
        }
    }

    private async Task WatchAsync(Task task, Blame? surroundings)
    {
        try
        {
            await task.ConfigureAwait(false);
            Done([]);
        }
        catch (Exception exception)
        {
            // A cancelled task counts as failed: what waits for it never comes, and a run without it would delete things.
            var failures = task.Exception?.InnerExceptions ?? (IReadOnlyCollection<Exception>)[exception];
            foreach (var failure in failures)
            {
                Blame.Note(failure, surroundings?.Resources ?? [], surroundings?.NearSecret ?? false);
            }

            Done(failures);
        }
    }

    private void Done(IReadOnlyCollection<Exception> failures)
    {
        lock (_lock)
        {
            _running--;
            foreach (var failure in failures)
            {
                Note(failure);
            }

            Announce();
        }
    }

    /// <summary>An exception fails everything downstream of it, too; it counts once.</summary>
    private void Note(Exception exception)
    {
        if (_reported.Add(exception))
        {
            _failures.Add(exception);
        }
    }

    private void Announce()
    {
        if (_turn is not null && (_running == 0 || _failures.Count > 0))
        {
            _turn.TrySetResult();
            _turn = null;
        }
    }
}
