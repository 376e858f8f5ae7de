using System.Collections.Immutable;

namespace Provisioner.Provider.Systems;

/// <summary>What an inspection found of NixOS systems. What a device does not say is null or empty.</summary>
internal sealed record SystemFacts
{
    /// <summary>The one that runs, or null where none does.</summary>
    public NixosFacts? Running { get; init; }

    /// <summary>The one that is being made at /mnt, or null while nothing is mounted there.</summary>
    public NixosFacts? Target { get; init; }

    /// <summary>The store path of the system whose services run now.</summary>
    public string? Current { get; init; }

    /// <summary>The store path of the system that was booted, whose kernel runs.</summary>
    public string? Booted { get; init; }

    /// <summary>The store path that was built on the device last.</summary>
    public string? Built { get; init; }

    /// <summary>A switch that waits for our return, or that the device is undoing; null for none.</summary>
    public string? Unconfirmed { get; init; }

    /// <summary>Free bytes by mount point.</summary>
    public ImmutableDictionary<string, long> Room { get; init; } = ImmutableDictionary<string, long>.Empty;

    /// <summary>What is mounted where: the source by mount point, the one on top of several.</summary>
    public ImmutableDictionary<string, string> Mounts { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The firmware's BOOT_ORDER, or null where it cannot be read.</summary>
    public uint? BootOrder { get; init; }

    /// <summary>What is noted of the card that was kept from booting last.</summary>
    public string? RetiredCard { get; init; }

    /// <summary>What is noted of the card that the running installation came from.</summary>
    public string? FromCard { get; init; }

    /// <summary>The number that its maker gave each card (CID, 32 hex digits), by the kernel's name of its disk.</summary>
    public ImmutableDictionary<string, string> Cards { get; init; } = ImmutableDictionary<string, string>.Empty;

    public ImmutableHashSet<string> Tools { get; init; } = [];
}

/// <summary>One NixOS system on a file system.</summary>
internal sealed record NixosFacts
{
    /// <summary>The number of the generation that the profile points to; 0 for none.</summary>
    public int Generation { get; init; }

    public int Generations { get; init; }

    /// <summary>The store path that the profile points to.</summary>
    public string? Profile { get; init; }

    /// <summary>Whether /etc/NIXOS is there, without which nothing of NixOS acts on the system.</summary>
    public bool IsNixos { get; init; }

    /// <summary>The line of the public host key.</summary>
    public string? HostKey { get; init; }

    /// <summary>Eight hex digits.</summary>
    public string? HostId { get; init; }

    /// <summary>Whether U-Boot has a list of what to boot.</summary>
    public bool HasExtlinux { get; init; }

    /// <summary>Whether the Pi's firmware has its config.txt.</summary>
    public bool HasFirmware { get; init; }

    /// <summary>What the provider made last: the digest of what it was made from.</summary>
    public string? MadeFrom { get; init; }

    /// <summary>And the store path that came of it.</summary>
    public string? Made { get; init; }
}
