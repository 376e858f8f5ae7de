using System.Text.Json;

namespace Provisioner.Provider.Resources.NixosSystem.Configuration;

/// <summary>What a flake's configuration says about the system that would come of it: the answer of <c>facts.nix</c>. Null is what it does not say.</summary>
internal sealed record ConfigurationFacts
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public string? HostName { get; init; }

    public string? HostId { get; init; }

    public string? Kernel { get; init; }

    /// <summary>Its path in the store.</summary>
    public string? KernelPath { get; init; }

    /// <summary>Whether nixpkgs has marked ZFS as broken for the kernel.</summary>
    public bool? ZfsIsBroken { get; init; }

    /// <summary>By mount point.</summary>
    public IReadOnlyDictionary<string, ConfiguredMount>? FileSystems { get; init; }

    /// <summary>Where the Pi's firmware is written; null where that module is not used.</summary>
    public string? FirmwarePath { get; init; }

    /// <summary>What the configuration itself refuses to be built with.</summary>
    public IReadOnlyList<string>? FailedAssertions { get; init; }

    public SshFacts Ssh { get; init; } = new();

    /// <summary>Those who could log in, by name: root, people, and whoever has a key.</summary>
    public IReadOnlyDictionary<string, UserFacts>? Users { get; init; }

    public SudoFacts Sudo { get; init; } = new();

    public FirewallFacts Firewall { get; init; } = new();

    public ConfiguredNetwork Network { get; init; } = new();

    /// <exception cref="FormatException">It is something else.</exception>
    public static ConfigurationFacts Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<ConfigurationFacts>(json, Options) ?? throw new FormatException("what came is no description of a system");
        }
        catch (JsonException other)
        {
            throw new FormatException($"what came is no description of a system: {other.Message}", other);
        }
    }
}

/// <summary>An entry of fileSystems.</summary>
internal sealed record ConfiguredMount(string? Device, string? Type, IReadOnlyList<string>? Options);

/// <summary>services.openssh.</summary>
internal sealed record SshFacts
{
    public bool? Enable { get; init; }

    public IReadOnlyList<int>? Ports { get; init; }

    /// <summary>Of the addresses that it listens on; null among them stands for <see cref="Ports"/>. Empty: all addresses.</summary>
    public IReadOnlyList<int?>? ListenPorts { get; init; }

    public string? PermitRootLogin { get; init; }

    public IReadOnlyList<string>? AllowUsers { get; init; }

    public IReadOnlyList<string>? DenyUsers { get; init; }

    public IReadOnlyList<string>? AllowGroups { get; init; }

    public IReadOnlyList<string>? DenyGroups { get; init; }

    public string? PubkeyAuthentication { get; init; }

    /// <summary>Alternatives, each a list with commas.</summary>
    public IReadOnlyList<string>? AuthenticationMethods { get; init; }

    public bool? UsePam { get; init; }

    public IReadOnlyList<string>? AuthorizedKeysFiles { get; init; }

    public string? AuthorizedKeysCommand { get; init; }

    /// <summary>There is text for sshd_config that may overrule the rest.</summary>
    public bool HasMore { get; init; }
}

/// <summary>An entry of users.users.</summary>
internal sealed record UserFacts
{
    public bool? Enabled { get; init; }

    public string? Home { get; init; }

    /// <summary>A path, or a package's name.</summary>
    public string? Shell { get; init; }

    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Lines for authorized keys.</summary>
    public IReadOnlyList<string>? Keys { get; init; }

    /// <summary>There are key files that only a build brings.</summary>
    public bool HasMoreKeys { get; init; }

    /// <summary>Its password is one that none fits, which locks an account where sshd does without PAM.</summary>
    public bool IsLocked { get; init; }
}

/// <summary>security.sudo, or sudo-rs.</summary>
internal sealed record SudoFacts
{
    public bool? Enable { get; init; }

    public bool? WheelNeedsPassword { get; init; }

    /// <summary>In their order: the last that fits counts.</summary>
    public IReadOnlyList<SudoRule>? Rules { get; init; }

    /// <summary>There is text for sudoers that may overrule the rest.</summary>
    public bool HasMore { get; init; }
}

/// <summary>Who may run everything, and whether without a password.</summary>
internal sealed record SudoRule(IReadOnlyList<string>? Users, IReadOnlyList<string>? Groups, bool All, bool WithoutPassword);

/// <summary>Ports that are let in.</summary>
internal record OpenPorts
{
    public IReadOnlyList<int>? Ports { get; init; }

    public IReadOnlyList<PortRange>? Ranges { get; init; }

    public bool Has(int port) => (Ports?.Contains(port) ?? false) || (Ranges?.Any(range => range.From <= port && port <= range.To) ?? false);
}

/// <summary>From one port to another, both of them in it.</summary>
internal sealed record PortRange(int? From, int? To);

/// <summary>networking.firewall.</summary>
internal sealed record FirewallFacts : OpenPorts
{
    public bool? Enable { get; init; }

    /// <summary>Ports let in on one interface, by its name.</summary>
    public IReadOnlyDictionary<string, OpenPorts>? Interfaces { get; init; }

    /// <summary>Interfaces on which everything is let in.</summary>
    public IReadOnlyList<string>? Trusted { get; init; }

    /// <summary>There are rules beside these that may let in more.</summary>
    public bool HasMore { get; init; }

    /// <summary>nftables is on without this firewall.</summary>
    public bool HasOwnRules { get; init; }
}

/// <summary>networking.networkmanager and networking.wireless.</summary>
internal sealed record ConfiguredNetwork
{
    public bool? Manager { get; init; }

    public IReadOnlyList<string>? Unmanaged { get; init; }

    public string? WifiBackend { get; init; }

    public bool? Wireless { get; init; }

    /// <summary>wpa_supplicant is told networks of its own.</summary>
    public bool HasOwnNetworks { get; init; }

    public bool? Iwd { get; init; }

    /// <summary>NetworkManager brings wpa_supplicant itself, as up to NixOS 25.11.</summary>
    public bool? Supplicant { get; init; }
}
