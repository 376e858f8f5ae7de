using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.Disk;

/// <summary>What deleting a disk takes: nothing, unless it is to be destroyed.</summary>
internal static class DiskRemoval
{
    public static DiskPlan Plan(DiskArgs desired, DiskState actual)
    {
        if (desired.OnDelete == DiskDeletion.Keep)
        {
            return new DiskPlan();
        }

        if (!actual.Found.Doubts.IsEmpty)
        {
            return new DiskPlan
            {
                Refusals =
                [
                    new Refusal($"wipe the disk {actual.ById} ({actual.Serial})")
                    {
                        Why = string.Join('\n', actual.Found.Doubts),
                        Next = "attach the disk; or set onDelete to \"keep\" and run up, and delete it then",
                    },
                ],
            };
        }

        if (actual.Found.Blank)
        {
            return new DiskPlan();
        }

        var (steps, refusals, _) = DiskPlanner.Wipe(desired, actual, DiskLayout.Of(desired), "or set onDelete to \"keep\" and run up, and delete it then: the disk then stays as it is");
        return new DiskPlan { Steps = steps, Refusals = refusals };
    }
}
