using Provisioner.Provider.Consent;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Resources.ZfsPool;
using static Provisioner.Provider.Tests.Resources.Zfs.ZfsWorld;

namespace Provisioner.Provider.Tests.Resources.Zfs;

public sealed class ZfsPoolPlanTests
{
    [Fact]
    public void A_pool_is_made_on_blank_devices()
    {
        var plan = PlanOf(Pi(Blank, Blank));
        plan.Refusals.ShouldBeEmpty();
        plan.Steps.ShouldHaveSingleItem().Sentence.ShouldBe(
            "make the pool: zpool create -R /mnt -o ashift=12 -o autotrim=on -O acltype=posixacl -O atime=off -O compression=zstd -O mountpoint=none -O xattr=sa lamp mirror "
            + $"{First} {Second}");
        plan.Steps[0].Rechecks.ShouldBeTrue();
    }

    [Fact]
    public void Nothing_that_is_not_blank_is_overwritten_without_consent_to_just_that()
    {
        var facts = Pi(Blank, new ContentFacts { FileSystem = "ext4", Label = "photos", Digest = "abc" });
        var refusal = PlanOf(facts).Refusals.ShouldHaveSingleItem();
        refusal.ToString().ShouldContain("ext4 \"photos\"");
        refusal.ToString().ShouldContain($"--path consent.b31df537-f596-484b-9783-88936a45a9ac {refusal.Token}");

        var agreed = Pool with { Consent = Map(("b31df537-f596-484b-9783-88936a45a9ac", refusal.Token!)) };
        var plan = PlanOf(facts, agreed);
        plan.Refusals.ShouldBeEmpty();
        plan.Steps[0].Sentence.ShouldContain("zpool create -f ");

        PlanOf(Pi(Blank, new ContentFacts { FileSystem = "ext4", Label = "photos", Digest = "abd" }), agreed).Refusals.ShouldHaveSingleItem().Why!.ShouldContain("has changed since");
    }

    [Fact]
    public void Bytes_that_are_no_known_file_system_are_not_blank() =>
        PlanOf(Pi(Blank, new ContentFacts { Digest = "abcdef0123456789" })).Refusals.ShouldHaveSingleItem().ToString().ShouldContain("no known file system");

    [Fact]
    public void A_mounted_device_is_never_taken_whoever_agrees()
    {
        var facts = Pi(Blank, Blank with { FileSystem = "ext4", MountPoints = ["/"] });
        var plan = PlanOf(facts);
        plan.Refusals.ShouldHaveSingleItem().Token.ShouldBeNull();
        plan.Refusals[0].ToString().ShouldContain("in use at /");
    }

    [Fact]
    public void What_was_not_seen_is_not_written_to()
    {
        var facts = Pi(Blank, Blank);
        var step = PlanOf(facts with { Disks = [facts.Disks[0]] }).Steps.ShouldHaveSingleItem();
        var script = step.Script!.Text.Source;
        script.ShouldContain($"was not among the disks when they were looked at\\n' {Second} >&2\nexit 66");
        script.IndexOf("exit 66", StringComparison.Ordinal).ShouldBeLessThan(script.IndexOf("'zpool' 'create'", StringComparison.Ordinal));
        PlanOf(facts).Steps[0].Script!.Text.Source.ShouldNotContain("exit 66");
    }

    [Fact]
    public void An_exported_pool_that_lies_on_just_these_devices_is_adopted_by_its_GUID()
    {
        var plan = PlanOf(Pi(Label(), Label()));
        plan.Refusals.ShouldBeEmpty();
        plan.Steps.ShouldHaveSingleItem().Sentence.ShouldBe($"import the pool lamp by its GUID: zpool import -d {Second} -d {First} -R /mnt {PoolGuid}");
    }

    [Theory]
    [InlineData("other", PoolGuid)]
    [InlineData("lamp", "999")]
    public void A_pool_of_another_name_or_on_one_device_only_is_not_adopted(string name, string guid)
    {
        var plan = PlanOf(Pi(Label(), Label(name, guid)));
        plan.Refusals.Length.ShouldBe(2);
        plan.Refusals.ShouldAllBe(refusal => refusal.Token != null);
        plan.Steps.ShouldHaveSingleItem().Sentence.ShouldStartWith("make the pool");
    }

    [Fact]
    public void A_pool_that_another_machine_has_not_given_up_is_imported_by_force_with_consent_only()
    {
        var facts = Pi(Label(state: "0", hostId: "17"), Label(state: "0", hostId: "17"));
        var refusal = PlanOf(facts).Refusals.ShouldHaveSingleItem();
        refusal.ToString().ShouldContain("other (host id 00000011)");
        var plan = PlanOf(facts, Pool with { Consent = Map((PoolGuid, refusal.Token!)) });
        plan.Refusals.ShouldBeEmpty();
        plan.Steps.ShouldHaveSingleItem().Sentence.ShouldContain(" -f ");
    }

    [Fact]
    public void A_pool_that_this_machine_lost_in_a_power_cut_is_imported_without_force() =>
        PlanOf(Pi(Label(state: "0"), Label(state: "0"))).Steps.ShouldHaveSingleItem().Sentence.ShouldNotContain(" -f ");

    [Fact]
    public void A_creation_that_was_cut_off_before_anything_could_be_in_it_goes_on()
    {
        var plan = PlanOf(Pi(Label(txg: "0", state: "0"), Blank));
        plan.Refusals.ShouldBeEmpty();
        plan.Steps.ShouldHaveSingleItem().Sentence.ShouldContain("zpool create -f");
        plan.Warnings.ShouldHaveSingleItem().ShouldContain("cut off");
    }

    [Fact]
    public void Another_pool_of_the_name_is_left_alone()
    {
        var facts = Imported(pool => pool with { Vdevs = [new VdevState("1", "disk", "/dev/sdc1", "ONLINE", 0, 0, "data")] });
        var plan = PlanOf(facts with { Disks = Pi(Blank, Blank).Disks });
        plan.Refusals.ShouldHaveSingleItem().ToString().ShouldContain($"another pool of this name is imported: its GUID is {PoolGuid}, and it lies on /dev/sdc1");
    }

    [Fact]
    public void A_pool_as_it_is_wanted_takes_nothing()
    {
        var state = PoolObserver.Observe(Pool, null, Imported());
        state.Drift.ShouldBeEmpty();
        ZfsPoolPlanner.Plan(Pool, state).Changes.ShouldBeEmpty();
    }

    [Fact]
    public void Properties_that_were_changed_or_set_on_the_device_are_named_and_put_back()
    {
        var known = PoolObserver.Observe(Pool, null, Imported());
        var facts = Imported(
            pool => pool with { Properties = pool.Properties.SetItem("autotrim", ("off", "local")).SetItem("comment", ("mine", "local")) },
            HomeFacts);
        facts = facts with { Zfs = facts.Zfs with { Datasets = [Root with { Local = Root.Local.SetItem("compression", "lz4").Remove("atime").SetItem("my:own", "1") }] } };
        var plan = ZfsPoolPlanner.Plan(Pool, PoolObserver.Observe(Pool, known, facts));
        plan.Changes.Select(change => change.ToString()).ShouldBe(
        [
            "properties.autotrim: off → on (changed on the device)",
            "properties.comment: mine goes away (set on the device, but not by the program; to keep it, write it into properties)",
            "fileSystemProperties.atime: not set → off (no longer set on the device: somebody has inherited it, or it was never set)",
            "fileSystemProperties.compression: lz4 → zstd (changed on the device)",
        ]);
        plan.Steps.Select(step => step.Sentence).ShouldBe(
            ["zpool set autotrim=on, comment= on lamp", "zfs set atime=off compression=zstd lamp"]);
    }

    [Fact]
    public void A_mirror_with_a_disk_pulled_out_is_told_with_what_to_do_and_no_step()
    {
        var known = PoolObserver.Observe(Pool, null, Imported());
        var facts = Imported(pool => pool with
        {
            Properties = pool.Properties.SetItem("health", ("DEGRADED", "-")),
            Vdevs = pool.Vdevs.SetItem(2, pool.Vdevs[2] with { State = "REMOVED" }),
        });
        facts = facts with { Disks = [facts.Disks[0]] };
        var plan = ZfsPoolPlanner.Plan(Pool, PoolObserver.Observe(Pool, known, facts));
        plan.Changes.ShouldHaveSingleItem().ToString().ShouldBe("health: DEGRADED → ONLINE (/dev/sdb2 (7336548388128644757) is REMOVED)");
        plan.Steps.ShouldBeEmpty();
        plan.Refusals.ShouldBeEmpty();
        plan.Warnings.ShouldHaveSingleItem().ShouldContain("zpool replace lamp 7336548388128644757 NEW");
    }

    [Fact]
    public void A_disk_that_is_back_is_put_online()
    {
        var known = PoolObserver.Observe(Pool, null, Imported());
        var facts = Imported(pool => pool with
        {
            Properties = pool.Properties.SetItem("health", ("DEGRADED", "-")),
            Vdevs = pool.Vdevs.SetItem(2, pool.Vdevs[2] with { State = "OFFLINE" }),
        });
        ZfsPoolPlanner.Plan(Pool, PoolObserver.Observe(Pool, known, facts)).Steps.ShouldHaveSingleItem().Sentence.ShouldStartWith("zpool online lamp 7336548388128644757");
    }

    [Fact]
    public void A_destroyed_pool_is_brought_back()
    {
        var known = PoolObserver.Observe(Pool, null, Imported());
        var plan = ZfsPoolPlanner.Plan(Pool, PoolObserver.Observe(Pool, known, Pi(Label(state: "2"), Label(state: "2"))));
        plan.Changes.ShouldHaveSingleItem().Because!.ShouldContain("somebody has destroyed the pool");
        plan.Steps.ShouldHaveSingleItem().Sentence.ShouldContain(" -D ");
    }

    [Fact]
    public void A_pool_that_is_gone_is_never_made_anew_in_silence()
    {
        var known = PoolObserver.Observe(Pool, null, Imported());
        var blank = ZfsPoolPlanner.Plan(Pool, PoolObserver.Observe(Pool, known, Pi(Blank, Blank)));
        blank.Refusals.ShouldHaveSingleItem().Token.ShouldNotBeNull().ShouldStartWith("pool-");
        var unplugged = Pi(Blank, Blank);
        var plan = ZfsPoolPlanner.Plan(Pool, PoolObserver.Observe(Pool, known, unplugged with { Disks = [unplugged.Disks[0]] }));
        plan.Refusals.ShouldHaveSingleItem().ToString().ShouldContain("plug the disk in");
        plan.Steps.ShouldBeEmpty();
    }

    [Fact]
    public void While_ZFS_hangs_nothing_is_done()
    {
        var facts = Pi(Blank, Blank);
        var plan = PlanOf(facts with { Zfs = facts.Zfs with { Blind = "commands of ZFS hang" } });
        plan.Steps.ShouldBeEmpty();
        plan.Refusals.ShouldHaveSingleItem().Why.ShouldBe("commands of ZFS hang");
    }

    [Fact]
    public void Deleting_exports_and_destroying_takes_consent_to_all_that_is_in_it()
    {
        var state = PoolObserver.Observe(Pool, null, Imported());
        ZfsPoolRemoval.Plan(Pool, state).Steps.ShouldHaveSingleItem().Sentence.ShouldBe("zpool export lamp");

        var destroying = Pool with { OnDelete = ZfsPoolDeletion.Destroy };
        var refusal = ZfsPoolRemoval.Plan(destroying, state).Refusals.ShouldHaveSingleItem();
        refusal.Losses.ShouldBe(["lamp: 96 KiB in use", "below it: lamp/home", "no snapshots"]);
        var agreed = destroying with { Consent = Map((PoolGuid, refusal.Token!)) };
        var plan = ZfsPoolRemoval.Plan(agreed, state);
        plan.Refusals.ShouldBeEmpty();
        plan.Steps.ShouldHaveSingleItem().Sentence.ShouldContain($"zpool import -D -d {First} -d {Second} {PoolGuid} brings it back");

        var more = PoolObserver.Observe(Pool, state, Imported(null, HomeFacts with { Referenced = 98305 }));
        ZfsPoolRemoval.Plan(agreed, more).Refusals.ShouldHaveSingleItem();
    }

    private static ZfsPoolPlan PlanOf(DeviceFacts facts, ZfsPoolArgs? args = null) => ZfsPoolPlanner.Plan(args ?? Pool, PoolObserver.Observe(args ?? Pool, null, facts));
}
