using Provisioner.Provider.Remote;
using Provisioner.Provider.Remote.Ssh;

namespace Provisioner.CommandProvider.Remote;

/// <summary>Every machine that commands run on, each with the one connection that all of them share.</summary>
internal sealed class ConnectionPool(TimeProvider time) : IAsyncDisposable
{
    // Tries are counted for each connection; no patience ends them before.
    private static readonly Use Changing = new(Timeout.InfiniteTimeSpan, RemembersAbsence: false, null);

    private readonly DevicePool<Connection> _machines = new(connection => new SshDevice(connection.Address, connection.ToOptions("connection"), time));

    /// <summary>Runs a script there; see <see cref="IRemote.RunAsync"/>.</summary>
    public Task<ScriptResult> RunAsync(Connection connection, Script script, CancellationToken cancellation) =>
        _machines[connection].RunAsync(script, Changing, cancellation);

    public ValueTask DisposeAsync() => _machines.DisposeAsync();
}
