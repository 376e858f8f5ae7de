using Provisioner.Provider.Remote;
using Provisioner.Provider.Remote.Ssh;

namespace Provisioner.CommandProvider.Remote;

/// <summary>Every machine that commands run on, each with the one connection that all of them share.</summary>
internal sealed class ConnectionPool(TimeProvider time) : IAsyncDisposable
{
    // Tries are counted for each connection; no patience ends them before.
    private static readonly Use Changing = new(Timeout.InfiniteTimeSpan, RemembersAbsence: false, null);

    private readonly Lock _lock = new();
    private readonly Dictionary<Connection, SshDevice> _machines = [];

    /// <summary>Runs a script there; see <see cref="IRemote.RunAsync"/>.</summary>
    public Task<ScriptResult> RunAsync(Connection connection, Script script, CancellationToken cancellation)
    {
        SshDevice? machine;
        lock (_lock)
        {
            if (!_machines.TryGetValue(connection, out machine))
            {
                machine = new SshDevice(connection.Address, connection.ToOptions("connection"), time);
                _machines.Add(connection, machine);
            }
        }

        return machine.RunAsync(script, Changing, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var machine in _machines.Values)
        {
            await machine.DisposeAsync();
        }
    }
}
