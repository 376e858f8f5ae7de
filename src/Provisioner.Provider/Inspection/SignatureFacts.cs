using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Inspection;

/// <summary>One of several contents by which a disk or a partition could be known.</summary>
/// <param name="Type">vfat, ext4, zfs_member …</param>
/// <param name="Label">Its label.</param>
/// <param name="Id">Its UUID.</param>
internal sealed record SignatureFacts(string Type, string? Label, string? Id)
{
    /// <summary>In words: <c>vfat PHOTOS</c>, <c>ZFS labels of t</c>.</summary>
    /// <param name="pool">The pool's name, from its label.</param>
    public string Words(string? pool) => RemoteText.Clean((Type, pool ?? Label) switch
    {
        ("zfs_member", { } name) => $"ZFS labels of {name}",
        ("zfs_member", null) => "ZFS labels of a pool",
        _ when Label is { } label => $"{Type} {label}",
        _ => Type,
    }).ReplaceLineEndings(" ");

    /// <summary>Reads <c>UUID,LABEL,TYPE</c>, as wipefs prints it; null for a partition table, which is no content.</summary>
    public static SignatureFacts? Read(string line)
    {
        string? Of(string text) => text.Length == 0 ? null : text.Replace("\\x2c", ",", StringComparison.Ordinal);
        return line.Split(',') is [var id, var label, var type] && type is not ("gpt" or "dos" or "PMBR" or "mbr")
            ? new SignatureFacts(type, Of(label), Of(id))
            : null;
    }
}
