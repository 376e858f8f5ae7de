namespace Provisioner.Engine.Hosts.Programs;

/// <summary>The user's program while it runs.</summary>
internal sealed class RunningProgram(ChildProcess process, ConfigDelivery delivery) : IAsyncDisposable
{
    /// <summary>The exit code, once it has ended.</summary>
    public Task<int> Exited { get; } = ExitAsync(process);

    public Task StopAsync(TimeProvider time) => process.StopAsync(time);

    public Task KillAsync() => process.KillAsync();

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        delivery.Dispose();
    }

    private static async Task<int> ExitAsync(ChildProcess process)
    {
        await process.Exited;
        return process.ExitCode;
    }
}
