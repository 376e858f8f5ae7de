using System.Collections.Immutable;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Remote.Claims;

namespace Provisioner.Provider.Remote.Ssh;

/// <summary>A device over SSH: at most one connection and eight scripts at once, dialled when it is needed and again when it was lost.</summary>
internal sealed class SshDevice : DeviceEnd
{
    // sshd's MaxSessions is 10: eight scripts, the question whether the link lives, and the end of an abandoned script.
    private const int MostScripts = 8;

    private readonly SshDialler _dialler;
    private readonly LinkTiming _timing;
    private readonly TimeProvider _time;

    // A SemaphoreSlim holds nothing that needs disposing, and disposing it would fail those who still release it.
#pragma warning disable CA2213
    private readonly SemaphoreSlim _slots = new(MostScripts);
    private readonly SemaphoreSlim _dialling = new(1);
#pragma warning restore CA2213
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _aftermaths = [];
    private readonly Lazy<ImmutableArray<string>> _keys;
    private readonly DeviceClaim _claim;
    private SshLink? _link;
    private (DeviceUnreachableException Error, long At)? _absence;

    public SshDevice(DeviceAddress address, RemoteOptions options, TimeProvider time)
        : base(address)
    {
        _keys = new Lazy<ImmutableArray<string>>(() => SshCredentials.PublicKeys(options));
        (_timing, _time) = (options.Timing, time);
        _dialler = new SshDialler(address, options, time);
        _claim = new DeviceClaim(ExecuteAsync, () => _link is { IsUsable: true }, address.Display, time);
    }

    public override ImmutableArray<string> LoginKeys => _keys.Value;

    public override async ValueTask DisposeAsync()
    {
        await _claim.DisposeAsync();
        Task[] aftermaths;
        lock (_lock)
        {
            aftermaths = [.. _aftermaths];
        }

        try
        {
            await Task.WhenAll(aftermaths).WaitAsync(_timing.Grace, _time);
        }
        catch (TimeoutException)
        {
            // What did not end in time is left to the device.
        }

        _link?.Dispose();
    }

    protected override Task ClaimAsync(Operator by, Use use, CancellationToken cancellation) => _claim.HoldAsync(by, use, cancellation);

    protected override async Task<ScriptResult> ExecuteAsync(Script script, Use use, CancellationToken cancellation)
    {
        await _slots.WaitAsync(cancellation);
        try
        {
            var link = await LinkAsync(script, use, cancellation);
            var aloneSince = _time.GetTimestamp();
            while (true)
            {
                var exec = new SshExec(link, Address, script, _timing, _time, use.Tally?.Of(Address));
                try
                {
                    return await exec.RunAsync(cancellation);
                }
                catch (ChannelRefusedException refused)
                {
                    aloneSince = link.Running > 0 ? _time.GetTimestamp() : aloneSince;
                    await WaitForSessionAsync(link, refused, _time.GetElapsedTime(aloneSince), cancellation);
                }
                finally
                {
                    Remember(exec.Aftermath);
                }
            }
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>A device with a low MaxSessions is served as fast as it allows.</summary>
    private async Task WaitForSessionAsync(SshLink link, ChannelRefusedException refused, TimeSpan alone, CancellationToken cancellation)
    {
        // sshd counts a session for a moment longer than we do, and our question for a sign of life is one too.
        if (alone > _timing.IdleAnswer)
        {
            throw new DeviceLoginException($"{Address.Display} lets us in, but opens no session", refused)
            {
                Where = Address.Display,
                Why = refused.Message,
                Next = "look at MaxSessions in the device's sshd_config, and at the user's shell",
            };
        }

        await Task.WhenAny(link.Lost, Task.Delay(_timing.Redial, _time, cancellation));
        cancellation.ThrowIfCancellationRequested();
    }

    private async Task<SshLink> LinkAsync(Script script, Use use, CancellationToken cancellation)
    {
        var isFresh = script.FreshLink;
        var known = _link;
        if (!isFresh && known is { IsUsable: true, IsStale: false })
        {
            return known;
        }

        await _dialling.WaitAsync(cancellation);
        try
        {
            if (!isFresh && _link is { IsUsable: true } present && (!present.IsStale || await present.AnswersAsync(_timing.IdleAnswer, cancellation)))
            {
                return present;
            }

            // Asked for afresh by two, one dial after the question was put is fresh enough for both.
            if (isFresh && _link is { IsUsable: true } newer && newer != known)
            {
                return newer;
            }

            if (use.RemembersAbsence && _absence is { } absence && _time.GetElapsedTime(absence.At) < _timing.Absence)
            {
                throw absence.Error;
            }

            _link?.Retire();
            _link = null;
            _link = await DialAsync(script.Hosts, use, cancellation);
            return _link;
        }
        finally
        {
            _dialling.Release();
        }
    }

    private async Task<SshLink> DialAsync(ImmutableArray<string> hosts, Use use, CancellationToken cancellation)
    {
        try
        {
            var link = await _dialler.DialAsync(use.DialPatience, hosts, cancellation);
            use.Tally?.Of(Address).Dialled();
            _absence = null;
            return link;
        }
        catch (DeviceUnreachableException error)
        {
            _absence = (error, _time.GetTimestamp());
            throw;
        }
    }

    private void Remember(Task aftermath)
    {
        if (aftermath.IsCompleted)
        {
            return;
        }

        lock (_lock)
        {
            _aftermaths.Add(aftermath);
        }

        _ = aftermath.ContinueWith(
            task =>
            {
                lock (_lock)
                {
                    _aftermaths.Remove(task);
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }
}
