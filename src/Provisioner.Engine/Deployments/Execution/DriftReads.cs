using System.Collections.Concurrent;
using Provisioner.Engine.Deployments.Events;
using Provisioner.Engine.Deployments.Providers;
using Provisioner.Engine.Deployments.Snapshots;
using Provisioner.Engine.Deployments.Steps;
using Provisioner.Engine.Deployments.Urns;

namespace Provisioner.Engine.Deployments.Execution;

/// <summary>
/// Reads the resources whose provider wants them read before every diff. All of a provider's are asked for together as soon as it is
/// configured, so that it can look once for all of them; but what was read before a step that changed something is read again.
/// </summary>
internal sealed class DriftReads
{
    private readonly RunContext _run;
    private readonly SnapshotKeeper _keeper;
    private readonly ProviderRegistry _registry;
    private readonly ConcurrentDictionary<ResourceEntry, (int Epoch, Task<StepOutcome> Outcome)> _reads = new();

    public DriftReads(RunContext run, SnapshotKeeper keeper, ProviderRegistry registry)
    {
        _run = run;
        _keeper = keeper;
        _registry = registry;
        registry.Configured += (reference, _) => Begin(reference);
    }

    /// <summary>Takes what a resource really is into the state.</summary>
    /// <returns>Its entry; null when it is gone, which has been told.</returns>
    /// <exception cref="ProviderException">The provider cannot read it.</exception>
    public async Task<ResourceEntry?> ReadAsync(ResourceEntry entry)
    {
        if (!(await _registry.GetAsync(entry.State.Provider, _run.Kill)).IsConfigured)
        {
            return entry;
        }

        var (epoch, reading) = _reads.TryRemove(entry, out var early) ? early : Start(entry);
        var outcome = await reading;
        if (epoch != _run.Epoch)
        {
            outcome = await Start(entry).Outcome;
        }

        if (outcome.New is null)
        {
            _run.Report(DiagnosticSeverity.Info, $"{Urn.Parse(entry.State.Urn).Name} is gone; it was {entry.State.Id}.", entry.State.Urn);
        }

        return Step(entry).Commit(_keeper, outcome);
    }

    private void Begin(ProviderReference reference)
    {
        var text = reference.ToString();
        var old = _keeper.Old;
        var isChosen = _run.Selection.Among(old.Select(entry => entry.State));
        foreach (var entry in old.Where(entry => entry.State is { RefreshBeforeUpdate: true, Delete: false, PendingReplacement: false, External: false }
            && entry.State.Provider == text && isChosen(entry.State.Urn)))
        {
            _reads[entry] = Start(entry);
        }
    }

    private (int Epoch, Task<StepOutcome> Outcome) Start(ResourceEntry entry) => (_run.Epoch, RunAsync(entry));

    private async Task<StepOutcome> RunAsync(ResourceEntry entry)
    {
        // Not in the caller's time: it may be in the middle of configuring the very provider.
        await Task.Yield();
        using var slot = await _run.EnterAsync();
        var outcome = await Step(entry).RunAsync(new StepEnvironment(_run.Preview, _run.Services.Time.GetUtcNow()), _run.Kill);
        return outcome.New is null ? outcome : outcome with { New = _run.Secrets.Received(outcome.New) };
    }

    private RefreshStep Step(ResourceEntry entry) =>
        RefreshStep.Of(entry, async cancellationToken => await _registry.GetAsync(entry.State.Provider, cancellationToken), isForDiff: true);
}
