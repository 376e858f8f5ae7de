using System.Collections.Immutable;
using CliWrap;
using CliWrap.Buffered;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.NixosSystem;
using Provisioner.Provider.Resources.NixosSystem.Configuration;
using Provisioner.Provider.Systems;
using Provisioner.Provider.Tests.Remote;

namespace Provisioner.Provider.Tests.Resources.Nixos;

/// <summary>A machine that runs NixOS already: it is updated, and never installed.</summary>
public sealed class TakeoverTests
{
    private static readonly NixosSystemArgs Args = new() { Device = "ssh://me@den:22?hostKey=SHA256:x", Flake = "/flake", Attribute = "den", Hostname = "den" };

    /// <summary>Its root is ext4 on a card, as NixOS's own image for the Pi has it; nothing of ours is on it.</summary>
    private static readonly DeviceFacts OnCard = NixosPi.Bare with
    {
        Os = new OperatingSystemFacts("nixos", "25.11", "NixOS 25.11 (Xantusia)", null, true, "6.12.34", "aarch64"),
        Boot = new BootFacts("/dev/mmcblk0p2", "ext4", 1, Incarnation.Bootstrap, false),
        ZfsModule = null,
        Tools = ["nix", "tar"],
        Disks =
        [
            new DiskFacts
            {
                Name = "mmcblk0",
                Path = "/dev/mmcblk0",
                Partitions =
                [
                    new PartitionFacts { Name = "mmcblk0p1", Path = "/dev/mmcblk0p1", Number = 1, Content = new ContentFacts { FileSystem = "vfat", Label = "FIRMWARE", FileSystemId = "2178-694E" } },
                    new PartitionFacts { Name = "mmcblk0p2", Path = "/dev/mmcblk0p2", Number = 2, Content = new ContentFacts { FileSystem = "ext4", Label = "NIXOS_SD", FileSystemId = "44444444-4444-4444-8888-888888888888" } },
                ],
            },
        ],
        Mounts = [new MountFacts("rootfs", "/", "rootfs"), new MountFacts("/dev/mmcblk0p2", "/", "ext4"), new MountFacts("/dev/mmcblk0p2", "/nix/store", "ext4")],
        System = new SystemFacts
        {
            Running = new NixosFacts { Generation = 41, Generations = 7, Profile = NixosPi.Top, IsNixos = true },
            Current = NixosPi.Top,
            Booted = NixosPi.Top,
            Room = NixosPi.Room(("/", 20L << 30)),
        },
    };

    [Fact]
    public void Its_system_is_built_and_switched_to_under_the_watchdog_and_nothing_is_installed()
    {
        var plan = Plan(OnCard);

        plan.Refusals.ShouldBeEmpty();
        plan.Warnings.ShouldBeEmpty();
        var steps = string.Join('\n', plan.Steps.Select(step => step.Sentence));
        steps.ShouldContain("send the flake");
        steps.ShouldContain("nix build …#nixosConfigurations.den.config.system.build.toplevel");
        steps.ShouldContain("arm a watchdog on the device");
        steps.ShouldContain("come back over a new connection");
        steps.ShouldNotContain("nixos-install");
        steps.ShouldNotContain("mount ");
        steps.ShouldNotContain("ssh_host_ed25519_key");
    }

    [Fact]
    public void One_that_runs_what_was_made_for_it_is_left_alone_whatever_it_starts_by() =>
        Plan(OnCard with { System = OnCard.System with { Running = OnCard.System.Running! with { MadeFrom = NixosPi.Digest, Made = NixosPi.Top, HasExtlinux = false } } }).Changes.ShouldBeEmpty();

    [Fact]
    public void Another_system_than_NixOS_is_refused_in_words_and_nothing_else_is_said_of_it()
    {
        var plan = Plan(OnCard with
        {
            Os = new OperatingSystemFacts("debian", "12", "Raspberry Pi OS (bookworm)", null, false, "6.12.34", "aarch64"),
            Tools = [],
            System = new SystemFacts(),
        });

        var refusal = plan.Refusals.ShouldHaveSingleItem();
        refusal.Why!.ShouldContain("Raspberry Pi OS (bookworm) runs there");
        refusal.Why!.ShouldContain("one thing speaks");
        refusal.Why!.ShouldContain("leave the system out to look after its WiFi alone");
    }

    [Fact]
    public void A_bootstrap_card_is_no_system_to_be_looked_after() =>
        Plan(OnCard with { Os = OnCard.Os with { VariantId = "installer" } }).Refusals.ShouldHaveSingleItem().Why!.ShouldContain("bootstrap: NixOS 25.11 (Xantusia) runs there from /dev/mmcblk0p2");

    [Fact]
    public void Where_it_is_installed_to_is_given_as_a_whole_or_not_at_all()
    {
        Problems(Args).ShouldBeEmpty();
        Problems(NixosPi.Args).ShouldBeEmpty();
        Problems(Args with { Pool = "zroot" }).ShouldHaveSingleItem().ShouldContain("poolGuid and bootPartition are not given");
        Problems(Args with { Installation = "2026" }).ShouldHaveSingleItem().ShouldContain("leave that out");
    }

    [Fact]
    public void Its_file_systems_are_those_of_the_flake_by_whatever_name()
    {
        Compare(OnCard, At("/", "/dev/disk/by-label/NIXOS_SD", "ext4")).ShouldBeEmpty();
        Compare(OnCard, At("/", "/dev/disk/by-uuid/44444444-4444-4444-8888-888888888888", "ext4"), At("/boot/firmware", "/dev/disk/by-label/FIRMWARE", "vfat", "noauto")).ShouldBeEmpty();
        Compare(OnZfs, At("/", "zroot/root", "zfs"), At("/boot", "/dev/disk/by-label/FIRMWARE", "vfat")).ShouldBeEmpty();
        Compare(OnBtrfs, At("/", "/dev/disk/by-label/NIXOS_SD", "btrfs", "subvol=root")).ShouldBeEmpty();
    }

    [Fact]
    public void A_flake_that_mounts_something_else_is_refused_with_both()
    {
        var root = Compare(OnCard, At("/", "zroot/root", "zfs")).ShouldHaveSingleItem();
        root.Weight.ShouldBe(PreflightWeight.Blocker);
        root.ToString().ShouldBe(
            "root: the flake mounts / from zroot/root, and the machine has /dev/mmcblk0p2 (ext4) there: it would not start; set fileSystems.\"/\" = { device = \"/dev/disk/by-uuid/44444444-4444-4444-8888-888888888888\"; fsType = \"ext4\"; }; or take the system that is this machine's");
        Compare(OnCard, At("/", "/dev/disk/by-label/nixos", "ext4")).ShouldHaveSingleItem().Text.ShouldContain("/dev/disk/by-label/nixos, which the machine does not have, and the machine has /dev/mmcblk0p2 (ext4)");
        Compare(OnCard, At("/", "/dev/disk/by-label/FIRMWARE", "ext4")).ShouldHaveSingleItem().Text.ShouldContain("(/dev/mmcblk0p1), and the machine has /dev/mmcblk0p2 (ext4)");
        Compare(OnCard, At("/", "/dev/disk/by-label/NIXOS_SD", "btrfs")).ShouldHaveSingleItem().Text.ShouldContain("as btrfs, and on the machine it is ext4");
        Compare(OnZfs, At("/", "zroot/root", "zfs")).ShouldHaveSingleItem().Text.ShouldContain("mounts nothing at /boot, where the machine has /dev/mmcblk0p1 (vfat) mounted: its boot files would be written where nothing starts from");
        Compare(OnZfs, At("/", "tank/root", "zfs"), At("/boot", "/dev/disk/by-label/ESP", "vfat")).Select(finding => finding.About).ShouldBe(["root", "boot"]);
        Compare(OnCard, At("/", "/dev/disk/by-label/NIXOS_SD", "ext4"), At("/boot", "/dev/disk/by-label/FIRMWARE", "vfat")).ShouldHaveSingleItem().Text.ShouldContain("the machine has nothing mounted there");
        Compare(OnBtrfs, At("/", "/dev/disk/by-label/NIXOS_SD", "btrfs", "subvol=@")).ShouldHaveSingleItem().Text.ShouldContain("from the subvolume @, and the machine has the subvolume root");
        Compare(OnCard, At("/", "/dev/disk/by-label/NIXOS_SD", "ext4"), At("/media", "/dev/disk/by-label/films", "ext4")).ShouldHaveSingleItem().Weight.ShouldBe(PreflightWeight.Warning);
    }

    [Theory]
    [InlineData("boot/extlinux/extlinux.conf", "APPEND init={0}/init loglevel=4", true)]
    [InlineData("boot/extlinux/extlinux.conf", "APPEND init=/nix/store/other-nixos-system/init loglevel=4", false)]
    [InlineData("boot/firmware/cmdline.txt", "root=fstab init={0}/init", true)]
    [InlineData("boot/firmware/cmdline.txt", "root=fstab init=/nix/store/other-nixos-system/init", false)]
    [InlineData("boot/firmware/nixos/2-default/cmdline.txt", "init=/nix/var/nix/profiles/system-2-link/init", true)]
    [InlineData("boot/loader/entries/nixos-generation-2.conf", "options init={0}/init", true)]
    [InlineData("boot/grub/grub.cfg", "linux /kernels/x init={0}/init", true)]
    [InlineData("boot/EFI/Linux/nixos.efi", "nothing that is read", true)]
    [InlineData("boot/cmdline.txt", "console=tty1 root=PARTUUID=1", true)]
    public async Task Whatever_the_machine_starts_by_has_to_lead_to_the_new_system(string file, string text, bool leads)
    {
        using var root = new TemporaryFolder();
        Directory.CreateDirectory(Path.GetDirectoryName(root[file])!);
        File.WriteAllText(root[file], text.Replace("{0}", NixosPi.Top, StringComparison.Ordinal) + "\n");
        Directory.CreateDirectory(root["nix/var/nix/profiles"]);
        File.CreateSymbolicLink(root["nix/var/nix/profiles/system-2-link"], NixosPi.Top);

        var result = await Cli.Wrap("sh").WithArguments(["-eu", "-c", BootFiles.Require(root.Path, Shell.Of($"{NixosPi.Top}")).Source])
            .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();

        result.ExitCode.ShouldBe(leads ? 0 : 65, result.StandardError);
        result.StandardError.Contains("name another system", StringComparison.Ordinal).ShouldBe(!leads);
    }

    private static DeviceFacts OnZfs => OnCard with
    {
        Boot = new BootFacts("zroot/root", "zfs", 4, Incarnation.Installed, false),
        Mounts = [new MountFacts("zroot/root", "/", "zfs"), new MountFacts("/dev/mmcblk0p1", "/boot", "vfat")],
    };

    private static DeviceFacts OnBtrfs => OnCard with { Mounts = [new MountFacts("/dev/mmcblk0p2", "/", "btrfs") { Options = "rw,relatime,subvolid=256,subvol=/root" }] };

    private static NixosSystemPlan Plan(DeviceFacts facts) => NixosSystemPlanner.Plan(Args, NixosSystemObserver.Observe(Args, NixosPi.Digest, facts, NixosPi.Now));

    private static (string Place, string Device, string Type, string Option) At(string place, string device, string type, string option = "") => (place, device, type, option);

    private static ImmutableArray<PreflightFinding> Compare(DeviceFacts device, params (string Place, string Device, string Type, string Option)[] mounts) =>
        [.. RunningMounts.Compare(new ConfigurationFacts { FileSystems = mounts.ToDictionary(mount => mount.Place, mount => new ConfiguredMount(mount.Device, mount.Type, [mount.Option])) }, device)];

    private static IEnumerable<string> Problems(NixosSystemArgs args) =>
        NixosSystemRules.All.Select(rule => rule.Problem(args)).OfType<string>();
}
