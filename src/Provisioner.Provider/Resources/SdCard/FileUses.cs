using Provisioner.Provider.Cards.Writing;

namespace Provisioner.Provider.Resources.SdCard;

/// <summary>Who uses an image file as a disk, as far as the kernel tells before it is opened.</summary>
internal static class FileUses
{
    private const string Deleted = " (deleted)";

    /// <summary>Reasons against writing it, as clauses.</summary>
    public static IEnumerable<string> Of(CardTarget target)
    {
        if (!OperatingSystem.IsLinux())
        {
            yield break;
        }

        foreach (var loop in Directory.EnumerateDirectories("/sys/block", "loop*"))
        {
            if (Line($"{loop}/loop/backing_file") is { } backing && IsSame(backing, target))
            {
                yield return $"it is the disk /dev/{Path.GetFileName(loop)}, which may be mounted; unmount that, and run losetup -d /dev/{Path.GetFileName(loop)}";
            }
        }

        if (Lines("/proc/swaps").Skip(1).Any(line => IsSame(line.Split(' ', '\t')[0], target)))
        {
            yield return "this machine swaps to it; end that with swapoff first";
        }
    }

    private static bool IsSame(string path, CardTarget target) =>
        Node.Of(path.EndsWith(Deleted, StringComparison.Ordinal) ? path[..^Deleted.Length] : path) is { } node && node.Identity == target.Node?.Identity;

    private static string? Line(string path) => Lines(path).FirstOrDefault();

    private static string[] Lines(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllLines(path) : [];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
