using System.Collections.Immutable;
using Provisioner.Engine.Deployments.Planning;
using Provisioner.Engine.Deployments.Snapshots;
using Provisioner.Engine.Deployments.Steps;

namespace Provisioner.Engine.Deployments.Execution;

/// <summary>Deletes what is to be deleted: each resource after all that depend on it, otherwise together.</summary>
internal sealed class DeletionRun(RunContext run, StepExecutor executor, DeletionPlanner planner)
{
    /// <summary>Does nothing after a failure: what could not be made new may still need what is old.</summary>
    public async Task RunAsync()
    {
        if (run.Failed)
        {
            return;
        }

        try
        {
            var plan = planner.Plan();
            var running = new List<Task>(plan.Length);
            var dependents = new Dictionary<string, List<Task>>(StringComparer.Ordinal);
            foreach (var (entry, step) in plan.Reverse())
            {
                var deleting = DeleteAsync(step, [.. dependents.GetValueOrDefault(entry.State.Urn) ?? []]);
                running.Add(deleting);
                foreach (var needed in References.Of(entry.State).Distinct())
                {
                    (dependents.TryGetValue(needed, out var known) ? known : dependents[needed] = []).Add(deleting);
                }
            }

            await Task.WhenAll(running);
        }
        catch (Exception exception) when (exception is StepFailedException or RunClosedException)
        {
            // Told already.
        }
        catch (Registration.GoalException exception)
        {
            run.Fail(exception.Message);
        }
    }

    private async Task DeleteAsync(Step step, ImmutableArray<Task> dependents)
    {
        await Task.WhenAll(dependents);
        using var slot = await run.EnterAsync();
        await executor.RunAsync(step);
    }
}
