using System.Collections.Immutable;

namespace Provisioner.Provider.Remote;

/// <summary>Devices, each made when it is first asked for, and from then on the one that all share.</summary>
/// <param name="make">Makes one; no I/O.</param>
internal sealed class DevicePool<TKey>(Func<TKey, DeviceEnd> make) : IAsyncDisposable
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, DeviceEnd> _devices = [];

    public DeviceEnd this[TKey key]
    {
        get
        {
            lock (_lock)
            {
                if (!_devices.TryGetValue(key, out var device))
                {
                    device = make(key);
                    _devices.Add(key, device);
                }

                return device;
            }
        }
    }

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
}
