using System.Collections.Immutable;
using Provisioner.Provider.Resources.Zfs;

namespace Provisioner.Provider.Resources.ZfsPool;

/// <summary>Properties of pools: which there are, and what is wanted when nothing is said.</summary>
internal static class PoolProperties
{
    public static ImmutableHashSet<string> Known { get; } =
        ["ashift", "autoexpand", "autoreplace", "autotrim", "bootfs", "comment", "compatibility", "dedup_table_quota", "delegation", "failmode", "listsnapshots", "multihost"];

    /// <summary>What belongs to other inputs, or is decided by the provider.</summary>
    public static ImmutableDictionary<string, string> Elsewhere { get; } = new Dictionary<string, string>
    {
        ["altroot"] = "it is /mnt while a system is being made, and none afterwards",
        ["cachefile"] = "a pool is imported by its devices, not from a file",
        ["readonly"] = "a pool that cannot be written cannot be kept as it is wanted",
        ["guid"] = "ZFS makes it",
    }.ToImmutableDictionary();

    /// <summary>Set by the way a pool was imported, not by anybody's wish.</summary>
    public static ImmutableHashSet<string> OfTheImport { get; } = ["altroot", "cachefile", "readonly", "guid", "version"];

    /// <summary>With which a property is as if it had never been set; pools cannot inherit.</summary>
    public static ImmutableDictionary<string, string> Defaults { get; } = new Dictionary<string, string>
    {
        ["autoexpand"] = "off",
        ["autoreplace"] = "off",
        ["autotrim"] = "off",
        ["bootfs"] = "",
        ["comment"] = "",
        ["compatibility"] = "off",
        ["dedup_table_quota"] = "auto",
        ["delegation"] = "on",
        ["failmode"] = "wait",
        ["listsnapshots"] = "off",
        ["multihost"] = "off",
    }.ToImmutableDictionary();

    /// <summary>What is wanted of the pool.</summary>
    public static ImmutableSortedDictionary<string, string> Wanted(ZfsPoolArgs desired) => With(desired.Properties, ("ashift", "12"), ("autotrim", "on"));

    /// <summary>What is wanted of its root file system.</summary>
    public static ImmutableSortedDictionary<string, string> WantedOfRoot(ZfsPoolArgs desired) => With(desired.FileSystemProperties, ("mountpoint", "none"));

    /// <summary>Whether a found value is no more than the default.</summary>
    public static bool IsDefault(string name, string found) => Defaults.TryGetValue(name, out var normal) && (ZfsValues.Same(name, normal, found) || (normal.Length == 0 && found == "-"));

    private static ImmutableSortedDictionary<string, string> With(ImmutableSortedDictionary<string, string> given, params ReadOnlySpan<(string Name, string Value)> defaults)
    {
        foreach (var (name, value) in defaults)
        {
            given = given.ContainsKey(name) ? given : given.Add(name, value);
        }

        return given;
    }
}
