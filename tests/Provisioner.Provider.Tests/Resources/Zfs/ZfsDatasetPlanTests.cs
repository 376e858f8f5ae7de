using Provisioner.Provider.Inspection;
using Provisioner.Provider.Resources.Zfs;
using Provisioner.Provider.Resources.ZfsDataset;
using static Provisioner.Provider.Tests.Resources.Zfs.ZfsWorld;

namespace Provisioner.Provider.Tests.Resources.Zfs;

public sealed class ZfsDatasetPlanTests
{
    [Fact]
    public void A_dataset_that_is_not_there_is_made_and_one_that_is_there_adopted()
    {
        PlanOf(Home with { Name = "home/me" }, Imported()).Steps.ShouldHaveSingleItem().Sentence.ShouldBe("zfs create -p -o mountpoint=legacy -o quota=1G lamp/home/me");
        var state = DatasetObserver.Observe(Home, null, Imported());
        state.Guid.ShouldBe("3257");
        ZfsDatasetPlanner.Plan(Home, state).Changes.ShouldBeEmpty();
    }

    [Fact]
    public void Drift_tells_set_inherited_and_foreign_apart()
    {
        var known = DatasetObserver.Observe(Home, null, Imported());
        var wanted = Home with { Properties = Home.Properties.Add("compression", "lz4") };
        var facts = Imported(null, HomeFacts with { Local = Map(("quota", "2147483648"), ("atime", "on"), ("reservation", "1048576")) });
        var plan = ZfsDatasetPlanner.Plan(wanted, DatasetObserver.Observe(wanted, known, facts));
        plan.Changes.Select(change => change.ToString()).ShouldBe(
        [
            "properties.compression: zstd (inherited from lamp) → lz4 (no longer set on the device: somebody has inherited it, or it was never set)",
            "properties.mountpoint: none (inherited from lamp) → legacy (no longer set on the device: somebody has inherited it, or it was never set)",
            "properties.quota: 2 GiB → 1G (changed on the device)",
            "properties.atime: on goes away (set on the device, but not by the program; to keep it, write it into properties)",
            "properties.reservation: 1 MiB goes away (set on the device, but not by the program; to keep it, write it into properties)",
        ]);
        plan.Steps.Select(step => step.Sentence).ShouldBe(
            ["zfs set compression=lz4 mountpoint=legacy quota=1G reservation=none lamp/home", "zfs inherit atime lamp/home"]);
    }

    [Fact]
    public void What_only_a_new_one_can_have_is_a_replacement_that_needs_consent_and_keeps_the_old_one()
    {
        var wanted = Home with { Properties = Home.Properties.Add("casesensitivity", "insensitive") };
        var plan = PlanOf(wanted, Imported());
        plan.Replaces.ShouldBeTrue();
        var refusal = plan.Refusals.ShouldHaveSingleItem();
        refusal.ToString().ShouldContain("renamed to lamp/home.was-3257");
        var agreed = PlanOf(wanted with { Consent = Map(("lamp/home", refusal.Token!)) }, Imported());
        agreed.Refusals.ShouldBeEmpty();
        agreed.Steps.Select(step => step.Sentence.Split(" (")[0]).ShouldBe(
            ["zfs rename lamp/home lamp/home.was-3257", "zfs create -o casesensitivity=insensitive -o mountpoint=legacy -o quota=1G lamp/home"]);
    }

    [Fact]
    public void Another_pool_of_the_name_is_not_touched()
    {
        var plan = PlanOf(Home with { PoolGuid = "1" }, Imported());
        plan.Steps.ShouldBeEmpty();
        plan.Refusals.ShouldHaveSingleItem().Why!.ShouldContain($"its GUID is {PoolGuid}, and 1 is meant");
    }

    [Fact]
    public void A_dataset_that_was_renamed_is_known_by_its_GUID_and_renamed_back()
    {
        var known = DatasetObserver.Observe(Home, null, Imported());
        var state = DatasetObserver.Observe(Home, known, Imported(null, HomeFacts with { Name = "lamp/old" }));
        ZfsDatasetPlanner.Plan(Home, state).Steps.ShouldHaveSingleItem().Sentence.ShouldBe("zfs rename lamp/old lamp/home");
    }

    [Fact]
    public void Another_dataset_under_the_name_is_not_taken_for_the_one_that_was_there()
    {
        var known = DatasetObserver.Observe(Home, null, Imported());
        var plan = ZfsDatasetPlanner.Plan(Home, DatasetObserver.Observe(Home, known, Imported(null, HomeFacts with { Guid = "4" })));
        plan.Steps.ShouldBeEmpty();
        plan.Refusals.ShouldHaveSingleItem().Why.ShouldBe("lamp/home has the GUID 4, and 3257 was there before, which is gone");
    }

    [Fact]
    public void A_dataset_that_was_destroyed_is_made_anew_with_a_word_about_what_is_lost()
    {
        var known = DatasetObserver.Observe(Home, null, Imported());
        var plan = ZfsDatasetPlanner.Plan(Home, DatasetObserver.Observe(Home, known, Imported(null, Dataset("lamp/nix", "9", Map()))));
        plan.Steps.ShouldHaveSingleItem().Sentence.ShouldStartWith("zfs create");
        plan.Warnings.ShouldHaveSingleItem().ShouldContain("with all that was in it");
    }

    [Fact]
    public void While_the_pool_is_not_imported_nothing_is_held_for_lost()
    {
        var known = DatasetObserver.Observe(Home, null, Imported());
        var state = DatasetObserver.Observe(Home, known, Pi(Label(), Label()));
        state.Guid.ShouldBe("3257");
        var plan = ZfsDatasetPlanner.Plan(Home, state);
        plan.Refusals.ShouldBeEmpty();
        plan.Steps.ShouldHaveSingleItem().Script!.Changes.ShouldBeFalse();
    }

    [Fact]
    public void A_key_is_in_no_sentence_and_no_script_only_in_stdin()
    {
        var wanted = Home with { Name = "secret", Encryption = "on", Key = "correct horse" };
        var step = PlanOf(wanted, Imported()).Steps.ShouldHaveSingleItem();
        step.Sentence.ShouldNotContain("horse");
        step.Script!.Text.Source.ShouldNotContain("horse");
        step.Script.Stdin!.IsSecret.ShouldBeTrue();
        step.Script.Stdin.Secrets.ShouldBe(["correct horse"]);
    }

    [Fact]
    public void A_key_that_is_not_loaded_is_loaded_and_a_changed_one_changed()
    {
        var wanted = Home with { Encryption = "on", Key = "correct horse" };
        var encrypted = HomeFacts with { Fixed = HomeFacts.Fixed.SetItem("encryption", "aes-256-gcm"), EncryptionRoot = "lamp/home", KeyStatus = "unavailable" };
        var known = DatasetObserver.Observe(wanted, null, Imported(null, encrypted)) with { Key = "correct horse" };
        var state = DatasetObserver.Observe(wanted, known, Imported(null, encrypted));
        ZfsDatasetPlanner.Plan(wanted, state).Steps.ShouldHaveSingleItem().Sentence.ShouldStartWith("zfs load-key lamp/home");
        ZfsDatasetPlanner.Plan(wanted with { Key = "battery staple" }, state).Steps.Select(step => step.Sentence.Split(' ')[1]).ShouldBe(["load-key", "change-key"]);
    }

    [Fact]
    public void Destroying_takes_consent_and_a_checkpoint_first()
    {
        var args = Home with { OnDelete = ZfsDatasetDeletion.Destroy };
        var state = DatasetObserver.Observe(args, null, Imported());
        var refusal = ZfsDatasetRemoval.Plan(args, state).Refusals.ShouldHaveSingleItem();
        var plan = ZfsDatasetRemoval.Plan(args with { Consent = Map(("lamp/home", refusal.Token!)) }, state);
        plan.Refusals.ShouldBeEmpty();
        plan.Steps[0].Sentence.ShouldContain($"--rewind-to-checkpoint {PoolGuid}");
        plan.Steps[1].Sentence.ShouldBe("zfs destroy -r lamp/home");
        plan.Steps[1].Rechecks.ShouldBeTrue();
        ZfsDatasetRemoval.Plan(Home, state).Steps.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("acltype", "posixacl", "posix", true)]
    [InlineData("xattr", "sa", "on", true)]
    [InlineData("xattr", "sa", "sa", true)]
    [InlineData("xattr", "dir", "on", false)]
    [InlineData("quota", "10G", "10737418240", true)]
    [InlineData("quota", "1.5M", "1572864", true)]
    [InlineData("quota", "none", "0", true)]
    [InlineData("recordsize", "1M", "1048576", true)]
    [InlineData("compression", "zstd-3", "zstd", true)]
    [InlineData("compression", "on", "on", true)]
    [InlineData("mountpoint", "/srv/", "/srv", true)]
    [InlineData("com.sun:auto-snapshot", "sa", "on", false)]
    public void Values_are_the_same_when_ZFS_takes_them_for_the_same(string property, string wanted, string found, bool same) =>
        ZfsValues.Same(property, wanted, found).ShouldBe(same);

    [Theory]
    [InlineData("atime", "yes")]
    [InlineData("quota", "10 apples")]
    [InlineData("recordsize", "100K")]
    [InlineData("mountpoint", "relative")]
    [InlineData("Compression", "on")]
    [InlineData("volsize", "1G")]
    [InlineData("encryption", "on")]
    [InlineData("compression", "")]
    public void A_property_that_cannot_be_is_refused_by_name(string name, string value) =>
        ZfsNames.PropertiesProblem(Map((name, value)), FileSystemProperties.Known, FileSystemProperties.Elsewhere).ShouldNotBeNull().ShouldContain($"\"{name}\"");

    private static ZfsDatasetPlan PlanOf(ZfsDatasetArgs args, DeviceFacts facts) => ZfsDatasetPlanner.Plan(args, DatasetObserver.Observe(args, null, facts));
}
