using System.Collections.Immutable;
using Provisioner.Provider.Inspection;

namespace Provisioner.Provider.Resources.Zfs.Mounts;

/// <summary>A file system of a pool, as far as it decides where it is mounted.</summary>
/// <param name="Origin">What it is called now; null for one that is yet to be made.</param>
/// <param name="Mountpoint">What is set on itself, without the pool's alternate root; null when it is inherited.</param>
/// <param name="CanMount"><c>on</c>, <c>off</c> or <c>noauto</c>.</param>
/// <param name="IsMounted">Whether it is mounted now.</param>
internal sealed record MountNode(string? Origin, string? Mountpoint, string CanMount, bool IsMounted);

/// <summary>Where ZFS mounts the file systems of a pool by their properties. Pure.</summary>
/// <param name="AltRoot">Below which folder the pool is imported; empty for none.</param>
/// <param name="Nodes">The file systems by name, without volumes.</param>
internal sealed record MountTree(string AltRoot, ImmutableSortedDictionary<string, MountNode> Nodes)
{
    public static MountTree Of(PoolFacts pool, IEnumerable<DatasetFacts> datasets) => new(
        pool.AltRoot,
        datasets.Where(dataset => dataset.Pool == pool.Name && !dataset.IsVolume).ToImmutableSortedDictionary(
            dataset => dataset.Name,
            dataset => new MountNode(
                dataset.Name,
                DatasetMounts.WithoutAltRoot(dataset.Local, pool.AltRoot).GetValueOrDefault("mountpoint"),
                dataset.Local.GetValueOrDefault("canmount", "on"),
                dataset.IsMounted),
            StringComparer.Ordinal));

    /// <summary>What there is of a pool that is yet to be made.</summary>
    public static MountTree OfNone(string altRoot) => new(altRoot, ImmutableSortedDictionary.Create<string, MountNode>(StringComparer.Ordinal));

    /// <summary>With one that has just these properties; what is missing above it comes with it, and has none of its own.</summary>
    public MountTree With(string name, string? origin, ImmutableSortedDictionary<string, string> properties)
    {
        var nodes = Nodes;
        for (var slash = name.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = name.IndexOf('/', slash + 1))
        {
            nodes = nodes.ContainsKey(name[..slash]) ? nodes : nodes.Add(name[..slash], new MountNode(null, null, "on", false));
        }

        return this with
        {
            Nodes = nodes.SetItem(name, new MountNode(
                origin,
                properties.GetValueOrDefault("mountpoint"),
                properties.GetValueOrDefault("canmount", "on"),
                origin is not null && nodes.TryGetValue(name, out var known) && known.IsMounted)),
        };
    }

    /// <summary>With one, and all below it, under another name.</summary>
    public MountTree Renamed(string from, string to) => this with
    {
        Nodes = Nodes.ToImmutableSortedDictionary(
            node => node.Key == from || node.Key.StartsWith(from + "/", StringComparison.Ordinal) ? to + node.Key[from.Length..] : node.Key,
            node => node.Value,
            StringComparer.Ordinal),
    };

    /// <summary>Where ZFS mounts one by itself; null when it does not.</summary>
    public string? PlaceOf(string name)
    {
        if (!Nodes.TryGetValue(name, out var node) || !(node.CanMount == "on" || (node is { CanMount: "noauto", IsMounted: true })))
        {
            return null;
        }

        var rest = "";
        for (var above = name; ; above = above[..above.LastIndexOf('/')])
        {
            var own = Nodes.GetValueOrDefault(above)?.Mountpoint;
            if (own is null && above.Contains('/', StringComparison.Ordinal))
            {
                rest = above[above.LastIndexOf('/')..] + rest;
                continue;
            }

            own ??= "/" + above;
            var place = own.StartsWith('/') ? $"{AltRoot.TrimEnd('/')}{own.TrimEnd('/')}{rest}" : null;
            return place is "" ? "/" : place;
        }
    }

    /// <summary>What is mounted, or moved, when this becomes that.</summary>
    /// <param name="changed">Whose own properties are written: ZFS then mounts it even where nothing differs.</param>
    public ZfsMounting To(MountTree after, string? changed)
    {
        var mounts = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var leaves = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, node) in after.Nodes)
        {
            var (was, will) = (node.Origin is null ? null : PlaceOf(node.Origin), after.PlaceOf(name));
            var isMounted = node.Origin is not null && Nodes[node.Origin].IsMounted;
            if (will is not null && (will != was || (!isMounted && name == changed)))
            {
                mounts[name] = will;
            }

            if (isMounted && was is not null && was != will)
            {
                leaves[node.Origin!] = was;
            }
        }

        return new ZfsMounting
        {
            Mounts = mounts.ToImmutable(),
            Leaves = leaves.ToImmutable(),
            Made = [.. after.Nodes.Where(node => node.Value.Origin is null).Select(node => node.Key)],
            AltRoot = after.AltRoot,
        };
    }
}
