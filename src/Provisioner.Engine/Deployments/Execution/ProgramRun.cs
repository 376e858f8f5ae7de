using Provisioner.Engine.Deployments.Events;
using Provisioner.Engine.Hosts.Programs;

namespace Provisioner.Engine.Deployments.Execution;

/// <summary>Runs the program to its end; deletions follow when it has succeeded.</summary>
internal sealed class ProgramRun(RunContext run, ProgramHost host, ActiveWork registrations, DeletionRun deletions)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private Task? _finishing;

    /// <exception cref="Hosts.HostException">The program cannot be found, built or started.</exception>
    public async Task RunAsync(string address)
    {
        var context = new ProgramContext(run.Request.Project, run.Request.Stack, run.Request.Config, run.Preview, run.Parallel, address);
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(run.Closed, run.Kill);
        await using var program = await host.StartAsync(context, (line, isError) => run.Emit(new EngineEvent.ProgramOutput(line, isError)), stopped.Token);
        await using var kill = run.Kill.Register(() => _ = program.KillAsync());

        await Task.WhenAny(program.Exited, WhenClosedAsync());
        if (!program.Exited.IsCompleted)
        {
            // Every answer it waits for has been given or refused; what it still does is its own.
            await registrations.IdleAsync();
            await Task.WhenAny(program.Exited, Task.Delay(Grace, run.Services.Time));
            if (!program.Exited.IsCompleted)
            {
                await program.StopAsync(run.Services.Time);
            }
        }

        Judge(await program.Exited);
        await FinishAsync();
    }

    /// <summary>The program has no more to register: waits for what is going on, then deletes. Once, whoever calls first.</summary>
    public Task FinishAsync()
    {
        lock (_gate)
        {
            return _finishing ??= FinishOnceAsync();
        }
    }

    private async Task FinishOnceAsync()
    {
        await registrations.IdleAsync();
        await deletions.RunAsync();
    }

    private void Judge(int exitCode)
    {
        if (exitCode == 0 || run.Failed)
        {
            return;
        }

        if (exitCode == ProgramHost.ExitCodeLogged)
        {
            run.Fail();
        }
        else
        {
            run.Fail($"The program ended with the code {exitCode}.");
        }
    }

    private async Task WhenClosedAsync()
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = run.Closed.Register(closed.SetResult);
        await closed.Task;
    }
}
