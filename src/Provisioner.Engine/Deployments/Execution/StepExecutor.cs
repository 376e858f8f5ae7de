using Provisioner.Engine.Deployments.Events;
using Provisioner.Engine.Deployments.Snapshots;
using Provisioner.Engine.Deployments.Steps;
using Provisioner.Engine.Deployments.Urns;
using Provisioner.Engine.State;

namespace Provisioner.Engine.Deployments.Execution;

/// <summary>Runs a step: tells of it, notes it in the state, does it, writes what came of it.</summary>
internal sealed class StepExecutor(RunContext run, SnapshotKeeper keeper)
{
    /// <returns>The resource's entry, or null when it is gone.</returns>
    /// <exception cref="StepFailedException">It failed; that has been told.</exception>
    /// <exception cref="RunClosedException">The run takes no new steps.</exception>
    public async Task<ResourceEntry?> RunAsync(Step step)
    {
        run.ThrowIfClosed();
        var shown = Urn.TryParse(step.Plan.Urn) is not { IsDefaultProvider: true };
        Tell(shown, new EngineEvent.StepStarted(step.Plan));
        var saves = step.IsMutation && !run.Preview;
        PendingOperation? pending = null;
        try
        {
            if (step.Pending is { } operation && !run.Preview)
            {
                pending = keeper.Begin(operation.Resource, operation.Type);
            }

            if (saves)
            {
                await keeper.SaveAsync(run.Kill);
                run.Touch();
            }

            var outcome = await RunAndMarkAsync(step);
            var entry = step.Commit(keeper, outcome);
            await EndAsync(pending, saves);
            if (outcome.IsIncomplete)
            {
                throw new Providers.ProviderException(string.Join('\n', outcome.New!.InitErrors));
            }

            Finished(step, outcome, shown);
            return entry;
        }
        catch (Exception exception) when (exception is not StepFailedException)
        {
            if (!run.Kill.IsCancellationRequested)
            {
                // Killed in the middle, the step stays pending: nobody knows what it came to.
                await EndAsync(pending, saves);
            }

            Tell(shown, new EngineEvent.StepFailed(step.Plan));
            run.Fail(Describe(step, exception), step.Plan.Urn);
            throw new StepFailedException();
        }
    }

    private async Task<StepOutcome> RunAndMarkAsync(Step step)
    {
        try
        {
            var outcome = await step.RunAsync(new StepEnvironment(run.Preview, run.Services.Time.GetUtcNow()), run.Kill);
            return outcome.New is { } resource ? outcome with { New = run.Secrets.Received(resource) } : outcome;
        }
        finally
        {
            if (step.IsMutation && !run.Preview)
            {
                run.Touch();
            }
        }
    }

    private async Task EndAsync(PendingOperation? pending, bool saves)
    {
        if (pending is not null)
        {
            keeper.End(pending);
        }

        if (saves)
        {
            // What has been done must be known even when the user wants out.
            await keeper.SaveAsync(CancellationToken.None);
        }
    }

    private void Finished(Step step, StepOutcome outcome, bool shown)
    {
        if (step.Counts && shown)
        {
            run.Count(step.Plan.Operation);
        }

        // The stack's own outputs come at the end of the run, and its last event with them.
        if (!Urn.Parse(step.Plan.Urn).IsStack || outcome.New is null || step is RefreshStep)
        {
            var done = step.Plan with { New = outcome.New };
            Tell(shown, new EngineEvent.StepFinished(outcome.Diff is { } diff ? done with { DetailedDiff = diff.Detailed, Diffs = diff.ChangedKeys } : done));
        }
    }

    private void Tell(bool shown, EngineEvent engineEvent)
    {
        if (shown)
        {
            run.Emit(engineEvent);
        }
    }

    private static string Describe(Step step, Exception exception)
    {
        var doing = step.Plan.Operation switch
        {
            StepOperation.Create or StepOperation.CreateReplacement => "Creating",
            StepOperation.Update => "Updating",
            StepOperation.Delete or StepOperation.DeleteReplaced => "Deleting",
            StepOperation.Import or StepOperation.ImportReplacement => "Importing",
            StepOperation.Read or StepOperation.ReadReplacement or StepOperation.Refresh => "Reading",
            _ => "Keeping",
        };
        var reason = exception is OperationCanceledException ? "the run was terminated" : exception.Message;
        return $"{doing} {Urn.Parse(step.Plan.Urn).Name} failed: {reason}";
    }
}

/// <summary>A step has failed, and the run with it; both have been told.</summary>
internal sealed class StepFailedException() : Exception("A step has failed.");
