namespace Provisioner.Provider.Remote.Ssh;

/// <summary>
/// How long a device is dialled. One that greets is there, if slow: that try may go on beyond the end, for as long as an answer
/// may take; but what fails after the end is not tried again, however often it greets. The greeting comes on a thread of the
/// library's, perhaps when nobody waits for it any more.
/// </summary>
internal sealed class DialPatience(TimeSpan patience, TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _end = new(patience, time);
    private readonly Lock _lock = new();
    private bool _isOver;
    private readonly long _begun = time.GetTimestamp();

    /// <summary>Cancelled when the patience has ended.</summary>
    public CancellationToken End => _end.Token;

    /// <summary>It does not end while the try that greeted goes on; that has an end of its own.</summary>
    public void Hold() => Extend(Timeout.InfiniteTimeSpan);

    /// <summary>It ends so much after now.</summary>
    public void Extend(TimeSpan rest)
    {
        lock (_lock)
        {
            if (!_isOver)
            {
                _end.CancelAfter(rest);
            }
        }
    }

    /// <summary>It goes on as if it had not been held.</summary>
    public void Resume()
    {
        if (patience == Timeout.InfiniteTimeSpan)
        {
            return;
        }

        var left = patience - time.GetElapsedTime(_begun);
        if (left > TimeSpan.Zero)
        {
            Extend(left);
        }
        else
        {
            _end.Cancel();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
        }

        _end.Dispose();
    }
}
