using System.Collections.Immutable;
using System.Globalization;

namespace Provisioner.Provider.Resources.Zfs;

/// <summary>
/// Values of properties, so that what was set and what is read back can be compared: ZFS shows another word than the one that
/// was set (posixacl reads posix, xattr=sa reads on), and sizes in bytes.
/// </summary>
internal static class ZfsValues
{
    private static readonly ImmutableHashSet<string> Sizes =
    [
        "quota", "refquota", "reservation", "refreservation", "recordsize", "special_small_blocks", "filesystem_limit", "snapshot_limit", "dedup_table_quota",
    ];

    private static readonly ImmutableDictionary<string, ImmutableArray<string>> Words = new Dictionary<string, ImmutableArray<string>>
    {
        ["atime"] = ["on", "off"],
        ["relatime"] = ["on", "off"],
        ["canmount"] = ["on", "off", "noauto"],
        ["acltype"] = ["off", "noacl", "posix", "posixacl", "nfsv4"],
        ["xattr"] = ["on", "off", "sa", "dir"],
        ["exec"] = ["on", "off"],
        ["setuid"] = ["on", "off"],
        ["devices"] = ["on", "off"],
        ["readonly"] = ["on", "off"],
        ["overlay"] = ["on", "off"],
        ["sync"] = ["standard", "always", "disabled"],
        ["logbias"] = ["latency", "throughput"],
        ["copies"] = ["1", "2", "3"],
        ["snapdir"] = ["hidden", "visible", "disabled"],
        ["primarycache"] = ["all", "none", "metadata"],
        ["secondarycache"] = ["all", "none", "metadata"],
        ["dnodesize"] = ["legacy", "auto", "1k", "2k", "4k", "8k", "16k"],
        ["autotrim"] = ["on", "off"],
        ["autoexpand"] = ["on", "off"],
        ["autoreplace"] = ["on", "off"],
        ["delegation"] = ["on", "off"],
        ["listsnapshots"] = ["on", "off"],
        ["multihost"] = ["on", "off"],
        ["failmode"] = ["wait", "continue", "panic"],
        ["casesensitivity"] = ["sensitive", "insensitive", "mixed"],
        ["normalization"] = ["none", "formC", "formD", "formKC", "formKD"],
        ["utf8only"] = ["on", "off"],
    }.ToImmutableDictionary();

    /// <summary>Whether two values of a property mean the same.</summary>
    public static bool Same(string property, string wanted, string? found) => found is not null && Plain(property, wanted) == Plain(property, found);

    /// <summary>The one form that all spellings of a value have.</summary>
    public static string Plain(string property, string value) => property switch
    {
        _ when Sizes.Contains(property) => value == "none" ? "0" : Bytes(value)?.ToString(CultureInfo.InvariantCulture) ?? value,
        "acltype" => value switch { "posixacl" => "posix", "noacl" => "off", _ => value },
        "xattr" => value == "sa" ? "on" : value,
        "compression" => value switch { "zstd-3" => "zstd", "gzip-6" => "gzip", _ => value },
        "mountpoint" => value.Length > 1 ? value.TrimEnd('/') : value,
        "encryption" => value == "on" ? "aes-256-gcm" : value,
        _ when property.StartsWith("share", StringComparison.Ordinal) || property.Contains(':', StringComparison.Ordinal) => value,
        _ => value,
    };

    /// <summary>What a value cannot be, as a clause; null when it may do. ZFS itself has the last word.</summary>
    public static string? Problem(string property, string value)
    {
        if (Words.TryGetValue(property, out var words))
        {
            return words.Contains(value) ? null : $"must be one of {string.Join(", ", words)}";
        }

        if (Sizes.Contains(property) && value is not ("none" or "auto"))
        {
            return Bytes(value) is null ? "must be a size such as 10G, a number of bytes, or none"
                : property == "recordsize" && !(Bytes(value) is >= 512 and <= 16 << 20 && long.IsPow2(Bytes(value)!.Value)) ? "must be a power of two from 512 to 16M"
                : null;
        }

        return property switch
        {
            "ashift" => value is "0" || (int.TryParse(value, out var shift) && shift is >= 9 and <= 16) ? null : "must be from 9 to 16, or 0 for what the disk says (12 suits nearly all)",
            "mountpoint" => value is "none" or "legacy" || (value[0] == '/' && !value.Split('/').Contains("..")) ? null : "must be an absolute path, legacy or none",
            _ => null,
        };
    }

    /// <summary>A size in bytes: 10G, 512K, 1.5T, 1073741824.</summary>
    public static long? Bytes(string text)
    {
        var number = text.TrimEnd("iBb".ToCharArray());
        var unit = number.Length > 0 ? "KMGTPE".IndexOf(char.ToUpperInvariant(number[^1]), StringComparison.Ordinal) + 1 : 0;
        return decimal.TryParse(unit > 0 ? number[..^1] : number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && value < (decimal)Math.Pow(2, 62 - (10 * unit))
                ? (long)(value * (1L << (10 * unit)))
                : null;
    }

    /// <summary>Bytes for people.</summary>
    public static string Size(long bytes) => bytes switch
    {
        < 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KiB"),
        < 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.#} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:0.#} GiB"),
    };
}
