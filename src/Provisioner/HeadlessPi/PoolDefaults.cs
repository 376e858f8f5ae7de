using Pulumi;

namespace Provisioner;

/// <summary>What a pool for a NixOS root on an SSD is made with, unless the program says otherwise.</summary>
internal static class PoolDefaults
{
    public static InputMap<string> OfThePool() => new()
    {
        // Sectors of 4 KiB: what USB bridges report is often wrong, and it cannot be changed later.
        ["ashift"] = "12",
        ["autotrim"] = "on",
    };

    public static InputMap<string> OfItsRoot() => new()
    {
        ["compression"] = "zstd",
        ["acltype"] = "posixacl",
        ["xattr"] = "sa",
        ["atime"] = "off",
        ["com.sun:auto-snapshot"] = "true",
    };

    public static Dictionary<string, InputMap<string>> Datasets() => new(StringComparer.Ordinal)
    {
        ["root"] = new() { ["mountpoint"] = "legacy" },

        // What Nix can build again needs no snapshots.
        ["nix"] = new() { ["mountpoint"] = "legacy", ["com.sun:auto-snapshot"] = "false" },
        ["var"] = new() { ["mountpoint"] = "legacy" },
        ["home"] = new() { ["mountpoint"] = "legacy" },
    };
}
