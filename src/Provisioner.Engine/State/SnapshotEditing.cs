using Provisioner.Engine.Deployments.Snapshots;

namespace Provisioner.Engine.State;

/// <summary>Changes to a state by hand, which leave it whole. What really exists is not touched.</summary>
public static class SnapshotEditing
{
    /// <summary>Takes a resource out of the state.</summary>
    /// <param name="targetDependents">Also those that depend on it; they are refused otherwise.</param>
    /// <param name="force">Also protected ones.</param>
    /// <returns>The state without it.</returns>
    /// <exception cref="StateFileException">There is no such resource, or it may not go.</exception>
    public static Snapshot Delete(Snapshot snapshot, string urn, bool targetDependents, bool force)
    {
        var doomed = new HashSet<string>(StringComparer.Ordinal) { Find(snapshot, urn).Urn };
        foreach (var resource in snapshot.Resources.Where(resource => !doomed.Contains(resource.Urn)))
        {
            if (References.Of(resource).FirstOrDefault(doomed.Contains) is not { } needed)
            {
                continue;
            }

            if (!targetDependents)
            {
                throw new StateFileException($"{needed} cannot be taken out of the state: {resource.Urn} depends on it. Take that one out first, or both with --target-dependents.");
            }

            doomed.Add(resource.Urn);
        }

        return !force && snapshot.Resources.FirstOrDefault(resource => resource.Protect && doomed.Contains(resource.Urn)) is { } guarded
            ? throw new StateFileException($"{guarded.Urn} is protected. Run `state unprotect` on it first, or pass --force.")
            : snapshot with { Resources = [.. snapshot.Resources.Where(resource => !doomed.Contains(resource.Urn))] };
    }

    /// <summary>Lets a resource be deleted and replaced again.</summary>
    /// <exception cref="StateFileException">There is no such resource.</exception>
    public static Snapshot Unprotect(Snapshot snapshot, string urn)
    {
        Find(snapshot, urn);
        return snapshot with { Resources = [.. snapshot.Resources.Select(resource => resource.Urn == urn ? resource with { Protect = false } : resource)] };
    }

    /// <summary>Lets every resource be deleted and replaced again.</summary>
    public static Snapshot UnprotectAll(Snapshot snapshot) =>
        snapshot with { Resources = [.. snapshot.Resources.Select(resource => resource with { Protect = false })] };

    private static ResourceState Find(Snapshot snapshot, string urn) =>
        snapshot.Resources.Count(resource => resource.Urn == urn) switch
        {
            0 => throw new StateFileException($"There is no resource {urn} in this stack; `stack export` shows which there are."),
            1 => snapshot.Resources.Single(resource => resource.Urn == urn),
            _ => throw new StateFileException($"{urn} stands more than once in this stack: a replaced one is still to be deleted. Run `up` first, which does that."),
        };
}
