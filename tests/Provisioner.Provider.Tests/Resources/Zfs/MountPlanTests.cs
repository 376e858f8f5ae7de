using System.Collections.Immutable;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Resources.Zfs.Mounts;
using Provisioner.Provider.Resources.ZfsDataset;
using Provisioner.Provider.Resources.ZfsPool;
using static Provisioner.Provider.Tests.Resources.Zfs.ZfsWorld;

namespace Provisioner.Provider.Tests.Resources.Zfs;

/// <summary>What is mounted in a running system is looked at before: what it would cover is named, and nothing is covered without consent.</summary>
public sealed class MountPlanTests
{
    private const string Way = "place /home\ncount 1\nentry me\nway /home/me\tthe home of me, who logs in here\n";

    private static readonly ZfsDatasetArgs Wanted = Home with { Properties = Map(("mountpoint", "/home")) };

    [Fact]
    public void A_place_that_holds_the_way_in_is_refused_and_named_and_with_consent_it_is_mounted_within_a_guard()
    {
        var state = Seen(Wanted, Running(), Way);

        var refusal = ZfsDatasetPlanner.Plan(Wanted, state).Refusals.ShouldHaveSingleItem();

        refusal.ToString().ShouldStartWith("up will refuse to mount lamp/home at /home\n");
        refusal.Why!.ShouldContain("it would cover that by which we get in");
        refusal.Why!.ShouldContain("at /home: me; the home of me, who logs in here (/home/me)");
        refusal.Next!.ShouldContain("consent[\"lamp/home:mount\"]");
        var agreed = ZfsDatasetPlanner.Plan(Wanted with { Consent = Map(("lamp/home:mount", refusal.Token!)) }, state);
        agreed.Refusals.ShouldBeEmpty();
        agreed.Steps.Select(step => step.Sentence.Split(':')[0]).ShouldBe(
        [
            "look once more what lies at /home, and arm a guard on the device",
            "zfs create -o canmount=noauto -o mountpoint=/home lamp/home, and zfs mount for now",
            "come back over a new connection, see that it is mounted, and have it mounted at every start from now on",
        ]);
        agreed.Steps[2].Script!.FreshLink.ShouldBeTrue();
    }

    [Fact]
    public void A_consent_does_not_hold_for_a_place_where_something_else_lies_by_now()
    {
        var token = ZfsDatasetPlanner.Plan(Wanted, Seen(Wanted, Running(), Way)).Refusals[0].Token!;
        ZfsDatasetPlanner.Plan(Wanted with { Consent = Map(("lamp/home:mount", token)) }, Seen(Wanted, Running(), Way.Replace("entry me", "entry you", StringComparison.Ordinal)))
            .Refusals.ShouldHaveSingleItem().Why!.ShouldContain("does not fit");
    }

    [Fact]
    public void Where_nothing_lies_no_consent_is_needed_and_we_come_back_all_the_same()
    {
        var wanted = Home with { Properties = Map(("mountpoint", "/srv/pictures")) };
        var plan = ZfsDatasetPlanner.Plan(wanted, Seen(wanted, Running(), "place /srv/pictures\n"));
        plan.Refusals.ShouldBeEmpty();
        plan.Steps.Length.ShouldBe(3);
    }

    [Fact]
    public void Of_what_is_made_above_it_only_that_is_mounted_which_has_a_place()
    {
        var wanted = Home with { Name = "data/pictures", Properties = Map(("mountpoint", "/srv/pictures")) };
        var create = ZfsDatasetPlanner.Plan(wanted, Seen(wanted, Running(), "place /srv/pictures\n")).Steps[1].Script!.Text.Source;
        create.ShouldContain("zfs create -o canmount=noauto lamp/data\n");
        create.ShouldContain("zfs mount lamp/data/pictures");
        create.ShouldNotContain("zfs mount lamp/data\n");
    }

    [Fact]
    public void What_has_not_been_looked_at_is_not_mounted() =>
        ZfsDatasetPlanner.Plan(Wanted, DatasetObserver.Observe(Wanted, null, Running())).Refusals.ShouldHaveSingleItem().Why.ShouldBe("what lies there has not been looked at");

    [Fact]
    public void What_is_not_mounted_is_not_looked_at()
    {
        foreach (var properties in new[] { Map(("mountpoint", "legacy")), Map(("mountpoint", "none")), Map(("mountpoint", "/home"), ("canmount", "off")), Map(("mountpoint", "/home"), ("canmount", "noauto")) })
        {
            var wanted = Home with { Properties = properties };
            var state = DatasetObserver.Observe(wanted, null, Running());
            state.Situation.Mounting.IsNothing.ShouldBeTrue();
            ZfsDatasetPlanner.Plan(wanted, state).Steps.ShouldHaveSingleItem();
        }
    }

    [Fact]
    public void By_inheritance_it_is_mounted_too_and_so_is_what_is_missing_above_it()
    {
        var tree = Dataset("lamp/data", "11", Map(("mountpoint", "/data")));
        Mounts(Home with { Name = "data/me", Properties = Map() }, Running(tree)).ShouldBe("lamp/data/me=/data/me");
        Mounts(Home with { Name = "data/a/b", Properties = Map() }, Running(tree)).ShouldBe("lamp/data/a=/data/a lamp/data/a/b=/data/a/b");
        Mounts(Home with { Name = "elsewhere", Properties = Map() }, Running()).ShouldBe("", "its pool is mounted nowhere");
    }

    [Theory]
    [InlineData("mountpoint", "/home", "lamp/home=/home lamp/home/me=/home/me")]
    [InlineData("canmount", "on", "lamp/home=/home lamp/home/me=/home/me")]
    public void A_change_mounts_it_and_what_inherits_from_it(string changed, string value, string mounts)
    {
        var before = changed == "mountpoint" ? Map(("mountpoint", "none")) : Map(("mountpoint", "/home"), ("canmount", "off"));
        var below = changed == "mountpoint" ? Map() : Map(("canmount", "off"));
        var facts = Running(Dataset("lamp/home", "3257", before), Dataset("lamp/home/me", "3258", below));
        var wanted = Home with { Properties = Map(("mountpoint", "/home")).SetItem(changed, value) };

        Mounts(wanted, facts).ShouldBe(changed == "mountpoint" ? mounts : mounts.Split(' ')[0]);
    }

    [Fact]
    public void A_change_can_be_undone_by_the_device()
    {
        var facts = Running(Dataset("lamp/home", "3257", Map(("mountpoint", "/old"))) with { IsMounted = true });
        var wanted = Home with { Properties = Map(("mountpoint", "/new")) };
        var state = Seen(wanted, facts, "place /new\nplace /old\n");

        var plan = ZfsDatasetPlanner.Plan(wanted, state);

        plan.Refusals.ShouldBeEmpty();
        plan.Steps.Select(step => step.Sentence.Split(':')[0].Split(',')[0]).ShouldBe(
            ["look once more what lies at /new", "zfs set canmount=noauto lamp/home", "zfs set mountpoint=/new lamp/home", "zfs mount lamp/home", "come back over a new connection"]);
        var arm = plan.Steps[0].Script!.Text.Source;
        arm.ShouldContain("mountpoint=/old");
        arm.ShouldContain("zfs mount");
    }

    [Fact]
    public void What_holds_the_way_in_is_not_moved_away_whoever_agrees()
    {
        var facts = Running(Dataset("lamp/home", "3257", Map(("mountpoint", "/home"))) with { IsMounted = true });
        foreach (var properties in new[] { Map(("mountpoint", "/srv/home")), Map(("mountpoint", "legacy")), Map(("mountpoint", "/home"), ("canmount", "off")) })
        {
            var wanted = Home with { Properties = properties };
            var text = properties["mountpoint"] == "/srv/home" ? $"place /srv/home\n{Way}" : Way;
            var refusal = ZfsDatasetPlanner.Plan(wanted, Seen(wanted, facts, text)).Refusals.ShouldHaveSingleItem();
            refusal.What.ShouldBe("move lamp/home away from /home");
            refusal.Token.ShouldBeNull();
        }
    }

    [Fact]
    public void Below_the_folder_in_which_a_system_is_made_the_place_is_looked_at_and_nothing_else()
    {
        var state = Seen(Wanted, Imported(null, Dataset("lamp/root", "1", Map(("mountpoint", "legacy")))), "place /mnt/home\n");
        var plan = ZfsDatasetPlanner.Plan(Wanted, state);
        plan.Refusals.ShouldBeEmpty();
        plan.Steps.Select(step => step.Sentence).ShouldBe(["look once more that nothing else lies at /mnt/home", "zfs create -o mountpoint=/home lamp/home"]);
    }

    [Fact]
    public void One_that_is_put_in_the_place_of_another_does_not_share_its_place()
    {
        var facts = Running(Dataset("lamp/home", "3257", Map(("mountpoint", "/data"), (Provider.Resources.Zfs.FileSystemProperties.Installation, "first"))) with { IsMounted = true });
        var wanted = Home with { Properties = Map(("mountpoint", "/data")), Installation = "second" };

        var plan = ZfsDatasetPlanner.Plan(wanted, Seen(wanted, facts, "place /data\nmounted lamp/home (zfs)\ncount 1\nentry pictures\n"));

        plan.Refusals.ShouldBeEmpty();
        plan.Steps[0].Sentence.ShouldEndWith("and zfs set mountpoint=none lamp/home.was-3257, so that it is not mounted in the place of the new one (it was /data)");
        plan.Steps.Length.ShouldBe(4);
    }

    [Fact]
    public void A_pool_s_root_is_no_exception()
    {
        var wanted = Pool with { FileSystemProperties = Pool.FileSystemProperties.SetItem("mountpoint", "/home") };
        var facts = Running();
        var state = PoolObserver.Observe(wanted, PoolObserver.Observe(Pool, null, facts), facts);
        state.Situation.Mounting.Mounts.ShouldHaveSingleItem().ShouldBe(new("lamp", "/home"));
        state = state with { Situation = state.Situation with { Mounting = PlaceLook.Read(state.Situation.Mounting, Way) } };
        ZfsPoolPlanner.Plan(wanted, state).Refusals.ShouldHaveSingleItem().Why!.ShouldContain("the home of me, who logs in here (/home/me)");
    }

    [Fact]
    public void A_pool_that_is_imported_mounts_nothing_by_itself()
    {
        var facts = Pi(Label(), Label()) with { Boot = new BootFacts("/dev/sdc2", "ext4", 4, Incarnation.Installed, false) };
        var plan = ZfsPoolPlanner.Plan(Pool, PoolObserver.Observe(Pool, null, facts));
        plan.Steps.ShouldHaveSingleItem().Sentence.ShouldEndWith(", and mount what covers nothing");
        plan.Steps[0].Sentence.ShouldContain(": zpool import -N -d ");
    }

    private static DeviceFacts Running(params DatasetFacts[] datasets)
    {
        var imported = Imported(
            pool => pool with { Properties = pool.Properties.SetItem("altroot", ("-", "default")) },
            datasets.Length == 0 ? [Dataset("lamp/root", "1", Map(("mountpoint", "legacy")))] : datasets);
        return imported with { Boot = new BootFacts("lamp/root", "zfs", 4, Incarnation.Installed, false) };
    }

    private static ZfsDatasetState Seen(ZfsDatasetArgs wanted, DeviceFacts facts, string text)
    {
        var known = facts.Zfs.Datasets.Any(dataset => dataset.Name == "lamp/home") ? DatasetObserver.Observe(wanted, null, facts) : null;
        var state = DatasetObserver.Observe(wanted, known, facts);
        return state with { Situation = state.Situation with { Mounting = PlaceLook.Read(state.Situation.Mounting, text) } };
    }

    private static string Mounts(ZfsDatasetArgs wanted, DeviceFacts facts) =>
        string.Join(' ', DatasetObserver.Observe(wanted, null, facts).Situation.Mounting.Mounts.Select(pair => $"{pair.Key}={pair.Value}"));
}
