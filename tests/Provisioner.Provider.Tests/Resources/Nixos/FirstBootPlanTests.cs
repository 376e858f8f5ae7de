using System.Collections.Immutable;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Resources.FirstBoot;
using Provisioner.Provider.Systems;

namespace Provisioner.Provider.Tests.Resources.Nixos;

/// <summary>What is planned for the hand-over to the SSD, and what counts as its proof. Pure.</summary>
public sealed class FirstBootPlanTests
{
    private static readonly FirstBootArgs Args = new()
    {
        Device = NixosPi.Args.Device,
        System = NixosPi.Top,
        Pool = "zroot",
        PoolGuid = NixosPi.Args.PoolGuid!,
        WifiProfile = WifiFacts.Ours.Uuid!.Value.ToString(),
    };

    private static readonly DiskFacts Card = new()
    {
        Name = "mmcblk0",
        Path = "/dev/mmcblk0",
        TableId = "0x2178694e",
        Partitions =
        [
            new PartitionFacts { Name = "mmcblk0p3", Path = "/dev/mmcblk0p3", StartSector = 2048, SizeBytes = 4 << 20, Content = new ContentFacts { Digest = "i0" } },
            new PartitionFacts { Name = "mmcblk0p1", Path = "/dev/mmcblk0p1", Number = 1, StartSector = 16384, SizeBytes = 30 << 20, Content = new ContentFacts { FileSystem = "vfat" } },
            new PartitionFacts { Name = "mmcblk0p2", Path = "/dev/mmcblk0p2", Number = 2, StartSector = 77824, SizeBytes = 4L << 30, Content = new ContentFacts { FileSystem = "ext4" } },
        ],
    };

    /// <summary>The same while the device runs from it.</summary>
    private static readonly DiskFacts Running = Card with
    {
        Partitions = Card.Partitions.SetItem(0, Card.Partitions[0] with { Content = new ContentFacts() })
            .SetItem(2, Card.Partitions[2] with { Content = new ContentFacts { FileSystem = "ext4", MountPoints = ["/"] } }),
    };

    private const string Number = "03534453553332478012345678901234";

    private static readonly ImmutableDictionary<string, string> Cards = ImmutableDictionary<string, string>.Empty.Add("mmcblk0", Number);

    /// <summary>Installed below /mnt with its WiFi profile, and about to be handed over.</summary>
    private static DeviceFacts Ready => NixosPi.Made with
    {
        Disks = [Running],
        Profiles = [WifiFacts.Ours with { Path = "/mnt" + WifiFacts.Ours.Path }],
        System = NixosPi.Made.System with { Tools = ["vcmailbox"], BootOrder = 0xf41, Cards = Cards },
    };

    private static DeviceFacts Booted => NixosPi.Running with
    {
        Disks = [Card],
        Vdevs = new VdevFacts($"zroot\t{NixosPi.Args.PoolGuid}\n\t/dev/sda2"),
        System = NixosPi.Running.System with { Cards = Cards, FromCard = $"{Number} 0x2178694e i0", RetiredCard = $"{Number} 0x2178694e everything" },
    };

    [Fact]
    public void The_hand_over_lets_go_of_the_disk_asks_for_it_once_restarts_proves_and_retires_the_card()
    {
        var plan = Plan(Ready);

        PlanText.Render(plan, "root@lamp").ShouldBe(
            $"""
            differs:
              installed: false → true (the device runs from its card)
            would run on root@lamp:
              1. note on the SSD that this installation comes from the card /dev/mmcblk0, by which the card is known again when it is to be retired
              2. unmount everything below /mnt, and see that it is
              3. export the pool zroot ({NixosPi.Args.PoolGuid}), and see that it is: the system on the SSD then imports it without force
              4. ask the firmware to try USB before the card at the next start, once (set_reboot_order 0xf14): when the SSD does not boot, the card does
              5. ask U-Boot to try USB before the card at the next start, once (uboot.env on /dev/mmcblk0p1, which U-Boot removes): its own order is another one than the firmware's
              6. restart the device
              7. wait up to 600 s until it comes back with another boot, over a new connection and with the pinned host key
              8. prove it: / on zroot/root, started from USB, the system {NixosPi.Top}, the WiFi up through our profile, the time right
              9. retire the card /dev/mmcblk0, after a last look that it is the one that this installation came from: rename to *.retired what firmware and U-Boot would start, on /dev/mmcblk0p1, /dev/mmcblk0p2, and overwrite its identity
            """);
        plan.ProvenFrom.ShouldBe(8, "the card is the way back until the SSD is proven");
        plan.Refusals.ShouldBeEmpty();
        plan.Warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("zroot", "4711", "1", true)]
    [InlineData("zroot", "4711", "2", false)]
    [InlineData("other", "4711", "1", false)]
    [InlineData("zroot", null, "0", false)]
    public void A_second_pool_of_the_name_that_would_be_imported_too_is_in_the_way(string name, string? guid, string state, bool isInTheWay)
    {
        var content = new ContentFacts { FileSystem = "zfs_member", Label = name, FileSystemId = guid ?? Args.PoolGuid, ZfsLabel = ImmutableSortedDictionary<string, string>.Empty.Add("state", state) };
        var disk = new DiskFacts { Name = "sdb", Path = "/dev/sdb", Partitions = [new PartitionFacts { Name = "sdb1", Path = "/dev/sdb1", Content = content }] };

        var plan = Plan(Ready with { Disks = [Running, disk] });

        plan.Refusals.Any(refusal => refusal.Why!.StartsWith("/dev/sdb1 has another pool named zroot", StringComparison.Ordinal)).ShouldBe(isInTheWay);
    }

    [Fact]
    public void A_device_that_is_proven_and_whose_card_is_retired_is_left_alone() => Plan(Booted).Changes.ShouldBeEmpty();

    [Fact]
    public void Without_a_card_there_is_nothing_to_retire() => Plan(Booted with { Disks = [], System = Booted.System with { RetiredCard = null } }).Changes.ShouldBeEmpty();

    [Theory]
    [InlineData(null)]
    [InlineData("99999999999999999999999999999999 0x11111111 everything")]
    [InlineData(Number + " 0x2178694e begun")]
    [InlineData("0x2178694e")]
    public void The_card_that_the_installation_came_from_is_retired_as_long_as_that_is_not_done(string? retired)
    {
        var plan = Plan(Booted with { System = Booted.System with { RetiredCard = retired } });

        plan.Changes.ShouldHaveSingleItem().Path.ShouldBe("card");
        plan.Steps.ShouldHaveSingleItem().Sentence.ShouldStartWith("retire the card");
        plan.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void A_card_whose_retirement_was_cut_off_behind_its_identity_is_known_again()
    {
        var erased = Card with { Partitions = Card.Partitions.SetItem(0, Card.Partitions[0] with { Content = new ContentFacts { Digest = ContentFacts.Zero } }) };
        FirstBootPlan With(string? retired) => Plan(Booted with { Disks = [erased], System = Booted.System with { RetiredCard = retired } });

        With($"{Number} 0x2178694e begun").Steps.ShouldHaveSingleItem();
        With(null).Steps.ShouldBeEmpty();
        With($"{Number} 0x2178694e everything").ShouldSatisfyAllConditions(plan => plan.Steps.ShouldBeEmpty(), plan => plan.Warnings.ShouldBeEmpty());
    }

    [Theory]
    [InlineData("another card")]
    [InlineData("written anew from another image")]
    [InlineData("written anew for another machine")]
    [InlineData("without an identity")]
    [InlineData("an identity that was not read")]
    [InlineData("no note")]
    [InlineData("no number")]
    [InlineData("the number of another")]
    public void A_card_that_is_not_proven_to_be_the_one_is_named_and_left_alone(string what)
    {
        var plain = Booted with { System = Booted.System with { RetiredCard = null } };
        DeviceFacts Identity(ContentFacts content) => plain with { Disks = [Card with { Partitions = Card.Partitions.SetItem(0, Card.Partitions[0] with { Content = content }) }] };
        var facts = what switch
        {
            "another card" => plain with { System = plain.System with { Cards = Cards.SetItem("mmcblk0", new string('9', 32)) } },
            "written anew from another image" => plain with { Disks = [Card with { TableId = "0x11111111" }] },
            "written anew for another machine" => Identity(new ContentFacts { Digest = "i1" }),
            "without an identity" => plain with { Disks = [Card with { Partitions = Card.Partitions.RemoveAt(0) }] },
            "an identity that was not read" => Identity(new ContentFacts()),
            "no note" => plain with { System = plain.System with { FromCard = null } },
            "no number" => plain with { System = plain.System with { Cards = Cards.Clear() } },
            _ => plain with { System = plain.System with { FromCard = $"{new string('9', 32)} 0x2178694e i0" } },
        };

        var plan = Plan(facts);

        plan.Steps.ShouldBeEmpty();
        plan.Changes.ShouldBeEmpty();
        plan.Warnings.ShouldHaveSingleItem().ShouldSatisfyAllConditions(warning => warning.ShouldContain("/dev/mmcblk0"), warning => warning.ShouldContain("left alone"));
    }

    [Fact]
    public void The_card_of_the_installation_is_found_beside_another_one()
    {
        var other = Card with { Name = "mmcblk1", Path = "/dev/mmcblk1" };
        var here = Booted with { System = Booted.System with { RetiredCard = null, Cards = Cards.SetItem("mmcblk1", new string('9', 32)) } };

        foreach (var disks in (ImmutableArray<DiskFacts>[])[[other, Card], [Card, other]])
        {
            Plan(here with { Disks = disks }).Steps.ShouldHaveSingleItem().Sentence.ShouldStartWith("retire the card /dev/mmcblk0,");
        }
    }

    [Fact]
    public void A_card_that_the_device_does_not_run_from_is_neither_noted_nor_written_nor_retired()
    {
        var plan = Plan(Ready with { Disks = [Card], Boot = Ready.Boot with { RootSource = "/dev/sdb2" } });

        plan.Steps.ShouldNotContain(step => step.Sentence.Contains("mmcblk0", StringComparison.Ordinal));
        plan.Warnings.ShouldHaveSingleItem().ShouldContain("is left alone");
    }

    [Fact]
    public void A_system_that_starts_without_U_Boot_leaves_U_Boot_unasked() =>
        Plan(Ready with { System = Ready.System with { Target = NixosPi.Whole with { HasExtlinux = false } } }).Steps.ShouldNotContain(step => step.Sentence.Contains("uboot.env", StringComparison.Ordinal));

    [Fact]
    public void U_Boot_that_cannot_be_asked_is_told_beforehand()
    {
        var card = Running with { Partitions = Running.Partitions.SetItem(1, Running.Partitions[1] with { Number = 3 }) };

        Plan(Ready with { Disks = [card] }).Warnings.ShouldHaveSingleItem().ShouldContain("take the card out");
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("open to others")]
    [InlineData("only on the card")]
    public void Nothing_is_handed_over_without_a_WiFi_profile_that_NetworkManager_would_read(string fault)
    {
        ImmutableArray<ProfileFile> profiles = fault switch
        {
            "missing" => [],
            "open to others" => [Ready.Profiles[0] with { Mode = 0x81a4 }],
            _ => [WifiFacts.Ours],
        };

        Plan(Ready with { Profiles = profiles }).Refusals.ShouldHaveSingleItem().Why.ShouldNotBeNull().ShouldContain(fault == "open to others" ? "would not read" : "could not be reached");
    }

    [Fact]
    public void Another_system_than_the_wanted_one_is_not_handed_over() =>
        Plan(Ready with { System = Ready.System with { Target = NixosPi.Whole with { Profile = NixosPi.Next } } }).Refusals.ShouldHaveSingleItem().Why.ShouldNotBeNull().ShouldContain(NixosPi.Next);

    [Fact]
    public void A_firmware_that_cannot_be_asked_and_takes_the_card_first_is_told_beforehand()
    {
        var plan = Plan(Ready with { System = Ready.System with { Tools = [] } });

        plan.Warnings.ShouldHaveSingleItem().ShouldContain("take the card out");
        plan.Steps.ShouldNotContain(step => step.Sentence.Contains("set_reboot_order", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("root", "/ is on zroot/old (zfs), not on zroot/root")]
    [InlineData("pool", "is not the one with the GUID")]
    [InlineData("medium", "the firmware booted from the card")]
    [InlineData("system", "it runs " + NixosPi.Next)]
    [InlineData("wifi", "another profile")]
    [InlineData("time", "its clock is off by 180 min")]
    public void Each_part_of_the_proof_is_asked_for(string part, string found)
    {
        var facts = part switch
        {
            "root" => Booted with { Boot = Booted.Boot with { RootSource = "zroot/old" } },
            "pool" => Booted with { Vdevs = new VdevFacts("zroot\t1\n") },
            "medium" => Booted with { Boot = Booted.Boot with { FirmwareBootMode = 1 } },
            "system" => Booted with { System = Booted.System with { Current = NixosPi.Next } },
            "wifi" => Booted with { Network = WifiFacts.Pi(WifiFacts.Bootstrap).Network },
            _ => Booted with { Clock = NixosPi.Now.AddHours(3) },
        };

        var state = FirstBootObserver.Observe(Args, facts, NixosPi.Now);

        state.Unproven.ShouldHaveSingleItem().Key.ShouldBe(part);
        state.Unproven[part].ShouldContain(found);
        FirstBootPlanner.Plan(Args, state).Steps.ShouldBeEmpty("a card is not retired before the SSD is proven");
    }

    private static FirstBootPlan Plan(DeviceFacts facts) => FirstBootPlanner.Plan(Args, FirstBootObserver.Observe(Args, facts, NixosPi.Now));
}
