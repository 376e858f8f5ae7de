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
            var running = new Dictionary<ResourceEntry, Task>();
            for (var index = plan.Length - 1; index >= 0; index--)
            {
                var (entry, step) = plan[index];
                var before = plan[(index + 1)..].Where(later => References.Of(later.Entry.State).Contains(entry.State.Urn)).Select(later => running[later.Entry]);
                running[entry] = DeleteAsync(step, [.. before]);
            }

            await Task.WhenAll(running.Values);
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
