using Provisioner.Provider.Inspection;
using Provisioner.Provider.Resources.ZfsSnapshot;
using static Provisioner.Provider.Tests.Resources.Zfs.ZfsWorld;

namespace Provisioner.Provider.Tests.Resources.Zfs;

public sealed class ZfsSnapshotPlanTests
{
    private static readonly ZfsSnapshotArgs Args = new() { Device = Device, Pool = "lamp", PoolGuid = PoolGuid, Name = "before", Recursive = true };

    [Fact]
    public void A_snapshot_that_is_not_there_is_taken_and_one_that_is_there_adopted()
    {
        PlanOf(null, []).Steps.ShouldHaveSingleItem().Sentence.ShouldBe("zfs snapshot -r lamp@before");
        PlanOf(null, Whole).Changes.ShouldBeEmpty();
    }

    [Fact]
    public void One_that_is_gone_is_told_to_be_lost_before_a_new_one_is_taken()
    {
        var known = SnapshotObserver.Observe(Args, null, With(Whole));
        var plan = PlanOf(known, []);
        plan.Warnings.ShouldHaveSingleItem().ShouldContain("nothing brings it back");
        plan.Steps.ShouldHaveSingleItem().Sentence.ShouldBe("zfs snapshot -r lamp@before");
    }

    [Fact]
    public void Another_snapshot_of_the_name_and_a_part_that_is_gone_are_not_taken_for_the_whole()
    {
        var known = SnapshotObserver.Observe(Args, null, With(Whole));
        PlanOf(known, [Whole[0], Whole[1] with { Guid = "3" }]).Refusals.ShouldHaveSingleItem().Why!.ShouldContain("another one (GUID 3)");
        PlanOf(known, [Whole[0]]).Refusals.ShouldHaveSingleItem().Why!.ShouldContain("lamp/home@before");
    }

    [Fact]
    public void Deleting_leaves_it_and_destroying_takes_consent()
    {
        var known = SnapshotObserver.Observe(Args, null, With(Whole));
        ZfsSnapshotPlanner.PlanDelete(Args, known).Steps.ShouldBeEmpty();
        var args = Args with { OnDelete = ZfsSnapshotDeletion.Destroy };
        var refusal = ZfsSnapshotPlanner.PlanDelete(args, known).Refusals.ShouldHaveSingleItem();
        ZfsSnapshotPlanner.PlanDelete(args with { Consent = Map(("lamp@before", refusal.Token!)) }, known).Refusals.ShouldBeEmpty();
    }

    private static SnapshotFacts[] Whole => [new("lamp@before", "1", 5, 100), new("lamp/home@before", "2", 5, 100)];

    private static DeviceFacts With(SnapshotFacts[] snapshots)
    {
        var facts = Imported();
        return facts with { Zfs = facts.Zfs with { Snapshots = [.. snapshots] } };
    }

    private static ZfsSnapshotPlan PlanOf(ZfsSnapshotState? known, SnapshotFacts[] snapshots) =>
        ZfsSnapshotPlanner.Plan(Args, SnapshotObserver.Observe(Args, known, With(snapshots)));
}
