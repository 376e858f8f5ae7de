using System.Globalization;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Resources.Disk;

/// <summary>Disks and what they hold, in words.</summary>
internal static class DiskText
{
    private static readonly string[] Units = ["bytes", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>"512 MiB", "14.5 GiB".</summary>
    public static string Size(long bytes)
    {
        var value = (double)bytes;
        var unit = 0;
        while (value >= 1024 && unit < Units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return $"{value.ToString("0.##", CultureInfo.InvariantCulture)} {Units[unit]}";
    }

    /// <summary>A text that somebody put on a disk: one line, without what a terminal would obey.</summary>
    public static string Quoted(string? text) => $"\"{RemoteText.Clean(text ?? "").ReplaceLineEndings(" ")}\"";

    /// <summary>"partition 2 "zfs-S49…" (15.5 GiB)".</summary>
    public static string Of(DiskPartition partition) =>
        $"partition {partition.Number.ToString(CultureInfo.InvariantCulture)}{(partition.Name is null ? "" : $" {Quoted(partition.Name)}")} ({Size(partition.Size)})";

    /// <summary>What lies somewhere: "vfat "BOOT" 3F2A-11D0", "nothing".</summary>
    public static string Of(DiskContent content) => content.FileSystem switch
    {
        null when content.Digest == Inspection.ContentFacts.Zero => content.Beyond ? "data that is not known by name, behind a beginning of zeros" : "nothing",
        null => "nothing that is known by name",
        Inspection.ContentFacts.Several => content.Several ?? "more than one content",
        "zfs_member" => Member(content),
        var type => $"{type}{(content.Label is null ? "" : $" {Quoted(content.Label)}")}{(content.Id is null ? "" : $" {content.Id}")}",
    };

    /// <summary>How the pool's label tells whether it was exported: POOL_STATE_ACTIVE is 0, POOL_STATE_EXPORTED 1.</summary>
    private static string Member(DiskContent content)
    {
        var state = content.Pool.GetValueOrDefault("state") switch
        {
            "0" => ", not exported",
            "1" => ", exported",
            _ => "",
        };
        var host = content.Pool.GetValueOrDefault("hostname") is { } name ? $", last used by {Quoted(name)}" : "";
        return $"a member of the ZFS pool {Quoted(content.Label)} (GUID {content.Id ?? "not known"}{host}{state})";
    }
}
