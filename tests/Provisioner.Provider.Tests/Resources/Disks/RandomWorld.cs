using Provisioner.Provider.Consent;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Resources.Disk;

namespace Provisioner.Provider.Tests.Resources.Disks;

/// <summary>Where the name in /dev/disk/by-id leads.</summary>
internal enum Link
{
    Right,
    Missing,
    ToAnotherDisk,
    ToAPartition,
}

/// <summary>Who has the serial number.</summary>
internal enum Bearer
{
    Right,
    NobodyTells,
    AnotherDisk,
    TwoDisks,
    ACopyWithOurGuids,
}

/// <summary>Who uses the disk.</summary>
internal enum Use
{
    Nobody,
    MountedEsp,
    MountedDisk,
    OnlyInTheMountTable,
    MountedByLink,
    Swap,
    Md,
    Luks,
    Lvm,
    Pool,
    PoolByLink,
    PoolsUnknown,
    SiblingMounted,
    RunningSystem,
    RunningSystemUnknown,
    ReadOnly,
}

/// <summary>What is on the disk.</summary>
internal enum Content
{
    Blank,
    Files,
    WholeDiskFiles,
    InactiveLuks,
    InactiveLvm,
    InactiveMd,
    ExportedPool,
    SomethingUnknown,
    Ours,
    OursUnfinished,
    OursRenamed,
    OursForeignEsp,
    OursResized,
    WipeBegun,
    LayoutBegun,
    LayoutBegunForAnother,
}

internal enum Agreement
{
    None,
    Fits,
    WasForOtherContent,
    WasForAnotherDisk,
}

/// <summary>A device with several disks, of which one should be the right one.</summary>
internal sealed record RandomWorld(Link Link, Bearer Bearer, Use Use, Content Content, Agreement Agreement)
{
    private const string Sibling = "5b7ab76a-0000-4000-8000-000000000001";

    public DiskArgs Args { get; private init; } = DiskWorld.Args;

    public required DeviceFacts Facts { get; init; }

    /// <summary>The token of a wipe that was begun on this very disk.</summary>
    public static string BegunUnder(DiskState state) => Begun(ConsentToken.Of(DiskConsent.OfDisk(state)).Split('-')[1]);

    public static RandomWorld Create(Random random)
    {
        // Half of the worlds have one thing wrong at most, so that each is seen alone too.
        var wrong = random.Next(2) == 0 ? random.Next(5) : -1;
        T Pick<T>(int index)
            where T : struct, Enum => wrong >= 0 && wrong != index ? default : Enum.GetValues<T>()[random.Next(Enum.GetValues<T>().Length)];
        var link = Pick<Link>(0);
        var bearer = Pick<Bearer>(1);
        var use = Pick<Use>(2);
        var content = wrong >= 0 && random.Next(3) > 0 ? (Content)random.Next(Enum.GetValues<Content>().Length) : Pick<Content>(3);
        var agreement = wrong >= 0 && random.Next(3) > 0 ? (Agreement)random.Next(4) : Pick<Agreement>(4);

        var target = Used(Filled(random, content), use, random);
        var disks = new List<WorldDisk> { DiskWorld.Card };
        for (var index = random.Next(4); index > 0; index--)
        {
            // The same model, bought together: the serial numbers are neighbours.
            disks.Add(Filled(random, Content.Files) with { Name = $"sd{(char)('a' + index)}", Serial = $"S49TNP0KA1234{index + 5}", Links = [$"usb-Samsung_Portable_SSD_T5_S49TNP0KA1234{index + 5}-0:0"] });
        }

        target = Linked(target, link, disks);
        target = Borne(target, bearer, disks);
        if (use == Use.SiblingMounted)
        {
            disks.Add(new WorldDisk("sdy", "SIBLING") { Links = ["usb-sibling"], Seen = $"UUID=\"{Sibling}\" TYPE=\"btrfs\"", Mount = "/srv", IsUsed = true });
        }

        disks.Insert(random.Next(disks.Count + 1), target);
        return new RandomWorld(link, bearer, use, content, agreement) { Facts = DiskWorld.Facts(disks, Vdevs(use, target), Mounts(use, target)) };
    }

    public override string ToString() => $"{Link}, {Bearer}, {Use}, {Content}, {Agreement}";

    private static WorldDisk Filled(Random random, Content content)
    {
        WorldDisk With(string seen, string digest = "w1") => DiskWorld.Blank with { Seen = seen, Digest = digest };
        return content switch
        {
            Content.Blank => DiskWorld.Blank,
            Content.WholeDiskFiles => With("LABEL=\"photos\" UUID=\"77\" TYPE=\"ext4\""),
            Content.InactiveLuks => With("UUID=\"78\" TYPE=\"crypto_LUKS\""),
            Content.InactiveLvm => With("UUID=\"79\" TYPE=\"LVM2_member\""),
            Content.InactiveMd => With("UUID=\"80\" TYPE=\"linux_raid_member\""),
            Content.ExportedPool => With("LABEL=\"tank\" UUID=\"12238795120241208574\" TYPE=\"zfs_member\""),
            Content.SomethingUnknown => DiskWorld.Blank with { Digest = "u1" },
            Content.Ours => DiskWorld.Ours,
            Content.OursUnfinished => random.Next(2) == 0
                ? DiskWorld.Ours with { Partitions = [DiskWorld.Esp with { Name = DiskWorld.Layout.UnfinishedName }, DiskWorld.Pool] }
                : DiskWorld.Ours with { Partitions = [DiskWorld.Esp with { Seen = null, Digest = "zero" }, DiskWorld.Pool] },
            Content.OursRenamed => random.Next(2) == 0
                ? DiskWorld.Ours with { Partitions = [DiskWorld.Esp, DiskWorld.Pool with { Name = "mine" }] }
                : DiskWorld.Ours with { Partitions = [DiskWorld.Esp, DiskWorld.Pool with { Id = "bbbbbbbb-0000-4000-8000-000000000001" }] },
            Content.OursForeignEsp => DiskWorld.Ours with { Partitions = [DiskWorld.Esp with { Seen = "LABEL=\"x\" UUID=\"81\" TYPE=\"ext4\"" }, DiskWorld.Pool] },
            Content.OursResized => DiskWorld.Ours with { Partitions = [DiskWorld.Esp, DiskWorld.Pool with { SizeMiB = 4000 }] },
            Content.WipeBegun => DiskWorld.Blank with { Digest = "m1", Mark = BlockScript.Mark + Begun(IdentityGroup) },
            Content.LayoutBegun => DiskWorld.Blank with { Seen = random.Next(2) == 0 ? null : "PTTYPE=\"PMBR\"", Digest = "m2", Mark = BlockScript.LayoutMark + DiskWorld.Layout.TableId },
            Content.LayoutBegunForAnother => DiskWorld.Blank with { Digest = "m3", Mark = BlockScript.LayoutMark + "11111111-2222-4333-8444-555555555555" },
            _ => DiskWorld.Used,
        };
    }

    private static readonly string IdentityGroup = ConsentToken.Of(DiskConsent.OfDisk(DiskObserver.Observe(DiskWorld.Args, null, DiskWorld.Facts(DiskWorld.Blank)))).Split('-')[1];

    private static string Begun(string identity) => $"disk-{identity}-aaaa-bbbb-cccc";

    private static WorldDisk Linked(WorldDisk target, Link link, List<WorldDisk> disks)
    {
        switch (link)
        {
            case Link.Missing:
                return target with { Links = ["usb-other-name"] };
            case Link.ToAPartition:
                return target.Partitions.IsEmpty ? target with { Links = [] } : target with { Links = [], PartitionLinks = [DiskWorld.Id] };
            case Link.ToAnotherDisk:
                disks.Add(DiskWorld.Used with { Name = "sdx", Serial = "S49TNP0KA99999", Links = [DiskWorld.Id] });
                return target with { Links = ["usb-other-name"] };
            default:
                return target;
        }
    }

    private static WorldDisk Borne(WorldDisk target, Bearer bearer, List<WorldDisk> disks)
    {
        switch (bearer)
        {
            case Bearer.NobodyTells:
                return target with { Serial = null };
            case Bearer.AnotherDisk:
                disks.Add(DiskWorld.Used with { Name = "sdz", Links = ["usb-z"] });
                return target with { Serial = "S49TNP0KA54321" };
            case Bearer.TwoDisks:
                disks.Add(DiskWorld.Used with { Name = "sdz", Links = ["usb-z"] });
                return target;
            case Bearer.ACopyWithOurGuids:
                disks.Add(DiskWorld.Ours with { Name = "sdz", Serial = "COPY", Links = ["usb-copy"] });
                return target;
            default:
                return target;
        }
    }

    private static WorldDisk Used(WorldDisk disk, Use use, Random random)
    {
        WorldDisk Mounted(string place) => disk.Partitions.IsEmpty
            ? disk with { Mount = place, IsUsed = true }
            : disk with { IsUsed = true, Partitions = disk.Partitions.SetItem(0, disk.Partitions[0] with { Mount = place }) };
        string Holder(string name, string type) =>
            $"KNAME=\"{name}\" PKNAME=\"{(disk.Partitions.IsEmpty ? disk.Name : disk.PartitionName(1))}\" PATH=\"/dev/{(type is "crypt" or "lvm" ? "mapper/" : "")}{name}\" TYPE=\"{type}\" SIZE=\"1000\" START=\"\" RO=\"0\" RM=\"0\" TRAN=\"\" MODEL=\"\" SERIAL=\"\" MOUNTPOINTS=\"{(random.Next(2) == 0 ? "" : "/data")}\"";
        return use switch
        {
            Use.MountedEsp => Mounted(random.Next(2) == 0 ? "/boot" : @"/mnt/my\x20disk"),
            Use.MountedDisk => disk with { Mount = "/media/x", IsUsed = true },
            Use.Swap => Mounted("[SWAP]"),
            Use.Md => disk with { Holders = [Holder("md0", "raid1")] },
            Use.Luks => disk with { Holders = [Holder("dm-0", "crypt")] },
            Use.Lvm => disk with { Holders = [Holder("dm-1", "lvm")] },
            Use.SiblingMounted => disk with { Seen = $"UUID=\"{Sibling}\" TYPE=\"btrfs\"", Digest = "b1", Partitions = [] },
            Use.ReadOnly => disk with { ReadOnly = true },
            Use.Pool => disk with { IsUsed = true },
            _ => disk,
        };
    }

    private static string Node(WorldDisk disk) => disk.Partitions.IsEmpty ? $"/dev/{disk.Name}" : $"/dev/{disk.PartitionName(1)}";

    private static string Vdevs(Use use, WorldDisk target) => use switch
    {
        Use.Pool => $"rpool\t1\n\t{Node(target)}",
        Use.PoolByLink => $"rpool\t1\n\t/dev/disk/by-id/{(target.Links is [var link, ..] ? link : "gone")}-part1",
        Use.PoolsUnknown => "unreadable",
        _ => "other\t2\n\t/dev/sdq1",
    };

    private static string Mounts(Use use, WorldDisk target) => use switch
    {
        Use.OnlyInTheMountTable => $"/dev/mmcblk0p2 / ext4 rw 0 0\n{Node(target)} /srv/my\\040disk ext4 rw 0 0\n",
        Use.MountedByLink => $"/dev/mmcblk0p2 / ext4 rw 0 0\n/dev/disk/by-id/{(target.Links is [var link, ..] ? link : "gone")} /srv ext4 rw 0 0\n",
        Use.RunningSystem => $"{Node(target)} / ext4 rw 0 0\n",
        Use.RunningSystemUnknown => "/dev/root / zfs rw 0 0\n",
        _ => "/dev/mmcblk0p2 / ext4 rw 0 0\n",
    };
}
