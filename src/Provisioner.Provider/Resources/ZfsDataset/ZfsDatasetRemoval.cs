using System.Collections.Immutable;
using Provisioner.Provider.Consent;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.ZfsDataset;

/// <summary>What deleting a file system takes: nothing, or, with onDelete = destroy and consent, its destruction. Pure.</summary>
internal static class ZfsDatasetRemoval
{
    public static ZfsDatasetPlan Plan(ZfsDatasetArgs desired, ZfsDatasetState actual)
    {
        var situation = actual.Situation;
        var name = situation.FoundAs ?? actual.Name;
        if (desired.OnDelete == ZfsDatasetDeletion.Keep)
        {
            return situation.Missing ? new ZfsDatasetPlan() : new ZfsDatasetPlan { Warnings = [$"{name} stays on the device with all that is in it, as onDelete says"] };
        }

        if (situation is { Missing: true, Blocked: null, PoolImported: true } || actual.Guid.Length == 0)
        {
            return new ZfsDatasetPlan();
        }

        if (situation.Missing || !situation.InUse.IsEmpty || situation.Contents is null)
        {
            return new ZfsDatasetPlan
            {
                Refusals =
                [
                    new Refusal($"destroy {name}")
                    {
                        Why = situation.Blocked ?? (situation.PoolImported ? "the running system lies on it" : "its pool is not imported, so that nobody can tell what would be lost"),
                        Next = "set onDelete to \"keep\" to let go of it without a loss",
                    },
                ],
            };
        }

        var pool = desired.Pool;
        return new ZfsDatasetPlan
        {
            Changes = [new PropertyChange("name", ChangeKind.Delete, name)],
            Steps =
            [
                .. situation.Checkpoint ? Array.Empty<Step>() : [DatasetScripts.Checkpoint(pool, actual.PoolGuid, situation.PoolDevices)],
                DatasetScripts.Destroy(name, actual.Guid, situation.Contents, desired.Device),
            ],
            Warnings = situation.Checkpoint
                ? [$"{pool} has a checkpoint already, and can have only one: {DatasetScripts.WayBack(pool, actual.PoolGuid, situation.PoolDevices)}; what was written since then is lost by that. For a newer one, let go of it first: zpool checkpoint -d {pool}"]
                : [$"a checkpoint of the pool {pool} is taken before {name} is destroyed: {DatasetScripts.WayBack(pool, actual.PoolGuid, situation.PoolDevices)}; zpool checkpoint -d {pool} lets go of it and frees the space"],
            Refusals = ConsentCheck.Of(ZfsDatasetPlanner.Subject(actual, "dataset"), desired.Consent, $"destroy {name}") is { } refusal ? [refusal] : [],
        };
    }
}
