using System.Collections.Immutable;
using Provisioner.Provider.Consent;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.ZfsPool;

/// <summary>What deleting a pool takes: it is exported, or, with onDelete = destroy and consent, destroyed. Pure.</summary>
internal static class ZfsPoolRemoval
{
    public static ZfsPoolPlan Plan(ZfsPoolArgs desired, ZfsPoolState actual)
    {
        if (desired.OnDelete == ZfsPoolDeletion.Destroy)
        {
            return Destroy(desired, actual);
        }

        if (!PoolDrift.IsImported(actual))
        {
            return new ZfsPoolPlan();
        }

        return actual.Situation.HoldsRoot
            ? new ZfsPoolPlan { Warnings = [$"the pool {actual.Name} stays imported: the running system lies on it"] }
            : new ZfsPoolPlan
            {
                Changes = [new PropertyChange("health", ChangeKind.Update, actual.Health, "exported; everything in the pool stays")],
                Steps = [PoolScripts.Export(actual.Situation.FoundAs ?? actual.Name, actual.Guid, desired.Device)],
            };
    }

    private static ZfsPoolPlan Destroy(ZfsPoolArgs desired, ZfsPoolState actual)
    {
        if (actual.Health is PoolObserver.Destroyed || (actual.Health == PoolObserver.Missing && actual.Guid.Length == 0))
        {
            return new ZfsPoolPlan();
        }

        if (!PoolDrift.IsImported(actual) || actual.Situation is { HoldsRoot: true } or { FoundAs: not null } or { Contents: null })
        {
            return new ZfsPoolPlan
            {
                Refusals =
                [
                    new Refusal($"destroy the pool {desired.Name} (GUID {actual.Guid})")
                    {
                        Why = actual.Situation.HoldsRoot ? "the running system lies on it"
                            : actual.Situation.FoundAs is { } name ? $"it goes under the name {name} now"
                            : "it is not imported, so that nobody can tell what would be lost",
                        Next = "set onDelete to \"keep\" to let go of it without a loss, or run up first, which imports it",
                    },
                ],
            };
        }

        var subject = new ConsentSubject(
            "pool",
            actual.Guid,
            [
                ConsentFact.Identity("guid", actual.Guid),
                new ConsentFact("name", actual.Name),
                .. actual.Situation.ImportFrom.Select((path, index) => new ConsentFact($"device {index + 1}", path)),
                new ConsentFact("contents", actual.Situation.Contents),
            ],
            actual.Situation.Holds);
        return new ZfsPoolPlan
        {
            Changes = [new PropertyChange("health", ChangeKind.Delete, actual.Health)],
            Steps = [PoolScripts.Destroy(actual, desired.Device)],
            Refusals = ConsentCheck.Of(subject, desired.Consent, $"destroy the pool {actual.Name}") is { } refusal ? [refusal] : [],
        };
    }
}
