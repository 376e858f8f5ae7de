using System.Collections.Immutable;
using Provisioner.Provider.Remote.Claims;
using Provisioner.Provider.Remote.Local;
using Provisioner.Provider.Remote.Ssh;

namespace Provisioner.Provider.Remote;

/// <summary>Every device of this process, each with the one connection that all share.</summary>
internal sealed class RemoteHub(RemoteOptions options, TimeProvider time) : IAsyncDisposable
{
    private readonly DevicePool<string> _devices = new(text =>
    {
        var address = DeviceAddress.Parse(text);
        return address.IsLocal ? new LocalDevice(address, options.Timing, time) : new SshDevice(address, options, time);
    });

    /// <summary>How devices are reached.</summary>
    public RemoteOptions Options { get; } = options;

    /// <summary>A device for somebody who only looks: a short wait, and none at all soon after a vain one.</summary>
    /// <exception cref="Errors.InputInvalidException">The address is malformed.</exception>
    public IRemote ForLooking(string address, Tally? tally = null) => new RemoteView(_devices[address], Options.LookPatience, RemembersAbsence: true, tally, null, time);

    /// <summary>A device for somebody who changes it.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="tally">Where to count.</param>
    /// <param name="by">In whose name it is claimed before the first change; null for no claim.</param>
    /// <exception cref="Errors.InputInvalidException">The address is malformed.</exception>
    public IRemote ForChanging(string address, Tally? tally = null, Operator? by = null) =>
        new RemoteView(_devices[address], Options.DialPatience, RemembersAbsence: false, tally, by, time);

    public ValueTask DisposeAsync() => _devices.DisposeAsync();

    private sealed record RemoteView(DeviceEnd Device, TimeSpan DialPatience, bool RemembersAbsence, Tally? Tally, Operator? By, TimeProvider Time) : IRemote
    {
        private static readonly TimeSpan QuietPatience = TimeSpan.FromSeconds(5);

        public DeviceAddress Address => Device.Address;

        public ImmutableArray<string> LoginKeys => Device.LoginKeys;

        public long Generation => Device.Generation;

        public async Task QuietAsync(CancellationToken cancellation)
        {
            // That the patience ends is no failure.
            await Device.Quiet.WaitAsync(QuietPatience, Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
        }

        public Task<IDisposable> AloneAsync(CancellationToken cancellation) => Device.AloneAsync(cancellation);

        public Task<ScriptResult> RunAsync(Script script, CancellationToken cancellation) =>
            Device.RunAsync(script, new Use(script.DialPatience ?? DialPatience, RemembersAbsence, Tally, By), cancellation);
    }
}

/// <summary>What one use of a device asks of it.</summary>
/// <param name="DialPatience">How long to wait for it to answer.</param>
/// <param name="RemembersAbsence">Whether a vain dial of a moment ago is answer enough.</param>
/// <param name="Tally">Where to count; null for nowhere.</param>
/// <param name="By">Who changes the device; null for somebody who claims nothing.</param>
internal sealed record Use(TimeSpan DialPatience, bool RemembersAbsence, Tally? Tally, Operator? By = null);
