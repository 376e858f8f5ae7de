using System.Globalization;
using Provisioner.Provider.Errors;

namespace Provisioner.Provider.Remote.Claims;

/// <summary>
/// That one operator at a time changes a device. It is claimed on the device itself, for no engine knows of another's stack; by a
/// lease that its holder renews, so that a power cut, a killed run or a workstation that was closed holds it for a minute and not
/// for ever.
/// </summary>
/// <param name="run">Runs a script on the device.</param>
/// <param name="isConnected">Whether there is a connection: a claim is no reason to dial.</param>
/// <param name="where">The device, for people.</param>
/// <param name="time">The clock.</param>
internal sealed class DeviceClaim(Func<Script, Use, CancellationToken, Task<ScriptResult>> run, Func<bool> isConnected, string where, TimeProvider time) : IAsyncDisposable
{
    /// <summary>How long a claim lasts without a sign of life.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    // Twice may be missed.
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan ReleasePatience = TimeSpan.FromSeconds(3);

    // Of a connection that is there.
    private static readonly Use Aside = new(TimeSpan.Zero, RemembersAbsence: true, null);

#pragma warning disable CA2213 // It holds nothing that needs disposing, and is waited on until the end.
    private readonly SemaphoreSlim _turn = new(1);
#pragma warning restore CA2213
    private readonly CancellationTokenSource _over = new();
    private Operator? _by;
    private string _since = "";
    private long _sign;
    private bool _isLost;
    private Task _renewing = Task.CompletedTask;

    /// <summary>Takes the device for an operator, and keeps it until the end.</summary>
    /// <param name="by">Who.</param>
    /// <param name="use">How long to wait for the device, and where to count.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="DeviceHeldException">Another operator changes it.</exception>
    public async Task HoldAsync(Operator by, Use use, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_by == by && !_isLost && time.GetElapsedTime(_sign) < Lease - Renewal)
            {
                return;
            }

            var since = _by == by ? _since : time.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
            await SignAsync(by, since, use, cancellation);
            (_by, _since) = (by, since);
            if (_renewing.IsCompleted)
            {
                _renewing = RenewAsync();
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _renewing;
        if (_by is { } by && isConnected())
        {
            using var limit = new CancellationTokenSource(ReleasePatience, time);
            try
            {
                await run(ClaimScripts.Release(by), Aside, limit.Token);
            }
            catch (Exception lost) when (lost is ProviderException or OperationCanceledException)
            {
                // It ends by itself.
            }
        }

        _over.Dispose();
    }

    private async Task SignAsync(Operator by, string since, Use use, CancellationToken cancellation)
    {
        var asked = time.GetTimestamp();
        var answer = await run(ClaimScripts.Hold(by, since, Lease), use, cancellation);
        if (answer.ExitCode == ClaimScripts.Held)
        {
            var lines = RemoteText.Clean(answer.Text).Split('\n');
            throw new DeviceHeldException("Somebody else is changing the device")
            {
                Where = where,
                Why = $"{lines[0]} changes it, since {lines.ElementAtOrDefault(1)}; nothing was begun",
                Next = $"run up again when that has ended; when that operator is lost, the device lets go by itself {(int)Lease.TotalSeconds} s after the last sign of life",
            };
        }

        (_sign, _isLost) = (asked, false);
    }

    private async Task RenewAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(Renewal, time);
            while (await timer.WaitForNextTickAsync(_over.Token))
            {
                if (!isConnected())
                {
                    continue;
                }

                try
                {
                    await SignAsync(_by!, _since, Aside, _over.Token);
                }
                catch (DeviceHeldException)
                {
                    // While the device was out of reach, or restarted, another has come: the next change is told.
                    _isLost = true;
                }
                catch (ProviderException)
                {
                    // The device is out of reach, or busy.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }
}
