using Grpc.Net.Client;
using Pulumi.Wire.Rpc;

namespace Pulumi.Runtime;

/// <summary>One run of a program. It flows with the program's asynchronous calls, so that resources find it by themselves.</summary>
internal sealed class ProgramRun : IDisposable
{
    private static readonly AsyncLocal<ProgramRun?> Flowing = new();

    private readonly List<GrpcChannel> _channels = [];
    private Stack? _stack;

    private ProgramRun(ProgramSettings settings)
    {
        Settings = settings;
        var monitor = EngineChannel.Open(settings.Monitor);
        _channels.Add(monitor);
        var engine = monitor;
        if (settings.Engine != settings.Monitor)
        {
            engine = EngineChannel.Open(settings.Engine);
            _channels.Add(engine);
        }

        Log = new EngineLog(new Engine.EngineClient(engine), Work);
        Monitor = new MonitorClient(new ResourceMonitor.ResourceMonitorClient(monitor));
        Invoker = new Invoker(this);
        Registrar = new ResourceRegistrar(this);
        Instance = new DeploymentInstance(this);
    }

    public static ProgramRun? Current => Flowing.Value;

    /// <exception cref="InvalidOperationException">No run is under way here.</exception>
    public static ProgramRun Required => Current ?? throw new InvalidOperationException(
        "No deployment is running here. Make resources, configurations and log messages inside the function or the stack that Deployment.RunAsync runs.");

    public ProgramSettings Settings { get; }

    public ConfigValues Config => Settings.Config;

    public OutstandingWork Work { get; } = new();

    public EngineLog Log { get; }

    public MonitorClient Monitor { get; }

    public Invoker Invoker { get; }

    public ResourceRegistrar Registrar { get; }

    public DeploymentInstance Instance { get; }

    /// <exception cref="InvalidOperationException">There is none yet; or, on setting, there is one already.</exception>
    public Stack Stack
    {
        get => _stack ?? throw new InvalidOperationException("There is no stack yet. Make resources inside the stack's constructor, after that of its base class.");
        set => _stack = _stack is null ? value : throw new InvalidOperationException("A program has one stack only.");
    }

    /// <summary>Runs a program to its end.</summary>
    /// <param name="settings">Where the engine is.</param>
    /// <param name="makeStack">The program.</param>
    /// <param name="errors">For what cannot be told to the engine.</param>
    /// <returns>The process's exit code: 0; 32 when it failed and the engine was told why; 1 otherwise.</returns>
    public static async Task<int> RunAsync(ProgramSettings settings, Func<Stack> makeStack, TextWriter errors)
    {
        if (Current is not null)
        {
            throw new InvalidOperationException("A deployment is running already; Deployment.RunAsync cannot be called inside it.");
        }

        // Set in an async method, it flows to what is called from here and not back to the caller.
        using var run = new ProgramRun(settings);
        Flowing.Value = run;
        try
        {
            makeStack();
        }
        catch (Exception exception)
        {
            run.Work.Fail(exception);
        }

        return await run.FinishAsync(errors).ConfigureAwait(false);
    }

    public void Dispose()
    {
        foreach (var channel in _channels)
        {
            channel.Dispose();
        }
    }

    private async Task<int> FinishAsync(TextWriter errors)
    {
        var failures = await Work.WaitAsync().ConfigureAwait(false);
        if (failures.IsEmpty && Log.HasErrors)
        {
            return FailureReport.Failed;
        }

        if (failures.IsEmpty)
        {
            try
            {
                await Monitor.SignalAndWaitForShutdownAsync().ConfigureAwait(false);
                return FailureReport.Succeeded;
            }
            catch (Exception exception)
            {
                failures = [exception];
            }
        }

        // Nothing new is begun. Steps that are under way are let finish, so that the engine can save them.
        var drained = Monitor.CloseAsync();
        var report = new FailureReport(Settings, Log, errors);
        await report.AddAsync(failures).ConfigureAwait(false);
        await drained.ConfigureAwait(false);
        await report.AddAsync(Work.TakeFailures()).ConfigureAwait(false);
        return await report.EndAsync().ConfigureAwait(false);
    }
}
