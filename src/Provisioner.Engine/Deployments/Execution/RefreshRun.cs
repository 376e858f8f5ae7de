using System.Collections.Immutable;
using Provisioner.Engine.Deployments.Events;
using Provisioner.Engine.Deployments.Providers;
using Provisioner.Engine.Deployments.Snapshots;
using Provisioner.Engine.Deployments.Steps;
using Provisioner.Engine.Deployments.Urns;
using Provisioner.Engine.State;

namespace Provisioner.Engine.Deployments.Execution;

/// <summary>Reads every resource and makes the state what was read.</summary>
internal sealed class RefreshRun(RunContext run, SnapshotKeeper keeper, StepExecutor executor, ProviderRegistry registry)
{
    /// <summary>Reads run together; those that are gone leave the state, and references to them too.</summary>
    /// <exception cref="Registration.GoalException">A target is not in the state.</exception>
    public async Task RunAsync()
    {
        var all = keeper.All;
        if (run.Request.Kind != DeploymentKind.Update)
        {
            run.Selection.RequireMatches([.. all.Select(entry => entry.State.Urn)]);
        }

        var isChosen = run.Selection.Among(all.Select(entry => entry.State));
        await Task.WhenAll(all.Where(entry => IsReadable(entry) && isChosen(entry.State.Urn)).Select(ReadAsync));
        if (run.Failed)
        {
            return;
        }

        Prune();
        await keeper.SaveAsync(run.Kill);
    }

    private static bool IsReadable(ResourceEntry entry) =>
        entry.State is { Custom: true, Delete: false, PendingReplacement: false }
        && !Urn.IsProviderType(entry.State.Type);

    private async Task ReadAsync(ResourceEntry entry)
    {
        var before = entry.State;
        try
        {
            using var slot = await run.EnterAsync();
            var provider = await registry.GetAsync(before.Provider, run.Kill);
            if (!provider.IsConfigured)
            {
                return;
            }

            var after = await executor.RunAsync(RefreshStep.Of(entry, _ => Task.FromResult<IResourceProvider>(provider), isForDiff: false));
            Count(before, after?.State);
        }
        catch (Exception exception) when (exception is StepFailedException or RunClosedException)
        {
            // Told already.
        }
        catch (Exception exception)
        {
            run.Fail($"Reading {Urn.Parse(before.Urn).Name} failed: {exception.Message}", before.Urn);
        }
    }

    /// <summary>A refresh by itself has changes of its own; one before an update only prepares it.</summary>
    private void Count(ResourceState before, ResourceState? after)
    {
        run.Count(run.Request.Kind != DeploymentKind.Refresh ? StepOperation.Refresh
            : after is null ? StepOperation.Delete
            : IsSame(before, after) ? StepOperation.Same
            : StepOperation.Update);
        if (after is { InitErrors.Length: > 0 })
        {
            run.Report(DiagnosticSeverity.Warning, $"The resource is not what was asked for: {string.Join('\n', after.InitErrors)}", after.Urn);
        }
    }

    private static bool IsSame(ResourceState before, ResourceState after) =>
        before.Id == after.Id && before.Inputs.Equals(after.Inputs) && before.Outputs.Equals(after.Outputs);

    private void Prune()
    {
        var urns = keeper.All.Select(entry => entry.State.Urn).ToImmutableHashSet(StringComparer.Ordinal);
        foreach (var entry in keeper.All.Where(entry => References.Of(entry.State).Any(urn => !urns.Contains(urn))))
        {
            keeper.Set(entry, References.Prune(entry.State, urns.Contains));
        }
    }
}
