using Provisioner.Provider.Consent;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Resources.Disk;

namespace Provisioner.Provider.Tests.Resources.Disks;

/// <summary>Golden previews: what a person reads about a disk, and what will run.</summary>
public sealed class DiskPlanTests
{
    private static readonly DiskLayout Layout = DiskWorld.Layout;

    private const string Create =
        """
        1. make a GPT on it: partition 1 "esp-S49TNP0KA12345" (EFI system, 512 MiB), partition 2 "zfs-S49TNP0KA12345" (for the pool, 15.5 GiB)
          2. make a FAT32 file system "BOOT" in the EFI system partition, unless there is one
        """;

    [Fact]
    public void A_layout_that_is_right_is_taken_over_and_nothing_is_done() => Preview(DiskWorld.Ours).ShouldBe("");

    [Fact]
    public void A_layout_in_use_is_no_difference()
    {
        var running = DiskWorld.Ours with { IsUsed = true, Partitions = [DiskWorld.Esp with { Mount = "/boot" }, DiskWorld.Pool with { Seen = "LABEL=\"zroot\" UUID=\"1\" TYPE=\"zfs_member\"" }] };
        Preview(DiskWorld.Facts([DiskWorld.Card, running], "zroot\t1\n\t/dev/sda2", "zroot/root / zfs rw 0 0\n/dev/sda1 /boot vfat rw 0 0\n")).ShouldBe("");
    }

    [Fact]
    public void A_blank_disk_is_partitioned_without_consent() => Preview(DiskWorld.Blank).ShouldBe(
        $"""
        would run on the Pi:
          {Create}
        """);

    [Fact]
    public void A_disk_with_data_is_refused_with_what_would_be_lost_and_the_command_that_agrees()
    {
        var plan = Plan(DiskWorld.Used);
        var token = ConsentToken.Of(DiskConsent.OfDisk(Observe(DiskWorld.Used)));

        token.ShouldMatch("^disk-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}$");
        plan.Refusals.ShouldHaveSingleItem().ToString().ShouldBe(
            $"""
            up will refuse to wipe the disk usb-Samsung_Portable_SSD_T5_S49TNP0KA12345-0:0 (S49TNP0KA12345)
              it needs your consent, and none is given for S49TNP0KA12345
              it is now:
                serial: S49TNP0KA12345
                size: 17179869184 bytes
                partition table: gpt 11111111-2222-4333-8444-555555555555
                in the disk itself: nothing that is known by name
                beginning of the disk itself: SHA-256 d1
                partition 1: 3.91 GiB from sector 2048, type 0fc63daf-8483-4772-8e79-3d69d8477de4, GUID aaaaaaaa-0000-4000-8000-000000000001, name "photos"
                in partition 1: ext4 "family" a8e59e62-e0f4-47ac-94c6-db0e5721c5c0
                beginning of partition 1: SHA-256 f1
                partition 2: 11.72 GiB from sector 8194048, type 6a898cc3-1dd2-11b2-99a6-080020736631, GUID aaaaaaaa-0000-4000-8000-000000000002, name "zfs"
                in partition 2: a member of the ZFS pool "tank" (GUID 12238795120241208574)
                beginning of partition 2: SHA-256 f2
              lost would be:
                partition 1 "photos" (3.91 GiB): ext4 "family" a8e59e62-e0f4-47ac-94c6-db0e5721c5c0
                partition 2 "zfs" (11.72 GiB): a member of the ZFS pool "tank" (GUID 12238795120241208574)
                how much a pool holds, and its snapshots, is not known while it is not imported; to look, without writing: zpool import -N -o readonly=on GUID
              if that is what you want: ./provision config set --path consent.S49TNP0KA12345 {token}
            """);
        PlanText.Render(plan, "the Pi").ShouldContain($"would run on the Pi, once nothing is refused any more:\n  1. wipe the disk {DiskWorld.Id} (16 GiB), after a last look");
    }

    [Fact]
    public void With_the_consent_it_is_wiped_first()
    {
        var token = ConsentToken.Of(DiskConsent.OfDisk(Observe(DiskWorld.Used)));
        var plan = Plan(DiskWorld.Used, DiskWorld.Args with { Consent = DiskWorld.Args.Consent.Add(DiskWorld.Serial, token) });

        plan.Refusals.ShouldBeEmpty();
        plan.Steps.Select(step => step.Sentence.Split(' ')[0]).ShouldBe(["wipe", "make", "make"]);
    }

    [Fact]
    public void A_consent_is_worth_nothing_once_the_content_differs()
    {
        var token = ConsentToken.Of(DiskConsent.OfDisk(Observe(DiskWorld.Used)));
        var since = DiskWorld.Used with { Partitions = DiskWorld.Used.Partitions.SetItem(0, DiskWorld.Used.Partitions[0] with { Digest = "new photos" }) };

        Plan(since, DiskWorld.Args with { Consent = DiskWorld.Args.Consent.Add(DiskWorld.Serial, token) }).Refusals.ShouldHaveSingleItem().Why
            .ShouldNotBeNull().ShouldContain("it was for this disk as it was then, and something about it has changed since");
    }

    [Fact]
    public void Another_serial_number_is_refused_and_nothing_would_run()
    {
        var plan = Plan(DiskWorld.Blank with { Serial = "S49TNP0KA99999" });

        plan.Steps.ShouldBeEmpty();
        plan.Refusals.ShouldHaveSingleItem().ToString().ShouldBe(
            """
            up will refuse to do anything with the disk usb-Samsung_Portable_SSD_T5_S49TNP0KA12345-0:0 (S49TNP0KA12345)
              /dev/disk/by-id/usb-Samsung_Portable_SSD_T5_S49TNP0KA12345-0:0 leads to a disk with the serial number "S49TNP0KA99999", and S49TNP0KA12345 was expected; there are: mmc-QEMU__0xdeadbeef (serial "0xdeadbeef", 4 GiB), usb-Samsung_Portable_SSD_T5_S49TNP0KA12345-0:0 (serial "S49TNP0KA99999", 16 GiB)
              attach the right disk, or correct byId and serial: on the device, lsblk -o NAME,SIZE,MODEL,SERIAL and ls -l /dev/disk/by-id show what is there
            """);
    }

    [Fact]
    public void A_disk_that_is_away_is_a_difference_and_no_reason_to_forget_it()
    {
        var plan = DiskPlanner.Plan(DiskWorld.Args, DiskObserver.Observe(DiskWorld.Args, Observe(DiskWorld.Ours), DiskWorld.Facts(DiskWorld.Card)));

        plan.Changes.ShouldHaveSingleItem().ToString().ShouldBe(
            "disk: not proven to be the one → S49TNP0KA12345 (there is no disk /dev/disk/by-id/usb-Samsung_Portable_SSD_T5_S49TNP0KA12345-0:0; there are: mmc-QEMU__0xdeadbeef (serial \"0xdeadbeef\", 4 GiB))");
    }

    [Fact]
    public void A_mounted_disk_is_refused_whoever_agrees()
    {
        var mounted = DiskWorld.Used with { IsUsed = true, Partitions = DiskWorld.Used.Partitions.SetItem(0, DiskWorld.Used.Partitions[0] with { Mount = "/media/photos" }) };
        var token = ConsentToken.Of(DiskConsent.OfDisk(Observe(mounted)));
        var plan = Plan(mounted, DiskWorld.Args with { Consent = DiskWorld.Args.Consent.Add(DiskWorld.Serial, token) });

        plan.Steps.ShouldBeEmpty();
        var refusal = plan.Refusals.ShouldHaveSingleItem();
        refusal.Token.ShouldBeNull();
        refusal.Why.ShouldBe("partition 1 is mounted at /media/photos");
    }

    [Fact]
    public void A_name_changed_by_hand_is_named_and_mended_in_the_table_alone() =>
        Preview(DiskWorld.Ours with { Partitions = [DiskWorld.Esp, DiskWorld.Pool with { Name = "mine" }] }).ShouldBe(
            """
            differs:
              poolName: "mine" → "zfs-S49TNP0KA12345" (changed on the device)
            would run on the Pi:
              1. in the partition table: partition 2 is called "zfs-S49TNP0KA12345". What is in the partitions stays as it is
            """);

    [Fact]
    public void A_partition_with_another_GUID_is_known_by_its_place_and_gets_it_back() =>
        Preview(DiskWorld.Ours with { Partitions = [DiskWorld.Esp, DiskWorld.Pool with { Id = "bbbbbbbb-0000-4000-8000-000000000001" }] }).ShouldBe(
            $"""
            differs:
              poolGuid: bbbbbbbb-0000-4000-8000-000000000001 → {Layout.PoolId} (others find the partition by it)
            would run on the Pi:
              1. in the partition table: partition 2 has the GUID {Layout.PoolId}. What is in the partitions stays as it is
            """);

    [Fact]
    public void A_deleted_entry_comes_back_at_its_place() => Preview(DiskWorld.Ours with { Partitions = [DiskWorld.Esp] }).ShouldBe(
        """
        differs:
          poolPartition: 15.5 GiB at 513 MiB (its entry is missing in the table)
        would run on the Pi:
          1. in the partition table: the entry of the pool's partition again. What is in the partitions stays as it is
        """);

    [Fact]
    public void A_deleted_EFI_system_partition_comes_back_with_what_was_in_it() => Preview(DiskWorld.Ours with { Partitions = [DiskWorld.Pool] }).ShouldBe(
        """
        differs:
          espPartition: 512 MiB at 1 MiB (its entry is missing in the table)
        would run on the Pi:
          1. in the partition table: the entry of the EFI system partition again. What is in the partitions stays as it is
          2. make a FAT32 file system "BOOT" in the EFI system partition, unless there is one
        """);

    [Fact]
    public void A_resized_partition_is_beyond_repair_and_needs_consent_to_lose_everything()
    {
        var plan = Plan(DiskWorld.Ours with { Partitions = [DiskWorld.Esp, DiskWorld.Pool with { SizeMiB = 4000 }] });

        plan.Changes.ShouldHaveSingleItem().ToString().ShouldBe("poolSize: 3.91 GiB at 513 MiB → 15.5 GiB at 513 MiB (a partition cannot be moved or resized without its content)");
        var refusal = plan.Refusals.ShouldHaveSingleItem();
        refusal.Token.ShouldNotBeNull();
        refusal.Next.ShouldNotBeNull().ShouldContain("or leave the disk as it is, and set espPartitionId and poolPartitionId");
    }

    [Fact]
    public void A_partition_that_somebody_added_is_named()
    {
        var more = new WorldPartition(3, 8000, 100, "0fc63daf-8483-4772-8e79-3d69d8477de4", "cccccccc-0000-4000-8000-000000000001", "more") { Seen = "LABEL=\"x\" TYPE=\"ext4\"" };
        Plan(DiskWorld.Ours with { Partitions = [DiskWorld.Esp, DiskWorld.Pool with { SizeMiB = 4000 }, more] }).Changes.Select(change => change.ToString())
            .ShouldContain("partition3: partition 3 \"more\" (100 MiB): ext4 \"x\" goes away (it is not of this layout)");
    }

    [Fact]
    public void Another_label_is_set_back() => Preview(DiskWorld.Ours with { Partitions = [DiskWorld.Esp with { Seen = $"LABEL=\"OTHER\" UUID=\"{Layout.VolumeUuid}\" TYPE=\"vfat\"" }, DiskWorld.Pool] })
        .ShouldContain("1. label the file system in the EFI system partition \"BOOT\"");

    [Fact]
    public void A_label_of_a_mounted_file_system_is_left_alone() => Plan(DiskWorld.Ours with
    {
        IsUsed = true,
        Partitions = [DiskWorld.Esp with { Seen = "LABEL=\"OTHER\" TYPE=\"vfat\"", Mount = "/boot" }, DiskWorld.Pool],
    }).Refusals.ShouldHaveSingleItem().Why.ShouldBe("partition 1 is mounted at /boot");

    [Fact]
    public void A_file_system_that_was_cut_off_is_made_again() => Preview(DiskWorld.Ours with { Partitions = [DiskWorld.Esp with { Name = Layout.UnfinishedName, Seen = null, Digest = "half" }, DiskWorld.Pool] }).ShouldBe(
        """
        differs:
          espFileSystem: nothing that is known by name → vfat "BOOT" (firmware boots from a FAT file system)
        would run on the Pi:
          1. make a FAT32 file system "BOOT" in the EFI system partition, unless there is one
        """);

    [Fact]
    public void Partitions_have_the_names_that_are_given_and_another_disk_with_one_of_them_is_refused_in_words()
    {
        var args = DiskWorld.Args with { EspPartitionLabel = "ESP", PoolPartitionLabel = "disk-main-zfs" };

        Plan(DiskWorld.Blank, args).Steps[0].Sentence.ShouldStartWith("make a GPT on it: partition 1 \"ESP\" (EFI system, 512 MiB), partition 2 \"disk-main-zfs\"");
        Plan(DiskWorld.Ours, args).Steps.ShouldHaveSingleItem().Sentence.ShouldBe(
            "in the partition table: partition 1 is called \"ESP\"; partition 2 is called \"disk-main-zfs\". What is in the partitions stays as it is");
        DiskLayout.Of(args).EspPath.ShouldBe(Layout.EspPath, "a name is no identity");

        var desktop = DiskWorld.Used with { Name = "sdb", Serial = "OTHER", Links = ["ata-desktop"], Partitions = [DiskWorld.Used.Partitions[0] with { Name = "ESP" }] };
        var clash = DiskPlanner.Plan(args, DiskObserver.Observe(args, null, DiskWorld.Facts(DiskWorld.Card, DiskWorld.Blank, desktop))).Refusals.ShouldHaveSingleItem();
        clash.Why!.ShouldContain("the disk ata-desktop (serial \"OTHER\"");
        clash.Why!.ShouldContain("has a partition \"ESP\" too, so that /dev/disk/by-partlabel/ESP may lead to either; unplug it, or take another label");
        DiskPlanner.Plan(DiskWorld.Args, DiskObserver.Observe(DiskWorld.Args, null, DiskWorld.Facts(DiskWorld.Card, DiskWorld.Blank, desktop))).Refusals.ShouldBeEmpty("its own names have the serial number in them");
    }

    [Fact]
    public void Another_file_system_in_the_EFI_system_partition_goes_with_consent_only()
    {
        var disk = DiskWorld.Ours with { Partitions = [DiskWorld.Esp with { Seen = "LABEL=\"mine\" TYPE=\"ext4\"" }, DiskWorld.Pool] };
        var refusal = Plan(disk).Refusals.ShouldHaveSingleItem();
        refusal.Token.ShouldNotBeNull().ShouldStartWith("esp-");
        refusal.Losses.ShouldBe(["partition 1 \"esp-S49TNP0KA12345\" (512 MiB): ext4 \"mine\""]);

        var plan = Plan(disk, DiskWorld.Args with { Consent = DiskWorld.Args.Consent.Add(DiskWorld.Serial, refusal.Token!) });

        plan.Refusals.ShouldBeEmpty();
        plan.Steps.ShouldHaveSingleItem().Sentence.ShouldContain("in place of what is there, after a last look");
    }

    [Fact]
    public void Others_layouts_are_taken_over_by_their_GUIDs()
    {
        var args = DiskWorld.Args with { EspPartitionId = "AAAAAAAA-0000-4000-8000-000000000001", PoolPartitionId = "aaaaaaaa-0000-4000-8000-000000000002" };
        var others = DiskWorld.Used with { Partitions = DiskWorld.Used.Partitions.SetItem(0, DiskWorld.Used.Partitions[0] with { Type = DiskLayout.EspType, Seen = "TYPE=\"vfat\"" }) };

        Plan(others, args).Changes.ShouldBeEmpty();
        Observe(others, args).PoolPartition.ShouldBe("/dev/disk/by-partuuid/aaaaaaaa-0000-4000-8000-000000000002");
        Plan(DiskWorld.Blank, args).Refusals.ShouldHaveSingleItem().Token.ShouldBeNull();
    }

    [Fact]
    public void Another_id_or_serial_number_in_the_program_is_another_disk()
    {
        var state = Observe(DiskWorld.Ours);
        DiskPlanner.Plan(DiskWorld.Args with { Serial = "S2" }, state).Replaces.ShouldBeTrue();
        DiskPlanner.Plan(DiskWorld.Args with { ById = "usb-x" }, state).Replaces.ShouldBeTrue();
        DiskPlanner.Plan(DiskWorld.Args with { Device = "ssh://root@other:22?hostKey=SHA256:x" }, state).ShouldSatisfyAllConditions(
            plan => plan.Replaces.ShouldBeFalse(), plan => plan.Changes.ShouldHaveSingleItem(), plan => plan.Steps.ShouldBeEmpty());
    }

    [Fact]
    public void A_wipe_that_was_cut_off_goes_on_under_the_same_consent_only()
    {
        var token = ConsentToken.Of(DiskConsent.OfDisk(Observe(DiskWorld.Used)));
        var half = DiskWorld.Blank with { Digest = "half", Mark = BlockScript.Mark + token };

        Plan(half, DiskWorld.Args with { Consent = DiskWorld.Args.Consent.Add(DiskWorld.Serial, token) }).ShouldSatisfyAllConditions(
            plan => plan.Refusals.ShouldBeEmpty(), plan => plan.Steps.Length.ShouldBe(3));
        Plan(half).Refusals.ShouldHaveSingleItem().Token.ShouldNotBeNull();
        Plan(half with { Mark = BlockScript.Mark + "disk-zzzz-aaaa-bbbb-cccc" }, DiskWorld.Args with { Consent = DiskWorld.Args.Consent.Add(DiskWorld.Serial, "disk-zzzz-aaaa-bbbb-cccc") })
            .Refusals.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_delete_leaves_the_disk_as_it_is_unless_it_is_to_be_destroyed()
    {
        var state = Observe(DiskWorld.Ours);
        DiskRemoval.Plan(DiskWorld.Args, state).Steps.ShouldBeEmpty();

        var destroying = DiskWorld.Args with { OnDelete = DiskDeletion.Destroy };
        var refusal = DiskRemoval.Plan(destroying, state).Refusals.ShouldHaveSingleItem();
        var agreed = DiskRemoval.Plan(destroying with { Consent = DiskWorld.Args.Consent.Add(DiskWorld.Serial, refusal.Token!) }, state);

        agreed.Refusals.ShouldBeEmpty();
        agreed.Steps.ShouldHaveSingleItem().Sentence.ShouldStartWith("wipe the disk");
        DiskRemoval.Plan(destroying, Observe(DiskWorld.Blank)).Steps.ShouldBeEmpty();
        DiskRemoval.Plan(destroying, DiskObserver.Observe(DiskWorld.Args, null, DiskWorld.Facts(DiskWorld.Card))).Refusals.ShouldHaveSingleItem().Token.ShouldBeNull();
    }

    private static DiskState Observe(WorldDisk disk, DiskArgs? args = null) => DiskObserver.Observe(args ?? DiskWorld.Args, null, DiskWorld.Facts(DiskWorld.Card, disk));

    private static DiskPlan Plan(WorldDisk disk, DiskArgs? args = null) => DiskPlanner.Plan(args ?? DiskWorld.Args, Observe(disk, args));

    private static string Preview(WorldDisk disk) => PlanText.Render(Plan(disk), "the Pi");

    private static string Preview(DeviceFacts facts) => PlanText.Render(DiskPlanner.Plan(DiskWorld.Args, DiskObserver.Observe(DiskWorld.Args, null, facts)), "the Pi");
}
