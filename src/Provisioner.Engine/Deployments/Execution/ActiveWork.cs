namespace Provisioner.Engine.Deployments.Execution;

/// <summary>Counts what is going on, so that its end can be waited for.</summary>
internal sealed class ActiveWork
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _idle = NewIdle(isIdle: true);
    private int _count;

    /// <summary>Something begins; dispose of it when it ends.</summary>
    public IDisposable Begin()
    {
        lock (_gate)
        {
            if (_count++ == 0)
            {
                _idle = NewIdle(isIdle: false);
            }
        }

        return new Work(this);
    }

    /// <summary>Waits until nothing is going on.</summary>
    public Task IdleAsync()
    {
        lock (_gate)
        {
            return _idle.Task;
        }
    }

    private static TaskCompletionSource NewIdle(bool isIdle)
    {
        var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (isIdle)
        {
            idle.SetResult();
        }

        return idle;
    }

    private void End()
    {
        lock (_gate)
        {
            if (--_count == 0)
            {
                _idle.SetResult();
            }
        }
    }

    private sealed class Work(ActiveWork owner) : IDisposable
    {
        public void Dispose() => owner.End();
    }
}
