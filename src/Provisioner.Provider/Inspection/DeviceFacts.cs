using System.Collections.Immutable;
using Provisioner.Provider.Systems;

namespace Provisioner.Provider.Inspection;

/// <summary>Everything one inspection found. What a device does not say is null or empty, never guessed.</summary>
internal sealed record DeviceFacts
{
    public required Account Account { get; init; }

    public required string HostName { get; init; }

    /// <summary>The kernel's UUID of this boot: another one means that the device has been restarted.</summary>
    public required string BootId { get; init; }

    public string? MachineId { get; init; }

    public TimeSpan Uptime { get; init; }

    /// <summary>What the device's own clock said.</summary>
    public DateTimeOffset Clock { get; init; }

    public required OperatingSystemFacts Os { get; init; }

    public required BoardFacts Board { get; init; }

    public MemoryFacts Memory { get; init; } = new(0, 0);

    public required BootFacts Boot { get; init; }

    public ImmutableArray<DiskFacts> Disks { get; init; } = [];

    /// <summary>What is mounted where, in the order of mounting, as our own mount namespace sees it.</summary>
    public ImmutableArray<MountFacts> Mounts { get; init; } = [];

    /// <summary>The devices of the pools that are imported.</summary>
    public VdevFacts Vdevs { get; init; } = new("");

    /// <summary>The imported pools with their datasets.</summary>
    public ZfsFacts Zfs { get; init; } = new();

    public required KexecFacts Kexec { get; init; }

    public required NetworkFacts Network { get; init; }

    /// <summary>Every file in NetworkManager's profile folders, of the running system and of one mounted at /mnt.</summary>
    public ImmutableArray<ProfileFile> Profiles { get; init; } = [];

    public required WatchdogFacts Watchdog { get; init; }

    /// <summary>The NixOS systems, running and being made.</summary>
    public SystemFacts System { get; init; } = new();

    /// <summary>The version of the loaded ZFS module, or null.</summary>
    public string? ZfsModule { get; init; }

    public ImmutableHashSet<string> Tools { get; init; } = [];

    /// <summary>What digests of this inspection are keyed with.</summary>
    public required DigestKey DigestKey { get; init; }
}

/// <summary>Who the commands run as.</summary>
/// <remarks>
/// UserId: 0 for root, which is what every change needs.
/// </remarks>
internal sealed record Account(int UserId, string UserName);

/// <remarks>
/// Id: The ID of os-release, such as nixos or debian.
/// VariantId: "installer" on NixOS's installation images.
/// </remarks>
internal sealed record OperatingSystemFacts(string Id, string Version, string PrettyName, string? VariantId, bool IsNixos, string Kernel, string Architecture);

/// <summary>The board.</summary>
/// <remarks>
/// Source: Who says so: device-tree on a Pi, dmi on a PC or a virtual Pi.
/// </remarks>
internal sealed record BoardFacts(string? Model, string? Serial, string Source);

internal sealed record MemoryFacts(long TotalBytes, long AvailableBytes);

/// <summary>Which of its two lives the device leads.</summary>
internal enum Incarnation
{
    /// <summary>It runs from the card, or from an installation image; what it installs goes to /mnt.</summary>
    Bootstrap,

    /// <summary>It runs from its own disk.</summary>
    Installed,
}

/// <remarks>
/// RootSource: What / is mounted from: a device or a dataset.
/// FirmwareBootMode: The Pi firmware's word on where it loaded from: 1 is the card, 4 a USB disk; null where there is none.
/// TargetMounted: Whether the system under construction is mounted at /mnt, and not some disk of somebody's.
/// </remarks>
internal sealed record BootFacts(string RootSource, string RootFileSystem, int? FirmwareBootMode, Incarnation Incarnation, bool TargetMounted)
{
    /// <summary>On what / lies in the end, where that is something else than <see cref="RootSource"/>: below an overlay, or where / is in memory; empty when it does not show.</summary>
    public string? Medium { get; init; }

    /// <summary>Why what is written to / is gone after the next start, as a clause; null when it stays.</summary>
    public string? Fleeting { get; init; }

    /// <summary>In words: "/dev/mmcblk0p2 (ext4)", "overlay over /dev/mmcblk0p2".</summary>
    public string Words => Medium switch
    {
        null => $"{RootSource} ({RootFileSystem})",
        "" => $"{RootSource} ({RootFileSystem}), over something that does not show",
        var medium => $"{RootSource} ({RootFileSystem}) over {medium}",
    };

    /// <summary>Where the system that resources describe lies: /mnt while it is being made, / once it runs; without a slash at the end, so empty for /.</summary>
    public string TargetRoot => Incarnation == Incarnation.Bootstrap && TargetMounted ? "/mnt" : "";
}

/// <summary>A mount.</summary>
/// <remarks>
/// Source: A device, a dataset, or a word such as tmpfs.
/// Target: The place, or the empty text when the device did not tell.
/// </remarks>
internal sealed record MountFacts(string Source, string Target, string FileSystem)
{
    /// <summary>As the kernel has them, with commas.</summary>
    public string Options { get; init; } = "";
}

/// <remarks>
/// CoreBuiltIn: Whether the kernel knows kexec at all.
/// EnableMethod: How the other CPUs were started; with spin-table arm64 refuses kexec.
/// Options: Which of CONFIG_KEXEC and CONFIG_KEXEC_FILE the kernel's configuration names; empty when it cannot be read.
/// </remarks>
internal sealed record KexecFacts(bool CoreBuiltIn, bool Disabled, string? EnableMethod, ImmutableArray<string> Options);

/// <summary>An unconfirmed change on the device.</summary>
/// <remarks>
/// Armed: The id of a change that waits for our return, or null.
/// GoingBack: The id of a change that the device is undoing right now, or null.
/// Outcome: The last finished change and how it ended, or null.
/// </remarks>
internal sealed record WatchdogFacts(string? Armed, string? GoingBack, string? Outcome);
