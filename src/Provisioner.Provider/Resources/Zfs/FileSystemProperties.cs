using System.Collections.Immutable;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.Zfs;

/// <summary>Properties of file systems: which there are, and what differs. Pure.</summary>
internal static class FileSystemProperties
{
    /// <summary>The user property in which the installation that a file system belongs to is noted.</summary>
    public const string Installation = "provisioner:installation";

    /// <summary>Those that only a new file system can have.</summary>
    public static ImmutableHashSet<string> Fixed { get; } = ["casesensitivity", "normalization", "utf8only"];

    public static ImmutableHashSet<string> Known { get; } =
    [
        "aclinherit", "aclmode", "acltype", "atime", "canmount", "checksum", "compression", "copies", "dedup", "devices", "direct", "dnodesize", "exec",
        "filesystem_limit", "logbias", "longname", "mountpoint", "nbmand", "overlay", "prefetch", "primarycache", "quota", "readonly", "recordsize",
        "redundant_metadata", "refquota", "refreservation", "relatime", "reservation", "secondarycache", "setuid", "sharenfs", "sharesmb", "snapdir", "snapdev",
        "snapshot_limit", "special_small_blocks", "sync", "volmode", "vscan", "xattr", "zoned", "casesensitivity", "normalization", "utf8only",
    ];

    /// <summary>What belongs to other inputs, or cannot be had.</summary>
    public static ImmutableDictionary<string, string> Elsewhere { get; } = new Dictionary<string, string>
    {
        ["encryption"] = "it has an input of its own at a ZfsDataset; whole pools are not encrypted here",
        ["keyformat"] = "it is the input keyFormat of a ZfsDataset",
        ["keylocation"] = "keys come through standard input, from the input key of a ZfsDataset",
        ["pbkdf2iters"] = "it cannot be set here",
        ["volsize"] = "volumes cannot be made",
        [Installation] = "it is the input installation of a ZfsDataset",
        ["volblocksize"] = "volumes cannot be made",
    }.ToImmutableDictionary();

    // Set with the key, and never by the program itself.
    private static readonly ImmutableHashSet<string> OfTheKey = ["keylocation", "keyformat", "pbkdf2iters"];

    // What cannot be inherited is put back by its default.
    private static readonly ImmutableDictionary<string, string> Defaults = new Dictionary<string, string>
    {
        ["quota"] = "none",
        ["refquota"] = "none",
        ["reservation"] = "none",
        ["refreservation"] = "none",
        ["filesystem_limit"] = "none",
        ["snapshot_limit"] = "none",
        ["canmount"] = "on",
    }.ToImmutableDictionary();

    /// <summary>What differs.</summary>
    /// <param name="path">The input's name.</param>
    /// <param name="wanted">What is to be set.</param>
    /// <param name="local">What is set.</param>
    /// <param name="inherited">For what is wanted and not set: what it is instead, in words.</param>
    /// <param name="drift">What differed from what was wanted last: those changes were made on the device.</param>
    /// <param name="ours">Users' own properties that the program set last; all others of that kind belong to somebody else.</param>
    public static IEnumerable<PropertyChange> Changes(
        string path,
        ImmutableSortedDictionary<string, string> wanted,
        ImmutableSortedDictionary<string, string> local,
        ImmutableSortedDictionary<string, string> inherited,
        ImmutableSortedDictionary<string, string> drift,
        ImmutableArray<string> ours)
    {
        foreach (var (name, value) in wanted.Where(pair => !Fixed.Contains(pair.Key)))
        {
            var at = PropertyPath.Append(path, name);
            var isDrift = drift.ContainsKey(at);
            if (!local.TryGetValue(name, out var found))
            {
                if (!IsDefault(name, value))
                {
                    var now = inherited.GetValueOrDefault(name, "not set");
                    yield return new PropertyChange(at, ChangeKind.Update, now, value) { IsDrift = isDrift, Because = isDrift ? "no longer set on the device: somebody has inherited it, or it was never set" : null };
                }
            }
            else if (!ZfsValues.Same(name, value, found))
            {
                yield return new PropertyChange(at, ChangeKind.Update, Shown(name, found), value) { IsDrift = isDrift, Because = isDrift ? "changed on the device" : null };
            }
        }

        foreach (var (name, found) in Foreign(wanted, local, ours))
        {
            var at = PropertyPath.Append(path, name);
            var isDrift = drift.ContainsKey(at);
            yield return new PropertyChange(at, ChangeKind.Delete, Shown(name, found))
            {
                IsDrift = isDrift,
                Because = isDrift ? $"set on the device, but not by the program; to keep it, write it into {path}" : null,
            };
        }
    }

    /// <summary>The arguments of one <c>zfs set</c>, and what is to be inherited again.</summary>
    public static (ImmutableArray<string> Set, ImmutableArray<string> Inherit) Repairs(
        ImmutableSortedDictionary<string, string> wanted, ImmutableSortedDictionary<string, string> local, ImmutableArray<string> ours)
    {
        var set = wanted
            .Where(pair => !Fixed.Contains(pair.Key) && (local.TryGetValue(pair.Key, out var found) ? !ZfsValues.Same(pair.Key, pair.Value, found) : !IsDefault(pair.Key, pair.Value)))
            .Select(pair => $"{pair.Key}={pair.Value}");
        var foreign = Foreign(wanted, local, ours).Select(pair => pair.Key).ToLookup(Defaults.ContainsKey);
        return ([.. set, .. foreign[true].Select(name => $"{name}={Defaults[name]}")], [.. foreign[false]]);
    }

    /// <summary>Whether it is a user's own property: ZFS keeps it and makes nothing of it, and tools note their plans in such.</summary>
    public static bool IsUsers(string name) => name.Contains(':', StringComparison.Ordinal);

    /// <summary>Which of them a program sets.</summary>
    public static ImmutableArray<string> UsersIn(ImmutableSortedDictionary<string, string> wanted) => [.. wanted.Keys.Where(IsUsers)];

    private static IEnumerable<KeyValuePair<string, string>> Foreign(
        ImmutableSortedDictionary<string, string> wanted, ImmutableSortedDictionary<string, string> local, ImmutableArray<string> ours) =>
        local.Where(pair => !wanted.ContainsKey(pair.Key) && !OfTheKey.Contains(pair.Key) && !Fixed.Contains(pair.Key) && !IsDefault(pair.Key, pair.Value)
            && (!IsUsers(pair.Key) || ours.Contains(pair.Key)));

    private static bool IsDefault(string name, string value) => Defaults.TryGetValue(name, out var normal) && ZfsValues.Same(name, normal, value);

    private static string Shown(string name, string value) =>
        name is "quota" or "refquota" or "reservation" or "refreservation" or "recordsize" && long.TryParse(value, out var bytes) && bytes > 0 ? ZfsValues.Size(bytes) : Remote.RemoteText.Clean(value).Replace("\n", "\\n", StringComparison.Ordinal);
}
