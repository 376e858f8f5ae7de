using System.Collections.Immutable;

namespace Provisioner.Provider.Resources.Zfs;

/// <summary>Mountpoints of a pool that is imported below another root: ZFS shows them with that root in front.</summary>
internal static class DatasetMounts
{
    public static ImmutableSortedDictionary<string, string> WithoutAltRoot(ImmutableSortedDictionary<string, string> local, string altRoot) =>
        local.TryGetValue("mountpoint", out var mountpoint) ? local.SetItem("mountpoint", Strip(mountpoint, altRoot)) : local;

    public static string Strip(string mountpoint, string altRoot) =>
        altRoot.Length > 1 && (mountpoint == altRoot || mountpoint.StartsWith(altRoot + "/", StringComparison.Ordinal))
            ? mountpoint.Length == altRoot.Length ? "/" : mountpoint[altRoot.Length..]
            : mountpoint;
}
