using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Provisioner.Engine.Deployments.Events;
using Provisioner.Engine.Deployments.Monitor;
using Provisioner.Engine.Deployments.Planning;
using Provisioner.Engine.Deployments.Providers;
using Provisioner.Engine.Deployments.Registration;
using Provisioner.Engine.Deployments.Snapshots;
using Provisioner.Engine.Deployments.Urns;
using Provisioner.Engine.Hosts;
using Provisioner.Engine.Hosts.Building;
using Provisioner.Engine.Hosts.Plugins;
using Provisioner.Engine.Hosts.Programs;
using Provisioner.Engine.State;
using Pulumi.Wire;

namespace Provisioner.Engine.Deployments.Execution;

/// <summary>One run: its parts, put together, and the order of its phases.</summary>
internal sealed class Deployment : IAsyncDisposable
{
    private readonly RunContext _run;
    private readonly SnapshotKeeper _keeper;
    private readonly StackOutputs _stack = new();
    private readonly PluginHost _plugins;
    private readonly ProviderRegistry _registry;
    private readonly RefreshRun _refresh;
    private readonly DeletionRun _deletions;
    private readonly ProgramRun _program;
    private readonly ImportRun _imports;
    private readonly ResourceMonitorService _monitor;
    private LoopbackServer? _server;
    private int _refusals;

    public Deployment(RunContext run)
    {
        _run = run;
        var (request, services) = (run.Request, run.Services);
        var builder = new DotnetProject(run.Activity);
        var seeds = new ConcurrentDictionary<string, byte[]>(StringComparer.Ordinal);
        _keeper = new SnapshotKeeper(request.Snapshot, request.Preview ? null : request.Store, services.Time, EngineServices.Version);
        _plugins = new PluginHost(new PluginLocator(request.Project, builder), request.Project, request.Config, () => _server!.Address, services.Time, run.Debug);
        _registry = new ProviderRegistry(_plugins, _keeper, new BuiltinProvider(_keeper, request.Stacks), urn => seeds.GetOrAdd(urn, _ => services.NewSeed()), request.Preview);

        var providers = new ProviderResources(_registry, services.NewId);
        var registered = new RegisteredResources();
        var executor = new StepExecutor(run, _keeper);
        var planner = new StepPlanner(run, registered, new ProviderChanges(request.Snapshot.Resources, registered, providers), new DependentReplacements(_keeper, _registry, providers));
        var registrar = new Registrar(run, _keeper, registered, planner, executor, _registry, providers, new DriftReads(run, _keeper, _registry));
        _refresh = new RefreshRun(run, _keeper, executor, _registry);
        _deletions = new DeletionRun(run, executor, new DeletionPlanner(run, _keeper, registered, _registry));
        _program = new ProgramRun(run, new ProgramHost(builder), registrar.Active, _deletions);

        _imports = new ImportRun(run, _keeper, executor, registrar, _registry, _stack);

        var packages = new PackageReferences(services.NewId);
        var programFolder = Path.GetFullPath(Path.Combine(request.Project.Directory, request.Project.Main));
        var decoder = new GoalDecoder(packages, run.Secrets, request.Project.Directory, File.Exists(programFolder) ? Path.GetDirectoryName(programFolder)! : programFolder);
        _monitor = new ResourceMonitorService(
            run, registrar, new FunctionCalls(run, registrar, decoder), decoder, packages, registered, _keeper, _stack, () => _program.FinishAsync());
    }

    /// <summary>The state as it is now.</summary>
    public Snapshot Current => _run.Preview ? _run.Request.Snapshot : _keeper.Current();

    /// <summary>Plans and does everything; failures are told, not thrown.</summary>
    public async Task RunAsync()
    {
        try
        {
            Selection.Require("--replace", new TargetSelector(_run.Request.Options.Replace), [.. _run.Request.Snapshot.Resources.Select(state => state.Urn)]);
            WarnOfPendingOperations();
            _server = await ServeAsync();
            StartPluginsEarly();
            if (_run.Request.Kind == DeploymentKind.Refresh || _run.Request.Options.Refresh)
            {
                await _refresh.RunAsync();
            }

            if (_run.Request.Kind == DeploymentKind.Update && !_run.Failed)
            {
                await _program.RunAsync(_server.Address);
            }
            else if (_run.Request.Kind == DeploymentKind.Destroy)
            {
                await _deletions.RunAsync();
            }
            else if (_run.Request.Kind == DeploymentKind.Import)
            {
                await _imports.RunAsync();
            }
        }
        catch (Exception exception)
        {
            if (!_run.Failed)
            {
                _run.Fail(exception is OperationCanceledException ? "The run was terminated." : exception.Message);
            }
        }
    }

    /// <summary>Starts a package's plugin and asks it for its schema, null where it has none; nothing else of a run happens.</summary>
    /// <exception cref="HostException">It cannot be found, built or started.</exception>
    public async Task<string?> FindSchemaAsync(string package)
    {
        _server = await ServeAsync();
        var plugin = await _plugins.StartAsync(package, string.Empty, _run.Kill);
        var response = await PluginCall.RunOptionalAsync(plugin, "GetSchema", client => client.GetSchemaAsync(new Pulumi.Wire.Rpc.GetSchemaRequest(), cancellationToken: _run.Kill), _run.Kill);
        return response?.Schema;
    }

    /// <summary>Writes what counts at the end only.</summary>
    /// <returns>The stack's outputs.</returns>
    public async Task<PropertyMap> FinishAsync()
    {
        var stack = _keeper.All.FirstOrDefault(entry => entry.State.Type == Urn.StackType && !entry.State.Delete);
        if (stack is not null)
        {
            var before = stack.State;
            _keeper.Set(stack, before with { Outputs = _stack.Over(before.Outputs, _run.Failed, _run.Preview) });
            if (_stack.Urn.Length > 0)
            {
                _run.Emit(new EngineEvent.StepFinished(new StepMetadata
                {
                    Operation = _run.Request.Snapshot.Resources.Any(state => state.Urn == stack.State.Urn) ? StepOperation.Same : StepOperation.Create,
                    Urn = stack.State.Urn,
                    Type = stack.State.Type,
                    Old = _run.Request.Snapshot.Resources.FirstOrDefault(state => state.Urn == stack.State.Urn),
                    New = stack.State,
                }));
            }
        }

        try
        {
            await _keeper.SaveAsync(CancellationToken.None);
        }
        catch (Exception exception)
        {
            _run.Fail($"The state cannot be saved: {exception.Message}");
        }

        return stack?.State.Outputs ?? PropertyMap.Empty;
    }

    /// <summary>Plugins are asked to end what they are doing; they stay up for the steps in flight.</summary>
    public Task CancelPluginsAsync() => _plugins.CancelAsync();

    /// <summary>Ends every plugin at once.</summary>
    public Task KillPluginsAsync() => _plugins.KillAsync();

    public async ValueTask DisposeAsync()
    {
        await _registry.DisposeAsync();
        await _plugins.DisposeAsync();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _keeper.Dispose();
    }

    /// <summary>The port that the program and the plugins talk to.</summary>
    private Task<LoopbackServer> ServeAsync() => LoopbackServer.StartAsync(
        services => services.AddSingleton(_monitor).AddSingleton(new EngineService(_run)),
        server =>
        {
            server.MapGrpcService<ResourceMonitorService>();
            server.MapGrpcService<EngineService>();
        },
        refusal =>
        {
            // Who tries it a thousand times is told of once.
            if (Interlocked.Exchange(ref _refusals, 1) == 0)
            {
                _run.Report(DiagnosticSeverity.Warning, $"At the engine's port {refusal}.");
            }
        },
        _run.Kill);

    private void WarnOfPendingOperations()
    {
        if (_run.Request.Kind == DeploymentKind.Refresh && _run.Request.Options.ClearPendingCreates)
        {
            _keeper.ClearPendingCreates();
            return;
        }

        foreach (var operation in _run.Request.Snapshot.PendingOperations)
        {
            var doing = operation.Type.ToString().ToLowerInvariant();
            _run.Report(
                DiagnosticSeverity.Warning,
                operation.Type == PendingOperationType.Creating
                    ? $"A run was interrupted while it was {doing} this resource, so it may exist without being in the state. When you have seen to it, \"refresh --clear-pending-creates\" ends this warning."
                    : $"A run was interrupted while it was {doing} this resource; this one goes on from what the state says.",
                operation.Resource.Urn);
        }
    }

    /// <summary>The program and its plugins take their time to start; together they take less.</summary>
    private void StartPluginsEarly()
    {
        var inState = _keeper.Old.Where(entry => entry.State.Provider.Length > 0)
            .Select(entry => ProviderReference.Parse(entry.State.Provider).Package)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var plugin in _run.Request.Project.Providers.Where(plugin => _run.Request.Kind == DeploymentKind.Update || inState.Contains(plugin.Name)))
        {
            _registry.StartEarly(new PackageRequest(plugin.Name, plugin.Version, string.Empty));
        }
    }
}
