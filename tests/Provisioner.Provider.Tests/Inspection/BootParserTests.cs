using CliWrap.Buffered;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.NixosSystem;
using Provisioner.Provider.Resources.WifiProfile;
using Provisioner.Provider.Systems;
using Provisioner.Provider.Tests.Resources;
using Provisioner.Provider.Tests.Resources.Disks;
using Provisioner.Provider.Tests.Resources.Nixos;

namespace Provisioner.Provider.Tests.Inspection;

/// <summary>What a device runs from, and whether what is mounted at /mnt is the system that is being made or some disk of somebody's.</summary>
public sealed class BootParserTests
{
    private const string Card = "/dev/mmcblk0p2 / ext4 rw 0 0\n";

    [Theory]
    [InlineData("/dev/sda1 /mnt ext4 rw 0 0\n", false)]
    [InlineData("server:/export /mnt nfs4 rw 0 0\n", false)]
    [InlineData("/dev/mmcblk0p2 /mnt ext4 rw 0 0\n", false)]
    [InlineData("tank/photos /mnt zfs rw 0 0\n", false)]
    [InlineData("lamp/root /mnt zfs rw 0 0\n", true)]
    [InlineData("lamp/root /mnt zfs rw 0 0\n/dev/sda1 /mnt ext4 rw 0 0\n", false)]
    [InlineData("/dev/sda1 /mnt ext4 rw 0 0\nlamp/root /mnt zfs rw 0 0\n", true)]
    [InlineData("lamp/root /mnt/usb zfs rw 0 0\n", false)]
    [InlineData("systemd-1 /mnt autofs rw 0 0\n", false)]
    public void Only_the_pool_s_own_file_system_at_mnt_is_the_system_that_is_being_made(string mounts, bool isTarget)
    {
        var boot = Parse(Card + mounts).Boot;
        (boot.TargetMounted, boot.TargetRoot).ShouldBe((isTarget, isTarget ? "/mnt" : ""));
    }

    [Fact]
    public void A_pool_that_somebody_imported_by_hand_counts_once_a_system_was_made_on_it()
    {
        Parse(Card + "tank/root /mnt zfs rw 0 0\n", "\n--w system target\ngenerations=1\nmade=abc /nix/store/x\n").Boot.TargetMounted.ShouldBeTrue();
        Parse(Card + "/dev/sda1 /mnt ext4 rw 0 0\n", "\n--w system target\ngenerations=1\nmade=abc /nix/store/x\n").System.Target.ShouldBeNull("it is the copy of a system on a disk of somebody's");
    }

    [Theory]
    [InlineData("overlayroot / overlay rw,lowerdir=/media/root-ro,upperdir=/media/root-rw/overlay,workdir=/media/root-rw/overlay-workdir/_ 0 0\n/dev/mmcblk0p2 /media/root-ro ext4 ro 0 0\ntmpfs-root /media/root-rw tmpfs rw 0 0\n", true, "/dev/mmcblk0p2", true)]
    [InlineData("overlay / overlay rw,lowerdir=/lower,upperdir=/upper/data,workdir=/upper/work 0 0\n/dev/mmcblk0p1 /boot/firmware vfat rw 0 0\n", true, "/dev/mmcblk0p1", true)]
    [InlineData("overlay / overlay rw,lowerdir=/lower,upperdir=/upper/data,workdir=/upper/work 0 0\n/dev/sda1 /boot/firmware vfat rw 0 0\n", false, "/dev/sda1", true)]
    [InlineData("overlay / overlay rw,lowerdir=/lower,upperdir=/data/up,workdir=/data/work 0 0\n/dev/sda2 /lower ext4 ro 0 0\n/dev/sda3 /data ext4 rw 0 0\n", false, "/dev/sda2", false)]
    [InlineData("tmpfs / tmpfs rw 0 0\n/dev/mmcblk0p2 /nix ext4 rw 0 0\n", true, "/dev/mmcblk0p2", true)]
    [InlineData("tmpfs / tmpfs rw 0 0\nzroot/nix /nix zfs rw 0 0\n/dev/sda1 /boot vfat rw 0 0\n", false, "/dev/sda1", true)]
    [InlineData("10.0.0.2:/pi / nfs rw 0 0\n", true, null, false)]
    [InlineData("/dev/nvme0n1p2 / ext4 rw 0 0\n", false, null, false)]
    [InlineData("/dev/sda2 / ext4 rw 0 0\n", false, null, false)]
    public void What_the_root_lies_on_in_the_end_decides(string mounts, bool isBootstrap, string? medium, bool isFleeting)
    {
        var boot = Parse(mounts).Boot;
        (boot.Incarnation == Incarnation.Bootstrap, boot.Medium, boot.Fleeting is not null).ShouldBe((isBootstrap, medium, isFleeting));
    }

    [Fact]
    public void The_card_below_an_overlay_is_the_running_system_s_also_where_its_mount_does_not_show()
    {
        var facts = DiskWorld.Facts([DiskWorld.Card with { Partitions = [.. DiskWorld.Card.Partitions.Select(partition => partition with { Mount = "" })] }, DiskWorld.Blank], "", "overlay / overlay rw,lowerdir=/lower,upperdir=/upper/data 0 0\n/dev/mmcblk0p2 /boot/firmware vfat rw 0 0\n");
        var args = DiskWorld.Args with { ById = DiskWorld.Card.Links[0], Serial = DiskWorld.Card.Serial! };
        Provider.Resources.Disk.DiskObserver.Observe(args, null, facts).Found.InUse.ShouldContain(reason => reason.Contains("the running system lies on it"));
    }

    [Fact]
    public void A_profile_that_will_not_last_is_written_with_a_warning()
    {
        var mounts = Parse("overlay / overlay rw,lowerdir=/lower,upperdir=/upper/data,workdir=/upper/work 0 0\n").Mounts;
        WifiProfilePlanner.Plan(WifiFacts.Args, ProfileObserver.Observe(WifiFacts.Args, null, WifiFacts.Pi(null, []) with { Mounts = mounts }))
            .Warnings.ShouldHaveSingleItem().ShouldStartWith("the profile will be gone after the device's next start: / is an overlay whose upper layer lies in memory");
    }

    [Fact]
    public void A_system_is_not_switched_where_its_generation_would_be_gone_after_the_next_start()
    {
        var mounts = Parse("overlay / overlay rw,lowerdir=/lower,upperdir=/upper/data,workdir=/upper/work 0 0\nzroot/nix /nix zfs rw 0 0\n").Mounts;
        var finding = Preflight.Of(NixosPi.Args, NixosPi.Running with { Mounts = mounts }, NixosPi.Now).Where(found => found.Weight == PreflightWeight.Blocker).ShouldHaveSingleItem();
        finding.ToString().ShouldContain("/boot would be as it was after the next start");
    }

    [Fact]
    public void What_is_mounted_below_for_good_lasts()
    {
        var mounts = Parse("tmpfs / tmpfs rw 0 0\nzroot/persist /etc/NetworkManager/system-connections zfs rw 0 0\n").Mounts;
        MountTable.Fleeting(mounts, "/etc/NetworkManager/system-connections/Home.nmconnection").ShouldBeNull();
        MountTable.Fleeting(mounts, "/etc/ssh").ShouldNotBeNull();
    }

    [Theory]
    [InlineData("", "nothing is mounted at /mnt")]
    [InlineData("mount -t tmpfs photos /mnt", "at /mnt something else is mounted (photos, tmpfs)")]
    public async Task No_script_writes_below_mnt_what_belongs_to_the_system_while_something_else_is_there(string mounted, string why)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "mounts are root's");
        BufferedCommandResult result = await Sh.RunAsync(Shell.Of($"exec unshare -m sh -euc {$"{mounted}\n{TargetSteps.IsMounted.Source}\necho written"}"));
        (result.ExitCode, result.StandardOutput).ShouldBe((66, ""));
        result.StandardError.ShouldContain(why);
    }

    private static DeviceFacts Parse(string mounts, string more = "") => DeviceFactsParser.Parse(
        $"\n--w mounts\n{mounts}\n--w zfs\n2.3.9\n--w zfs-pools\nlamp\tguid\t1\t-\nlamp\taltroot\t/mnt\tlocal\ntank\tguid\t2\t-\ntank\taltroot\t-\tdefault\n--w zfs-datasets\nwhole\n{more}\n--w end\n", "w", WifiFacts.Key);
}
