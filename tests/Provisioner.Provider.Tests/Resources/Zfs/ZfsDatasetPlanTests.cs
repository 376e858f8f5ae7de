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
    public void Another_installation_begins_with_an_empty_file_system_and_the_old_one_is_kept_under_another_name()
    {
        var plan = PlanOf(Home with { Installation = "second" }, OfInstallation("first"));
        plan.Replaces.ShouldBeTrue();
        plan.Changes.ShouldHaveSingleItem().Path.ShouldBe("installation");
        plan.Refusals.ShouldBeEmpty();
        plan.Steps.Select(step => step.Sentence.Split(" (")[0]).ShouldBe(
            ["zfs rename lamp/home lamp/home.was-3257", "zfs create -o provisioner:installation=second -o mountpoint=legacy -o quota=1G lamp/home"]);
    }

    [Fact]
    public void What_no_installation_is_noted_on_is_set_aside_only_with_consent()
    {
        var wanted = Home with { Installation = "second" };
        var refusal = PlanOf(wanted, Imported()).Refusals.ShouldHaveSingleItem();
        refusal.ToString().ShouldContain("renamed to lamp/home.was-3257");
        PlanOf(wanted with { Consent = Map(("lamp/home", refusal.Token!)) }, Imported()).Refusals.ShouldBeEmpty();
    }

    [Fact]
    public void What_differs_in_more_than_the_installation_is_set_aside_only_with_consent() =>
        PlanOf(Home with { Installation = "second", Properties = Home.Properties.Add("utf8only", "on") }, OfInstallation("first")).Refusals.ShouldHaveSingleItem();

    [Fact]
    public void What_is_to_be_kept_goes_over_to_another_installation_as_it_is()
    {
        var kept = Home with { Installation = "second", Keep = true };
        foreach (var facts in new[] { OfInstallation("first"), Imported() })
        {
            var plan = PlanOf(kept, facts);
            plan.Replaces.ShouldBeFalse();
            plan.Refusals.ShouldBeEmpty();
            plan.Changes.ShouldHaveSingleItem().Because.ShouldBe("it is kept, with all that is in it");
            plan.Steps.ShouldHaveSingleItem().Sentence.ShouldBe("zfs set provisioner:installation=second lamp/home");
        }

        PlanOf(kept, OfInstallation("second")).Changes.ShouldBeEmpty();
    }

    [Fact]
    public void Another_installation_is_told_before_the_pool_can_be_looked_into()
    {
        var (wanted, kept) = (Home with { Installation = "second" }, Home with { Installation = "second", Keep = true });
        var exported = DatasetObserver.Observe(Home, DatasetObserver.Observe(Home, null, OfInstallation("first")), Pi(Label(), Label()));

        ZfsDatasetPlanner.Plan(wanted, exported).Replaces.ShouldBeTrue();
        ZfsDatasetPlanner.Plan(kept, exported).Steps.Select(step => step.Sentence).ShouldBe(
            [$"check that the pool lamp with the GUID {PoolGuid} is imported", "zfs set provisioner:installation=second lamp/home"]);
        PlanOf(wanted, Pi(Label(), Label())).Steps.ShouldHaveSingleItem().Sentence.ShouldEndWith(
            " lamp/home (one that is there for another installation is renamed first, and kept as lamp/home.was-GUID)");
    }

    [Fact]
    public void What_the_running_system_has_mounted_is_not_set_aside_and_what_is_mounted_to_be_installed_is_unmounted_first()
    {
        var wanted = Home with { Installation = "second" };
        var below = Dataset("lamp/home/me", "4711", Map(("mountpoint", "legacy")));
        DeviceFacts Mounted(string at) => OfInstallation("first", below) with { Mounts = [new MountFacts("lamp/home/me", at, "zfs")] };

        var refused = PlanOf(wanted, Mounted("/home/me"));
        refused.Steps.ShouldBeEmpty();
        refused.Refusals.ShouldHaveSingleItem().Why.ShouldBe("the running system has it at /home/me");
        PlanOf(wanted, Mounted("/mnt/home/me")).Steps.Select(step => step.Sentence.Split(' ')[0]).ShouldBe(["unmount", "zfs", "zfs"]);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("two words")]
    public void A_name_that_ZFS_or_a_person_would_misread_is_none_for_an_installation(string name) =>
        ZfsNames.InstallationProblem(name).ShouldNotBeNull();

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
        plan.Warnings.ShouldHaveSingleItem().ShouldContain("a checkpoint of the pool lamp is taken before lamp/home is destroyed: from the bootstrap card, zpool export lamp");
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

    /// <summary>The file system as it was made for an installation, with others below it.</summary>
    private static DeviceFacts OfInstallation(string name, params DatasetFacts[] below) =>
        Imported(null, [HomeFacts with { Local = HomeFacts.Local.Add(FileSystemProperties.Installation, name) }, .. below]);

    private static ZfsDatasetPlan PlanOf(ZfsDatasetArgs args, DeviceFacts facts) => ZfsDatasetPlanner.Plan(args, DatasetObserver.Observe(args, null, facts));
}
