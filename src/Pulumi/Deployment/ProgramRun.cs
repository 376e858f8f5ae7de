using System.Collections.Concurrent;
using System.Collections.Immutable;
using Grpc.Core;
using Pulumi.Wire.Rpc;

namespace Pulumi.Runtime;

/// <summary>One run of a program. It flows with the program's asynchronous calls, so that resources find it by themselves.</summary>
internal sealed class ProgramRun
{
    private static readonly AsyncLocal<ProgramRun?> Flowing = new();

    private Stack? _stack;

    private ProgramRun(ProgramSettings settings, CallInvoker monitor, CallInvoker engine)
    {
        Settings = settings;
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

    /// <summary>The resources that were made, where somebody wants to know; null otherwise.</summary>
    public ConcurrentQueue<Resource>? Made { get; private init; }

    /// <summary>The stack, or null before there is one.</summary>
    public Stack? StackOrNone => _stack;

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
        using var monitor = EngineChannel.Open(settings.Monitor);
        using var engine = settings.Engine == settings.Monitor ? null : EngineChannel.Open(settings.Engine);
        return await new ProgramRun(settings, monitor.CreateCallInvoker(), (engine ?? monitor).CreateCallInvoker()).RunAsync(makeStack, errors).ConfigureAwait(false);
    }

    /// <summary>Runs a program to its end, with an engine in this process.</summary>
    /// <returns>The exit code, and the resources that were made.</returns>
    public static async Task<(int Code, ImmutableArray<Resource> Made)> RunAsync(ProgramSettings settings, CallInvoker engine, Func<Stack> makeStack, TextWriter errors)
    {
        var run = new ProgramRun(settings, engine, engine) { Made = [] };
        var code = await run.RunAsync(makeStack, errors).ConfigureAwait(false);
        return (code, [.. run.Made]);
    }

    private async Task<int> RunAsync(Func<Stack> makeStack, TextWriter errors)
    {
        if (Current is not null)
        {
            throw new InvalidOperationException("A deployment is running already; Deployment.RunAsync cannot be called inside it.");
        }

        // Set in an async method, it flows to what is called from here and not back to the caller.
        Flowing.Value = this;
        try
        {
            makeStack();
        }
        catch (Exception exception)
        {
            Work.Fail(exception);
        }

        return await FinishAsync(errors).ConfigureAwait(false);
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
