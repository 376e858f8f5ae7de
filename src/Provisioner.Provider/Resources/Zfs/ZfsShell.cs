using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Resources.Zfs;

/// <summary>Pieces of the scripts of all three resources.</summary>
internal static class ZfsShell
{
    /// <summary>A command of ZFS may take long on a slow board; one that hangs is given up on our side, and blocks nobody.</summary>
    public static TimeSpan Deadline { get; } = TimeSpan.FromSeconds(150);

    /// <summary>Ends the script unless the imported pool of this name is the one with this GUID.</summary>
    public static Shell PoolIs(string name, string guid) => Shell.Of(
        $$"""
        found=$(zpool get -Hp -o value guid {{name}} 2>/dev/null) || found=none
        if [ "$found" != {{guid}} ]; then printf 'nothing was done: the imported pool %s has the GUID %s, and %s is meant\n' {{name}} "$found" {{guid}} >&2; exit 77; fi
        """);

    /// <summary>Ends the script unless the dataset or snapshot of this name is the one with this GUID.</summary>
    public static Shell DatasetIs(string name, string guid) => Shell.Of(
        $$"""
        found=$(zfs get -Hp -o value guid {{name}} 2>/dev/null) || found=none
        if [ "$found" != {{guid}} ]; then printf 'nothing was done: %s has the GUID %s, and %s is meant\n' {{name}} "$found" {{guid}} >&2; exit 77; fi
        """);

    /// <summary>What the last look in front of a loss prints: everything in a dataset, by name.</summary>
    public static Shell Contents(string dataset) =>
        Shell.Of($"zfs list -Hp -r -t filesystem,volume,snapshot -o name,guid,referenced {dataset} | sort");
}
