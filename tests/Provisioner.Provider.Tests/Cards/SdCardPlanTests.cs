using System.Collections.Immutable;
using Provisioner.Provider.Cards;
using Provisioner.Provider.Cards.Writing;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Resources.SdCard;

namespace Provisioner.Provider.Tests.Cards;

/// <summary>What may be written, and what a preview says. No disk is needed for that.</summary>
public sealed class SdCardPlanTests
{
    private const string Key = "00";

    private static readonly DiskFacts Reader = new()
    {
        Name = "sdb",
        Path = "/dev/sdb",
        SizeBytes = 32_000_000_000,
        Model = "SD Reader",
        Serial = "CARD1",
        Removable = true,
        ById = ["usb-SD_Reader_CARD1-0:0"],
        TableType = "dos",
        TableId = "1234abcd",
        Partitions = [new PartitionFacts { Name = "sdb1", Path = "/dev/sdb1", Number = 1, SizeBytes = 31_000_000_000, Content = new ContentFacts { FileSystem = "exfat", Label = "PICTURES" } }],
        Text = "as it is now",
    };

    /// <summary>The same with nothing on it but what a test puts there.</summary>
    private static readonly DiskFacts Bare = Reader with { TableType = null, TableId = null, Partitions = [], Content = new ContentFacts { Digest = "d" } };

    private static readonly SdCardArgs Wanted = new()
    {
        Image = "/images/bootstrap.img.zst",
        ImageSha256 = new string('a', 64),
        Target = "/dev/disk/by-id/usb-SD_Reader_CARD1-0:0",
        Hostname = "lamp",
        HostKey = Identities.Key.PrivateKey,
        HostId = "0a0b0c0d",
        AuthorizedKeys = [Identities.Login],
        Networks = [new CardNetwork { Ssid = "Home WiFi", Password = "SuperSecret" }],
    };

    public static TheoryData<string, string> Refused => new()
    {
        { "mounted", "it is mounted at /media/pictures" },
        { "root", "this machine runs from it" },
        { "swap", "swaps to it" },
        { "holder", "/dev/mapper/home (crypt) lies on it" },
        { "pool", "ZFS pool tank" },
        { "pools unknown", "ZFS does not tell" },
        { "fixed", "does not call itself removable" },
        { "serial", "\"serial\" says CARD2" },
        { "read-only", "write-protected" },
        { "loop", "the loop device /dev/loop7 lies on it (from byte 1048576)" },
        { "open", "the process 42 (qemu) has it open to write it" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_in_use_or_not_meant_is_refused_whoever_agrees(string situation, string why)
    {
        var (args, disk, vdevs) = Situation(situation);

        var found = DiskCards.Find(args, [disk], vdevs, Key, _ => throw new InvalidOperationException("A disk in use is not read."));
        var plan = SdCardPlanner.Plan(args, State(found));

        var refusal = plan.Refusals.ShouldHaveSingleItem();
        refusal.Why.ShouldNotBeNull().ShouldContain(why);
        refusal.Token.ShouldBeNull();
    }

    [Theory]
    [InlineData("CARD1")]
    [InlineData("usb-SD_Reader_CARD1-0:0")]
    public void A_fixed_disk_is_taken_when_its_serial_or_its_name_is_given(string serial) =>
        DiskCards.Forbidden(Wanted with { Serial = serial }, Reader with { Removable = false }, new VdevFacts("")).ShouldBeEmpty();

    [Fact]
    public void A_disk_with_something_on_it_needs_consent_and_the_preview_says_what_would_be_lost()
    {
        var found = Find(Reader, new CardContents(new byte[CardLayout.Block], null, null));

        var refusal = SdCardPlanner.Plan(Wanted, State(found)).Refusals.ShouldHaveSingleItem();

        refusal.Losses.ShouldBe(["partition 1: 31000 MB, exfat \"PICTURES\""]);
        refusal.Token.ShouldNotBeNull().ShouldStartWith("card-");
        refusal.Next.ShouldNotBeNull().ShouldContain("consent.CARD1");
        var agreed = Wanted with { Consent = ImmutableSortedDictionary<string, string>.Empty.Add("CARD1", refusal.Token!) };
        SdCardPlanner.Plan(agreed, State(found)).Refusals.ShouldBeEmpty();
        SdCardPlanner.Plan(agreed, State(Find(Reader with { TableId = "5678" }, new CardContents(new byte[CardLayout.Block], null, null)))).Refusals.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_blank_disk_and_one_that_we_began_need_none()
    {
        var blank = Reader with { TableType = null, TableId = null, Partitions = [], Content = new ContentFacts { Digest = ContentFacts.Zero } };

        SdCardPlanner.Plan(Wanted, State(Find(blank, new CardContents(new byte[CardLayout.Block], null, null)))).Refusals.ShouldBeEmpty();
        SdCardPlanner.Plan(Wanted, State(Find(Bare, new CardContents(BootRecord.Unfinished(), null, null)))).Refusals.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("partitions")]
    [InlineData("table")]
    [InlineData("signature")]
    [InlineData("copy of a table")]
    public void A_disk_that_we_began_needs_consent_once_anything_else_is_on_it(string what)
    {
        var disk = what switch
        {
            "partitions" => Bare with { Partitions = Reader.Partitions },
            "table" => Bare with { TableType = "dos" },
            "signature" => Bare with { Content = new ContentFacts { FileSystem = "linux_raid_member", Digest = "d" } },
            _ => Bare with { Unseen = [new PartitionFacts { Name = "", Path = "" }] },
        };

        SdCardPlanner.Plan(Wanted, State(Find(disk, new CardContents(BootRecord.Unfinished(), null, null)))).Refusals.ShouldHaveSingleItem().Token.ShouldNotBeNull();
    }

    [Fact]
    public void An_identity_change_that_was_cut_off_goes_on_without_consent_but_the_whole_card_does_not()
    {
        var stamp = new CardStamp(Wanted.ImageSha256, 1);
        var found = Find(Reader, new CardContents(BootRecord.Suspend(CardImages.FirstBlock()), new byte[CardLayout.ArchiveLength].Select((_, index) => (byte)(index % 251)).ToArray(), stamp));
        found.Presence.ShouldBe(CardPresence.IdentityUnfinished);

        var identity = SdCardPlanner.Plan(Wanted, State(found));
        (identity.WritesImage, identity.WritesIdentity, identity.Refusals.IsEmpty).ShouldBe((false, true, true));

        var whole = SdCardPlanner.Plan(Wanted with { ImageSha256 = new string('b', 64) }, State(found));
        whole.WritesImage.ShouldBeTrue();
        whole.Refusals.ShouldHaveSingleItem().Token.ShouldNotBeNull();
    }

    [Fact]
    public void A_card_that_is_away_is_no_difference_until_something_is_wanted_of_it()
    {
        var away = DiskCards.Find(Wanted, [], new VdevFacts(""), Key, _ => throw new InvalidOperationException());
        var written = State(away) with { ImageSha256 = Wanted.ImageSha256, Hostname = "lamp", IdentityDigest = CardArchive.Digest(Key, CardArchive.Write(Wanted.IdentityOf())) };

        var nothing = SdCardPlanner.Plan(Wanted, written);
        nothing.Changes.ShouldBeEmpty();
        nothing.Refusals.ShouldBeEmpty();
        var another = SdCardPlanner.Plan(Wanted with { Hostname = "bulb" }, written);
        another.Changes.ShouldHaveSingleItem().ToString().ShouldBe("hostname: lamp → bulb");
        another.Refusals.ShouldHaveSingleItem().Why.ShouldNotBeNull().ShouldContain("not in a reader");
    }

    [Fact]
    public void A_card_that_was_retired_is_written_whole_because_its_boot_files_have_other_names()
    {
        var mine = CardArchive.Digest(Key, CardArchive.Write(Wanted.IdentityOf()));
        var retired = Find(Reader, new CardContents(new byte[CardLayout.Block], null, null)) with
        {
            Presence = CardPresence.Card,
            ImageSha256 = Wanted.ImageSha256,
            IdentityDigest = "of zeros",
            IdentityErased = true,
        };

        var plan = SdCardPlanner.Plan(Wanted, State(retired) with { ImageSha256 = Wanted.ImageSha256, Hostname = "lamp", IdentityDigest = mine });

        plan.WritesImage.ShouldBeTrue();
        plan.Changes.ShouldHaveSingleItem().Because!.ShouldContain("the card was retired");
        plan.Refusals.ShouldHaveSingleItem().Token.ShouldNotBeNull("there may be more on it than what we wrote");
        SdCardPlanner.Plan(Wanted, State(retired with { IdentityErased = false, IdentityDigest = mine })).Changes.ShouldBeEmpty();
    }

    [Fact]
    public void A_preview_says_every_step_in_its_order()
    {
        var plan = SdCardPlanner.Plan(Wanted, State(Find(Bare, new CardContents(BootRecord.Unfinished(), null, null))));

        plan.Steps.Select(step => step.Sentence).ShouldBe(
        [
            "mark the SD Reader /dev/sdb (32.0 GB, serial CARD1) as being written: until the end it does not boot",
            "write bootstrap.img.zst to it, checking the image's SHA-256 on the way",
            $"write the identity card (4 MiB at sector 2048): lamp, host key {Identities.Key.Fingerprint}, 1 authorized key(s), WiFi \"Home WiFi\"",
            "read all of it back and compare",
            "write its first block: from here on it boots",
        ]);
    }

    [Fact]
    public void Progress_tells_phase_share_rate_and_time_left()
    {
        CardProgress.Text(new CardMoment("writing", 1, 3, 400_000_000, 0.4), TimeSpan.FromSeconds(10)).ShouldBe("1/3 writing: 40 %, 400 MB, 40.0 MB/s, 15 s left");
        CardProgress.Text(new CardMoment("writing", 1, 3, 400_000_000, null), TimeSpan.FromSeconds(10)).ShouldBe("1/3 writing: 400 MB, 40.0 MB/s");
    }

    private static (SdCardArgs Args, DiskFacts Disk, VdevFacts Vdevs) Situation(string name)
    {
        PartitionFacts MountedAt(string place) => Reader.Partitions[0] with { Content = new ContentFacts { FileSystem = "ext4", MountPoints = [place] } };
        var none = new VdevFacts("");
        return name switch
        {
            "mounted" => (Wanted, Reader with { Partitions = [MountedAt("/media/pictures")] }, none),
            "root" => (Wanted, Reader with { Partitions = [MountedAt("/")] }, none),
            "swap" => (Wanted, Reader with { Partitions = [MountedAt("[SWAP]")] }, none),
            "holder" => (Wanted, Reader with { Holders = [new HolderFacts("/dev/mapper/home", "crypt", [], "sdb1")] }, none),
            "pool" => (Wanted, Reader, none with { Devices = [("/dev/sdb1", "tank")] }),
            "pools unknown" => (Wanted, Reader, none with { Known = false }),
            "fixed" => (Wanted, Reader with { Removable = false }, none),
            "serial" => (Wanted with { Serial = "CARD2" }, Reader, none),
            "read-only" => (Wanted, Reader with { ReadOnly = true }, none),
            "loop" => (Wanted, Reader with { Users = [new DiskUser("loop", "/dev/loop7 1048576")] }, none),
            "open" => (Wanted, Reader with { Users = [new DiskUser("open", "42 qemu")] }, none),
            _ => throw new ArgumentException(name),
        };
    }

    private static CardFound Find(DiskFacts disk, CardContents contents) => DiskCards.Find(Wanted, [disk], new VdevFacts(""), Key, _ => contents);

    private static SdCardState State(CardFound found) => new() { Target = Wanted.Target, DigestKey = Key, Found = found };
}
