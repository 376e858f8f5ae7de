using System.Collections.Immutable;
using Provisioner.Engine.Deployments.Execution;
using Provisioner.Engine.Deployments.Providers;
using Provisioner.Engine.Deployments.Registration;
using Provisioner.Engine.Deployments.Snapshots;
using Provisioner.Engine.Deployments.Steps;
using Provisioner.Engine.Deployments.Urns;

namespace Provisioner.Engine.Deployments.Planning;

/// <summary>Decides what is to be deleted when the program has said everything it wants: what it did not register, and what was replaced.</summary>
internal sealed class DeletionPlanner(RunContext run, SnapshotKeeper keeper, RegisteredResources registered, ProviderRegistry registry)
{
    /// <summary>The entries and their steps, in the state's order.</summary>
    /// <exception cref="GoalException">A deletion is refused; the message has every reason, a line each.</exception>
    public ImmutableArray<(ResourceEntry Entry, Step Step)> Plan()
    {
        run.Selection.RequireMatches([.. run.Request.Snapshot.Resources.Select(state => state.Urn).Concat(registered.Urns)]);
        var doomed = Select();
        var refusals = doomed.Where(entry => entry.State is { Protect: true, Delete: false, PendingReplacement: false, External: false })
            .Select(entry => $"{entry.State.Urn} is protected and is not deleted. Take the option \"protect\" from it and run an update first, or keep it in the program.")
            .ToList();
        if (refusals.Count > 0)
        {
            throw new GoalException(string.Join('\n', refusals));
        }

        var urns = doomed.Select(entry => entry.State.Urn).ToHashSet(StringComparer.Ordinal);
        return [.. doomed.Select(entry => (entry, StepFor(entry, urns)))];
    }

    private ImmutableArray<ResourceEntry> Select()
    {
        var left = keeper.Old;
        var doomed = left.Where(entry => entry.State.Delete || !registered.Contains(entry.State.Urn)).ToHashSet();
        if (run.Selection.Targets.IsEmpty)
        {
            var kept = Kept();
            return [.. left.Where(entry => doomed.Contains(entry) && !kept.Contains(entry.State.Urn))];
        }

        var chosen = doomed.Where(entry => run.Selection.Targets.Names(entry.State.Urn)).ToHashSet();
        var urns = chosen.Select(entry => entry.State.Urn).ToHashSet(StringComparer.Ordinal);
        foreach (var dependent in keeper.All.Where(entry => !chosen.Contains(entry)))
        {
            if (References.Of(dependent.State).FirstOrDefault(urns.Contains) is not { } needed)
            {
                continue;
            }

            if (!run.Request.Options.TargetDependents || !doomed.Contains(dependent))
            {
                throw new GoalException($"{needed} cannot be deleted: {dependent.State.Urn} needs it. Target that one too, or add --target-dependents.");
            }

            chosen.Add(dependent);
            urns.Add(dependent.State.Urn);
        }

        return [.. left.Where(chosen.Contains)];
    }

    /// <summary>The excluded resources, and whatever they need.</summary>
    private HashSet<string> Kept()
    {
        var kept = new HashSet<string>(StringComparer.Ordinal);
        if (run.Selection.Excludes.IsEmpty)
        {
            return kept;
        }

        var all = keeper.All;
        var isChosen = run.Selection.Among(all.Select(entry => entry.State));
        foreach (var state in all.Reverse().Select(entry => entry.State).Where(state => kept.Contains(state.Urn) || !isChosen(state.Urn)))
        {
            kept.Add(state.Urn);
            kept.UnionWith(References.Of(state));
        }

        return kept;
    }

    private Step StepFor(ResourceEntry entry, HashSet<string> doomed)
    {
        var state = entry.State;
        if (state.PendingReplacement)
        {
            return RemovePendingReplaceStep.Of(entry);
        }

        var operation = (state.External, state.Delete) switch
        {
            (true, true) => StepOperation.DiscardReplaced,
            (true, false) => StepOperation.Discard,
            (false, true) => StepOperation.DeleteReplaced,
            (false, false) => StepOperation.Delete,
        };
        var asksNobody = !state.Custom || state.External || state.RetainOnDelete || Urn.IsProviderType(state.Type) || doomed.Contains(state.DeletedWith);
        return DeleteStep.Of(operation, entry, asksNobody ? null : async cancellationToken => await registry.GetAsync(state.Provider, cancellationToken));
    }
}
