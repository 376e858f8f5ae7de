using Provisioner.Provider.Cards.Writing;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Resources.SdCard;

/// <summary>
/// What "target" leads to. The kernel is asked, not the name: only a regular file is an image file, and every block device goes
/// the way of disks.
/// </summary>
/// <param name="Path">The path without links; of a disk, its node by the kernel's name.</param>
/// <param name="IsDisk">Whether it is a disk, or would be one that is not there.</param>
/// <param name="Node">What is there; null for nothing.</param>
/// <param name="Problem">Why it cannot be a target, as a clause; null when it can.</param>
internal sealed record CardTarget(string Path, bool IsDisk, Node? Node, string? Problem = null)
{
    private const string Devices = "/dev/";
    private const int MostLinks = 16;

    // A write to one of these is a command to the kernel.
    private static readonly string[] NoFiles =
        ["proc", "sysfs", "debugfs", "tracefs", "configfs", "securityfs", "efivarfs", "cgroup", "cgroupfs", "cgroup2", "cgroup2fs", "bpf", "bpffs", "pstore", "pstorefs", "selinuxfs", "smackfs", "devpts", "mqueue", "binfmt_misc", "fusectl"];

    /// <summary>The kernel's name of the disk, such as <c>sdb</c>; null for a file, and for a disk that is not there.</summary>
    public string? KernelName => IsDisk && Node is not null ? System.IO.Path.GetFileName(Path) : null;

    /// <summary>Looks at a target as it was written.</summary>
    public static CardTarget Of(string target) => Of(HomePath.Expand(target), 0);

    private static CardTarget Of(string path, int links)
    {
        if (Node.Resolve(path) is { } resolved)
        {
            return Node.Of(resolved) is not { } node ? new CardTarget(resolved, false, null, "cannot be looked at; correct it, or the rights of its folder") : There(resolved, node);
        }

        if (LinkOf(path) is { } next)
        {
            return links < MostLinks ? Of(next, links + 1) : new CardTarget(path, false, null, "is a link that leads to itself; give the path of a file or a disk");
        }

        return NotThere(path);
    }

    private static CardTarget There(string path, Node node) => node.Kind switch
    {
        NodeKind.File when IsCommand(path) => new CardTarget(path, false, node, "is no file on a disk, but the kernel's own; give the path of a file or a disk"),
        NodeKind.File => new CardTarget(path, false, node),
        NodeKind.Folder => new CardTarget(path, false, node, "is a folder; give the path of a file or a disk"),
        NodeKind.Block => Disk(path, node),
        _ => new CardTarget(path, false, node, "is neither a file nor a disk; give the path of one"),
    };

    /// <summary>By its number, for a node may have any name.</summary>
    private static CardTarget Disk(string path, Node node)
    {
        if (!OperatingSystem.IsLinux())
        {
            return new CardTarget(path, true, node);
        }

        if (Node.Resolve($"/sys/dev/block/{node.Device}") is not { } known)
        {
            return new CardTarget(path, true, node, $"is the node of a device that the kernel does not have ({node.Device}); lsblk shows the disks");
        }

        var name = System.IO.Path.GetFileName(known).Replace('!', '/');
        return File.Exists($"{known}/partition")
            ? new CardTarget(Devices + name, true, node, $"is a partition ({Devices}{name}); give the whole disk, /dev/{System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(known))}")
            : new CardTarget(Devices + name, true, node);
    }

    private static CardTarget NotThere(string path)
    {
        // The last folder that is there says where it would be; what comes behind must not lead out of it again.
        var full = System.IO.Path.IsPathRooted(path) ? path : System.IO.Path.Join(Environment.CurrentDirectory, path);
        var parts = full.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var count = parts.Length - 1; count >= 0; count--)
        {
            if (Node.Resolve("/" + string.Join('/', parts[..count])) is not { } folder)
            {
                continue;
            }

            var would = System.IO.Path.Join(folder, string.Join('/', parts[count..]));
            return parts[count..].Any(part => part is "." or "..") ? new CardTarget(would, false, null, "leads through a folder that is not there; write it without dots")
                : Node.Of(folder) is not { Kind: NodeKind.Folder } ? new CardTarget(would, false, null, $"leads through {folder}, which is no folder")
                : would.StartsWith(Devices, StringComparison.Ordinal) && !would.StartsWith("/dev/shm/", StringComparison.Ordinal) ? new CardTarget(would, true, null)
                : IsCommand(folder) ? new CardTarget(would, false, null, "would be in the kernel's own files; give the path of a file or a disk")
                : new CardTarget(would, false, null);
        }

        return new CardTarget(full, false, null, "cannot be looked at");
    }

    private static string? LinkOf(string path)
    {
        try
        {
            var link = new FileInfo(path).LinkTarget;
            return link is null ? null : System.IO.Path.IsPathRooted(link) ? link : System.IO.Path.Join(System.IO.Path.GetDirectoryName(path), link);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsCommand(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            return NoFiles.Contains(new DriveInfo(path).DriveFormat, StringComparer.Ordinal);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return path.StartsWith("/proc/", StringComparison.Ordinal) || path.StartsWith("/sys/", StringComparison.Ordinal);
        }
    }
}
