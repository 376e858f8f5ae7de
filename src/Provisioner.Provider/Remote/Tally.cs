using System.Collections.Concurrent;
using System.Globalization;

namespace Provisioner.Provider.Remote;

/// <summary>What an operation cost, for each device: the proof that many reads are one dial and one exec.</summary>
internal sealed class Tally
{
    private readonly ConcurrentDictionary<string, Counts> _devices = new(StringComparer.Ordinal);

    /// <summary>The counts of a device, by its display name.</summary>
    public Counts Of(DeviceAddress address) => _devices.GetOrAdd(address.Display, _ => new Counts());

    /// <summary>One line for each device that was used: <c>device root@lamp.local: 1 dial, 1 exec, 8.2 kB in, 0 B out</c>.</summary>
    public IEnumerable<string> Lines() =>
        _devices.OrderBy(device => device.Key, StringComparer.Ordinal).Select(device => $"device {device.Key}: {device.Value}");

    /// <summary>Counted while it happens, by several threads.</summary>
    internal sealed class Counts
    {
        private long _bytesIn;
        private long _bytesOut;
        private int _dials;
        private int _execs;

        public int Dials => _dials;

        public int Execs => _execs;

        public void Dialled() => Interlocked.Increment(ref _dials);

        public void Executed() => Interlocked.Increment(ref _execs);

        public void Received(long bytes) => Interlocked.Add(ref _bytesIn, bytes);

        public void Sent(long bytes) => Interlocked.Add(ref _bytesOut, bytes);

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"{_dials} {(_dials == 1 ? "dial" : "dials")}, {_execs} {(_execs == 1 ? "exec" : "execs")}, {Size(_bytesIn)} in, {Size(_bytesOut)} out");

        private static string Size(long bytes) => bytes switch
        {
            < 1000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
            < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        };
    }
}
