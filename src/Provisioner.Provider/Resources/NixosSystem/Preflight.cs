using System.Collections.Immutable;
using System.Globalization;
using Provisioner.Provider.Building;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Systems;

namespace Provisioner.Provider.Resources.NixosSystem;

/// <summary>Everything that speaks against an installation or an update, all at once, before anything is touched. Pure.</summary>
internal static class Preflight
{
    private const long Mebibyte = 1024 * 1024;
    private const long Gibibyte = 1024 * Mebibyte;

    /// <param name="desired">What is wanted.</param>
    /// <param name="facts">The device.</param>
    /// <param name="now">Our clock.</param>
    public static ImmutableArray<PreflightFinding> Of(NixosSystemArgs desired, DeviceFacts facts, DateTimeOffset now)
    {
        if (desired.TakesOver && Takeover.Refusal(facts) is { } refusal)
        {
            return [refusal];
        }

        var installs = !desired.TakesOver && facts.Boot.Incarnation == Incarnation.Bootstrap;
        PreflightFinding?[] findings =
        [
            Tools(facts, installs, desired),
            Memory(desired, facts),
            Room("card", "the card's file system for what is built", Free(facts, "/nix") ?? Free(facts, "/"), 200 * Mebibyte, 4 * Gibibyte, installs && desired.StorePath is null),
            Room("disk", desired.TakesOver ? "the file system of /nix" : "the pool", Free(facts, installs ? "/mnt/nix" : "/nix") ?? (installs ? null : Free(facts, "/")), 300 * Mebibyte, 5 * Gibibyte, true),
            Room("boot", "the boot partition", Free(facts, installs ? "/mnt/boot" : "/boot"), 40 * Mebibyte, 120 * Mebibyte, true),
            .. installs ? [] : new[] { Lasting(facts, "/nix/var/nix/profiles"), Lasting(facts, "/boot") },
            Clock(facts, now),
            Architecture(facts),
            desired.TakesOver && facts.Boot.RootFileSystem != "zfs" ? null : Zfs(facts),
            BootOrder(facts, installs),
            desired.TakesOver ? null : Board(facts),
            desired is { TakesOver: true, StorePath: not null } ? PreflightFinding.Warning("mounts", "what a system given by its store path mounts is not compared with what the machine has mounted; a flake's is") : null,
            Kexec(facts, installs),
            facts.System.Running is { IsNixos: false } && !installs ? PreflightFinding.Blocker("nixos", "/etc/NIXOS is missing on the device, so the system refuses to switch; make it again: touch /etc/NIXOS") : null,
        ];
        return [.. findings.OfType<PreflightFinding>().OrderByDescending(finding => finding.Weight)];
    }

    /// <summary>What was found about the machine that builds, where it is another one.</summary>
    public static PreflightFinding? OfBuilder(BuilderVerdict verdict) => verdict switch
    {
        { Obstacle: { } obstacle } => PreflightFinding.Blocker("builder", verdict.Remedy is { } remedy ? $"{obstacle}; {remedy}" : obstacle),
        { Cost: { } cost } => PreflightFinding.Warning("builder", cost),
        _ => null,
    };

    /// <summary>A generation, or boot files, that are gone after the next start are none.</summary>
    private static PreflightFinding? Lasting(DeviceFacts facts, string path) => MountTable.Fleeting(facts.Mounts, path) is { } why
        ? PreflightFinding.Blocker("lasting", $"{path} would be as it was after the next start: {why}; mount what it lies on for good first (with raspi-config: switch the overlay file system off, and restart)")
        : null;

    private static bool IsBuiltThere(NixosSystemArgs desired) => desired.Flake is not null && !desired.ComesFromElsewhere;

    private static PreflightFinding? Tools(DeviceFacts facts, bool installs, NixosSystemArgs desired)
    {
        string[] needed = ["nix", .. installs ? ["nixos-install", "zpool"] : Array.Empty<string>(), .. IsBuiltThere(desired) ? ["tar"] : Array.Empty<string>()];
        var missing = needed.Where(tool => !facts.Tools.Contains(tool)).ToList();
        return missing.Count == 0 ? null
            : PreflightFinding.Blocker("tools", $"the device has no {string.Join(", no ", missing)}; {(installs ? "boot it from the bootstrap card, whose system has them" : "a NixOS system has them, so this may be another machine")}");
    }

    private static PreflightFinding? Memory(NixosSystemArgs desired, DeviceFacts facts) => facts.Memory.TotalBytes switch
    {
        0 => null,
        < 512 * Mebibyte when IsBuiltThere(desired) => PreflightFinding.Blocker("memory", $"{Size(facts.Memory.TotalBytes)} is too little to evaluate a NixOS flake on the device; build it elsewhere: set builder to \"local\", \"container\" or \"ssh\""),
        < 2 * Gibibyte when IsBuiltThere(desired) => PreflightFinding.Warning("memory", $"evaluating a NixOS flake takes about 1.5 GiB, and the device has {Size(facts.Memory.TotalBytes)}; when the build is killed, build it elsewhere: set builder to \"local\", \"container\" or \"ssh\""),
        _ => null,
    };

    private static PreflightFinding? Room(string about, string where, long? free, long least, long comfortable, bool matters) => free switch
    {
        null => null,
        _ when !matters => null,
        var bytes when bytes < least => PreflightFinding.Blocker(about, $"{where} has {Size(bytes.Value)} left, at least {Size(least)} are needed; make room: nix-collect-garbage -d on the device"),
        var bytes when bytes < comfortable => PreflightFinding.Warning(about, $"{where} has {Size(bytes.Value)} left; a whole system may need {Size(comfortable)}"),
        _ => null,
    };

    private static PreflightFinding? Clock(DeviceFacts facts, DateTimeOffset now)
    {
        var off = (facts.Clock - now).Duration();
        var text = string.Create(CultureInfo.InvariantCulture, $"the device's clock says {facts.Clock.UtcDateTime:yyyy-MM-dd HH:mm}, and ours {now.UtcDateTime:yyyy-MM-dd HH:mm} (UTC)");
        return facts.Clock == DateTimeOffset.UnixEpoch ? null
            : off > TimeSpan.FromDays(1) ? PreflightFinding.Blocker("clock", $"{text}: no certificate of a binary cache would be valid; let it set its clock, or: date -s @{now.ToUnixTimeSeconds()}")
            : off > TimeSpan.FromMinutes(5) ? PreflightFinding.Warning("clock", text)
            : null;
    }

    private static PreflightFinding? Architecture(DeviceFacts facts) =>
        facts.Os.Architecture is "aarch64" or "x86_64" or ""
            ? null
            : PreflightFinding.Blocker("architecture", $"{facts.Os.Architecture}: NixOS is built for aarch64 and x86_64; on a Pi boot a 64-bit kernel (arm_64bit=1 in config.txt)");

    private static PreflightFinding? Zfs(DeviceFacts facts) =>
        facts.ZfsModule is null
            ? PreflightFinding.Blocker("zfs", $"the ZFS module is not loaded into the running kernel {facts.Os.Kernel}: modprobe zfs; a kernel newer than ZFS knows cannot have it")
            : null;

    /// <summary>Nibbles from the right: 1 card, 2 network, 4 USB, 6 NVMe, f from the beginning.</summary>
    private static PreflightFinding? BootOrder(DeviceFacts facts, bool installs)
    {
        if (facts.System.BootOrder is not { } order || !installs)
        {
            return null;
        }

        var media = new List<uint>();
        for (var rest = order; rest != 0; rest >>= 4)
        {
            media.Add(rest & 0xf);
        }

        var (card, usb) = (media.IndexOf(1), media.IndexOf(4));
        var text = string.Create(CultureInfo.InvariantCulture, $"the firmware's boot order is 0x{order:x}");
        return usb < 0 ? PreflightFinding.Blocker("bootOrder", $"{text}, which never tries USB; set it to 0xf41 with rpi-eeprom-config --edit, and restart")
            : card >= 0 && card < usb ? PreflightFinding.Note("bootOrder", $"{text}: a card that can boot comes before the SSD, so FirstBoot asks for USB once and retires the card then")
            : PreflightFinding.Note("bootOrder", $"{text}: the SSD comes before the card");
    }

    private static PreflightFinding? Board(DeviceFacts facts) =>
        facts.Board.Source == "device-tree" && facts.Board.Model is { } model && !model.Contains("Raspberry Pi 4", StringComparison.Ordinal) && !model.Contains("Compute Module 4", StringComparison.Ordinal)
            ? PreflightFinding.Warning("board", $"{model}: the boot chain (firmware, U-Boot, extlinux on one FAT partition) is known to work on a Raspberry Pi 4")
            : null;

    private static PreflightFinding? Kexec(DeviceFacts facts, bool installs) =>
        installs && Device.DevicePlan.Strategies(facts).FirstOrDefault(strategy => strategy.Name == "kexec") is { } kexec
            ? PreflightFinding.Note("kexec", kexec.Works ? "would work here; it is not used, because the card has all that is needed" : $"would not work here, so nixos-anywhere needs --phases disko,install,reboot: {kexec.Because}")
            : null;

    private static long? Free(DeviceFacts facts, string mountPoint) => facts.System.Room.TryGetValue(mountPoint, out var free) ? free : null;

    private static string Size(long bytes) => bytes >= Gibibyte
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)Gibibyte:0.#} GiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / Mebibyte} MiB");
}
