using System.Collections.Immutable;
using Provisioner.Engine.Deployments.Events;
using Provisioner.Engine.Deployments.Execution;
using Provisioner.Engine.Deployments.Planning;
using Provisioner.Engine.Deployments.Providers;
using Provisioner.Engine.Deployments.Snapshots;
using Provisioner.Engine.Deployments.Steps;
using Provisioner.Engine.Deployments.Urns;
using Provisioner.Engine.State;

namespace Provisioner.Engine.Deployments.Registration;

/// <summary>Takes registrations as they arrive, each at its own pace: plans it, runs its steps, and says what came of it.</summary>
internal sealed class Registrar
{
    private readonly RunContext _run;
    private readonly SnapshotKeeper _keeper;
    private readonly RegisteredResources _registered;
    private readonly StepPlanner _planner;
    private readonly StepExecutor _executor;
    private readonly ProviderSelection _providers;
    private readonly DriftReads _drift;

    public Registrar(
        RunContext run,
        SnapshotKeeper keeper,
        RegisteredResources registered,
        StepPlanner planner,
        StepExecutor executor,
        ProviderRegistry registry,
        ProviderResources providers,
        DriftReads drift)
    {
        _run = run;
        _keeper = keeper;
        _registered = registered;
        _planner = planner;
        _executor = executor;
        _drift = drift;
        _providers = new ProviderSelection(registry, providers, run.Request.Config, RegisterAsync);
    }

    /// <summary>Registrations that are being worked on.</summary>
    public ActiveWork Active { get; } = new();

    public ProviderSelection Providers => _providers;

    /// <returns>The URN, and the resource's state; null for a creation that was skipped because it was not targeted.</returns>
    /// <exception cref="RunClosedException">The run has failed, by this registration or before; why has been told.</exception>
    public async Task<(string Urn, ResourceState? State)> RegisterAsync(ResourceGoal goal)
    {
        using var work = Active.Begin();
        _run.ThrowIfClosed();
        var urn = UrnOf(goal.Parent, goal.Type, goal.Name);
        try
        {
            var inherited = Inherit(goal);
            var resource = _registered.Claim(urn.ToString(), inherited);
            resource.Entry = await RunAsync(urn, inherited, resource);
            return (urn.ToString(), resource.Entry?.State);
        }
        catch (Exception exception) when (exception is not (StepFailedException or RunClosedException))
        {
            _run.Fail(exception is CheckFailedException ? $"The inputs of {urn.Name} ({urn.Type}) are not accepted.\n{exception.Message}" : $"{urn.Name} ({urn.Type}): {exception.Message}", urn.ToString());
            throw new RunClosedException();
        }
        catch (StepFailedException)
        {
            throw new RunClosedException();
        }
    }

    /// <summary>Reads a resource that somebody else manages.</summary>
    /// <exception cref="RunClosedException">The run has failed, by this read or before; why has been told.</exception>
    public async Task<(string Urn, ResourceState State)> ReadAsync(ResourceGoal goal, string id)
    {
        using var work = Active.Begin();
        _run.ThrowIfClosed();
        var urn = UrnOf(goal.Parent, goal.Type, goal.Name);
        try
        {
            var resource = _registered.Claim(urn.ToString(), goal);
            var (reference, provider) = await _providers.ForAsync(goal, _run.Kill);
            var next = new PlanRequest(urn.ToString(), goal, reference, provider, null).Next(goal.Inputs) with { Id = id, External = true };
            using var slot = await _run.EnterAsync();
            resource.Entry = await _executor.RunAsync(ReadStep.Of(FindOld(urn, goal, resource), next, provider));
            return (urn.ToString(), resource.Entry!.State);
        }
        catch (Exception exception) when (exception is not (StepFailedException or RunClosedException))
        {
            _run.Fail($"{urn.Name} ({urn.Type}): {exception.Message}", urn.ToString());
            throw new RunClosedException();
        }
        catch (StepFailedException)
        {
            throw new RunClosedException();
        }
    }

    private async Task<ResourceEntry?> RunAsync(Urn urn, ResourceGoal goal, RegisteredResource resource)
    {
        var isProvider = Urn.IsProviderType(goal.Type);
        var (reference, provider) = goal.Custom && !isProvider ? await _providers.ForAsync(goal, _run.Kill) : (string.Empty, null);
        var old = FindOld(urn, goal, resource);
        resource.IsChosen = IsChosen(urn, goal, reference);
        if (!resource.IsChosen && !urn.IsStack && !urn.IsProvider)
        {
            resource.IsSkipped = old is null;
            return old is null ? null : await _executor.RunAsync(SameStep.Of(old, old.State with { Urn = urn.ToString() }, null));
        }

        RefuseSkipped(goal, reference);
        if (old is { State: { RefreshBeforeUpdate: true, PendingReplacement: false, External: false } })
        {
            old = await _drift.ReadAsync(old);
        }

        if (provider is { IsConfigured: false })
        {
            _run.Report(DiagnosticSeverity.Warning, "Its provider's configuration is not known yet, so neither is what will be done to it.", urn.ToString());
        }

        using var slot = await _run.EnterAsync();
        var request = new PlanRequest(urn.ToString(), goal, reference, isProvider ? _providers.Resources : provider, old);
        var imported = await ImportAsync(request);
        if (imported is not null)
        {
            request = request with { Old = imported };
        }

        var steps = await _planner.PlanAsync(request, _run.Kill);
        resource.IsReplaced = steps.Any(step => step is ReplaceStep);
        if (imported is not null && steps is [SameStep { Plan.New: { } settled } same])
        {
            // One thing was done to it, and has been told.
            return same.Commit(_keeper, new StepOutcome(Properties.SecretMarks.Apply(settled)));
        }

        ResourceEntry? entry = null;
        foreach (var step in steps)
        {
            entry = await _executor.RunAsync(step) ?? entry;
        }

        return entry;
    }

    /// <summary>Takes over what the program names by its id, unless that was done in an earlier run.</summary>
    /// <returns>The resource as it was read, or null where nothing is to be imported.</returns>
    private async Task<ResourceEntry?> ImportAsync(PlanRequest request)
    {
        var (goal, old) = (request.Goal, request.Old?.State);
        if (goal.ImportId.Length == 0 || request.Provider is null or IPackageProvider { IsConfigured: false }
            || (old is { External: false } && (old.ImportId.Length > 0 ? old.ImportId : old.Id) == goal.ImportId))
        {
            return null;
        }

        if (Urn.IsProviderType(goal.Type))
        {
            throw new GoalException("A provider cannot be imported; it lives in the engine.");
        }

        if (old is { Protect: true, External: false } && (goal.Protect ?? false))
        {
            throw new GoalException($"It is protected, and importing \"{goal.ImportId}\" would replace \"{old.Id}\". Take the option \"protect\" from it first.");
        }

        var next = request.Next(goal.Inputs) with { Id = goal.ImportId, ImportId = goal.ImportId };
        return await _executor.RunAsync(ImportStep.Of(request.Old, next, request.Provider, []));
    }

    private Urn UrnOf(string parent, string type, string name) =>
        Urn.Create(_run.Request.Stack, _run.Request.Project.Name, parent.Length == 0 ? null : Urn.Parse(parent), type, name);

    /// <summary>What the program does not say, the parent does.</summary>
    private ResourceGoal Inherit(ResourceGoal goal)
    {
        if (goal.Parent.Length == 0)
        {
            return goal;
        }

        var parent = (_registered.Find(goal.Parent) ?? throw new GoalException($"Its parent {goal.Parent} has not been registered.")).Goal;
        return goal with
        {
            Protect = goal.Protect ?? parent.Protect,
            RetainOnDelete = goal.RetainOnDelete ?? parent.RetainOnDelete,
            DeletedWith = goal.DeletedWith.Length > 0 ? goal.DeletedWith : parent.DeletedWith,
            Provider = goal.Custom && goal.Provider.Length == 0 && parent.Provider.Length > 0 && ProviderReference.Parse(parent.Provider).Package == goal.Package.Name
                ? parent.Provider
                : goal.Provider,
        };
    }

    private ResourceEntry? FindOld(Urn urn, ResourceGoal goal, RegisteredResource resource)
    {
        if (_keeper.FindOld(urn.ToString()) is { } same)
        {
            return same;
        }

        var parent = goal.Parent.Length == 0 ? null : Urn.Parse(goal.Parent);
        var formerParent = parent is null ? null : _registered.Find(goal.Parent)?.FormerUrn;
        foreach (var alias in AliasResolver.Resolve(urn, parent, formerParent is null ? null : Urn.Parse(formerParent), goal.Aliases))
        {
            if (!_registered.Contains(alias) && _keeper.FindOld(alias) is { } former)
            {
                resource.FormerUrn = alias;
                _keeper.Rename(alias, urn.ToString());
                return former;
            }
        }

        return null;
    }

    private bool IsChosen(Urn urn, ResourceGoal goal, string provider) =>
        _run.Selection.Chooses(urn.ToString(), Needed(goal, provider), needed => _registered.Find(needed)?.IsChosen);

    private static IEnumerable<string> Needed(ResourceGoal goal, string provider) =>
        goal.Dependencies.Append(goal.Parent).Append(goal.DeletedWith).Concat(goal.ReplaceWith).Concat(provider.Length == 0 ? [] : [ProviderReference.Parse(provider).Urn]);

    private void RefuseSkipped(ResourceGoal goal, string provider)
    {
        if (Needed(goal, provider).FirstOrDefault(urn => _registered.Find(urn) is { IsSkipped: true }) is { } skipped)
        {
            throw new GoalException($"It needs {skipped}, which does not exist yet and is {(_run.Selection.Targets.IsEmpty ? "excluded; exclude this one too (--exclude-dependents), or neither" : $"not targeted; add --target '{skipped}'")}.");
        }
    }
}
