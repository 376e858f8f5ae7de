using System.Collections.Immutable;

namespace Provisioner.Provider.Inspection;

/// <summary>What is mounted, asked by path: on what something lies, and whether it will be there after the next start. Pure.</summary>
internal static class MountTable
{
    private static readonly string[] InMemory = ["tmpfs", "ramfs", "rootfs", "devtmpfs"];

    /// <summary>The mount that a path lies on: the deepest, and of several at one place the one on top.</summary>
    public static MountFacts? At(ImmutableArray<MountFacts> mounts, string path) => mounts
        .Where(mount => mount is { Target.Length: > 0, FileSystem: not ("rootfs" or "autofs") } && Holds(mount.Target, path))
        .Aggregate((MountFacts?)null, (deepest, mount) => deepest is null || mount.Target.Length >= deepest.Target.Length ? mount : deepest);

    /// <summary>Why what is written to a path is gone after the next start, as a clause; null when it stays.</summary>
    public static string? Fleeting(ImmutableArray<MountFacts> mounts, string path)
    {
        if (At(mounts, path) is not { } mount)
        {
            return null;
        }

        if (InMemory.Contains(mount.FileSystem))
        {
            return $"{mount.Target} lies in memory ({mount.FileSystem})";
        }

        if (mount.FileSystem != "overlay")
        {
            return null;
        }

        // What an overlay is given before the system starts is often hidden from it: raspi-config's is in memory.
        var upper = Option(mount, "upperdir");
        return upper is not null && Beside(mounts, mount, upper) is { } below && !InMemory.Contains(below.FileSystem)
            ? null
            : $"{mount.Target} is an overlay whose upper layer {(upper is null ? "cannot be written" : "lies in memory")}, as in the read-only mode of raspi-config (overlayroot)";
    }

    /// <summary>On what a mount lies in the end: below an overlay, that of its lower layer; null when it does not show.</summary>
    public static MountFacts? Lowest(ImmutableArray<MountFacts> mounts, MountFacts mount) =>
        mount.FileSystem != "overlay" ? mount
        : Option(mount, "lowerdir")?.Split(':')[^1] is { } lower && Beside(mounts, mount, lower) is { } below ? Lowest([.. mounts.Where(other => other != mount)], below)
        : null;

    private static MountFacts? Beside(ImmutableArray<MountFacts> mounts, MountFacts mount, string path) => At([.. mounts.Where(other => other != mount && other.Target != mount.Target)], path);

    private static string? Option(MountFacts mount, string name) =>
        mount.Options.Split(',').FirstOrDefault(option => option.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];

    private static bool Holds(string target, string path) => target == "/" || path == target || path.StartsWith(target + "/", StringComparison.Ordinal);
}
