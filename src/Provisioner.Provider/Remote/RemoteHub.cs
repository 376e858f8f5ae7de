using System.Collections.Immutable;
using Provisioner.Provider.Remote.Local;
using Provisioner.Provider.Remote.Ssh;

namespace Provisioner.Provider.Remote;

/// <summary>Every device of this process, each with the one connection that all share.</summary>
internal sealed class RemoteHub(RemoteOptions options, TimeProvider time) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, DeviceEnd> _devices = new(StringComparer.Ordinal);

    /// <summary>How devices are reached.</summary>
    public RemoteOptions Options { get; } = options;

    /// <summary>A device for somebody who only looks: a short wait, and none at all soon after a vain one.</summary>
    /// <exception cref="Errors.InputInvalidException">The address is malformed.</exception>
    public IRemote ForLooking(string address, Tally? tally = null) => new RemoteView(Device(address), Options.LookPatience, RemembersAbsence: true, tally);

    /// <summary>A device for somebody who changes it.</summary>
    /// <exception cref="Errors.InputInvalidException">The address is malformed.</exception>
    public IRemote ForChanging(string address, Tally? tally = null) => new RemoteView(Device(address), Options.DialPatience, RemembersAbsence: false, tally);

    /// <summary>Ends every connection; processes that were abandoned get the moment they need to be ended.</summary>
    public async ValueTask DisposeAsync()
    {
        ImmutableArray<DeviceEnd> devices;
        lock (_lock)
        {
            devices = [.. _devices.Values];
            _devices.Clear();
        }

        foreach (var device in devices)
        {
            await device.DisposeAsync();
        }
    }

    private DeviceEnd Device(string text)
    {
        var address = DeviceAddress.Parse(text);
        lock (_lock)
        {
            if (!_devices.TryGetValue(text, out var device))
            {
                device = address.IsLocal ? new LocalDevice(address, Options.Timing, time) : new SshDevice(address, Options, time);
                _devices.Add(text, device);
            }

            return device;
        }
    }

    private sealed record RemoteView(DeviceEnd Device, TimeSpan DialPatience, bool RemembersAbsence, Tally? Tally) : IRemote
    {
        public DeviceAddress Address => Device.Address;

        public long Generation => Device.Generation;

        public Task<IDisposable> AloneAsync(CancellationToken cancellation) => Device.AloneAsync(cancellation);

        public Task<ScriptResult> RunAsync(Script script, CancellationToken cancellation) =>
            Device.RunAsync(script, new Use(script.DialPatience ?? DialPatience, RemembersAbsence, Tally), cancellation);
    }
}

/// <summary>What one use of a device asks of it.</summary>
/// <param name="DialPatience">How long to wait for it to answer.</param>
/// <param name="RemembersAbsence">Whether a vain dial of a moment ago is answer enough.</param>
/// <param name="Tally">Where to count; null for nowhere.</param>
internal sealed record Use(TimeSpan DialPatience, bool RemembersAbsence, Tally? Tally);
