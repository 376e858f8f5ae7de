using System.Collections.Immutable;

namespace Provisioner.Provider.Inspection;

/// <summary>Reads what <see cref="BlockScript"/> printed about disks.</summary>
internal static class DiskParser
{
    private const string Section = "disk ";

    public static ImmutableArray<DiskFacts> Parse(Sections sections)
    {
        // What ls -l wrote; udev leaves no blank in these names.
        var byDevice = sections.Lines("disk-links")
            .Select(line => line.Split(" -> "))
            .Where(halves => halves.Length == 2)
            .ToLookup(halves => halves[1].Split('/')[^1], halves => halves[0].Split(' ')[^1]);
        return
        [
            .. sections.Names.Where(name => name.StartsWith(Section, StringComparison.Ordinal))
                .Select(name => Disk(name[Section.Length..], sections[name], byDevice))
                .OfType<DiskFacts>(),
        ];
    }

    public static VdevFacts Vdevs(string text)
    {
        var devices = ImmutableArray.CreateBuilder<(string, string)>();
        var pool = "";
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // A pool stands at the margin with its GUID behind a tab, its devices behind a tab; groups such as mirror-0 have no path.
            // A heading (logs, cache, special) stands at the margin too, with blanks behind it, and its devices are the same pool's.
            if (!line.StartsWith('\t'))
            {
                pool = line.Contains('\t', StringComparison.Ordinal) ? line.Split('\t')[0] : pool;
            }
            else if (line.Split('\t', StringSplitOptions.RemoveEmptyEntries) is [['/', ..] path, ..])
            {
                devices.Add((path, pool));
            }
        }

        return new VdevFacts(text) { Devices = devices.ToImmutable(), Known = !text.Split('\n').Contains("unreadable") };
    }

    internal static DiskFacts? Disk(string name, string text, ILookup<string, string> byDevice)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var odd = Array.FindIndex(lines, IsOdd) is >= 0 and var at ? $"line {at + 1} of what the device says of /dev/{name} is not readable" : null;
        ImmutableArray<string> unreadable = [.. lines.Select(line => line.Split(' ')).Where(parts => parts is ["unreadable", _, _, _]).Select(parts => Unreadable(parts[1], parts[2], parts[3])), .. odd is null ? [] : new[] { odd }];
        var tree = lines.Where(line => line.StartsWith("KNAME=", StringComparison.Ordinal)).Select(line => PairText.Read(line)).Where(node => node["KNAME"] is not null).ToList();
        if (tree.FirstOrDefault(node => node["KNAME"] == name) is not { } disk)
        {
            return unreadable.IsEmpty ? null : new DiskFacts { Name = name, Path = $"/dev/{name}", ById = ById(name, byDevice), Unreadable = unreadable, Text = text.TrimEnd('\n') };
        }

        var seen = lines.Where(line => line.StartsWith("/dev/", StringComparison.Ordinal) && line.Contains(": ", StringComparison.Ordinal))
            .ToLookup(line => line[5..line.IndexOf(": ", StringComparison.Ordinal)], line => PairText.Read(line[line.IndexOf(": ", StringComparison.Ordinal)..]));
        var words = lines.Select(line => line.Split(' ', 3)).Where(parts => parts.Length == 3).ToLookup(parts => (parts[0], parts[1]), parts => parts[2]);
        ContentFacts Content(PairText node, bool isWhole)
        {
            var found = seen[node["KNAME"]!].FirstOrDefault() ?? PairText.Empty;
            ImmutableArray<SignatureFacts> signs = [.. words[("sign", node["KNAME"]!)].Select(SignatureFacts.Read).OfType<SignatureFacts>()];
            return new ContentFacts
            {
                FileSystem = signs.IsEmpty ? found["TYPE"] : ContentFacts.Several,
                Signs = signs,
                Label = found["LABEL"],
                FileSystemId = found["UUID"],
                MountPoints = Mounts(node),
                Digest = words[("content", node["KNAME"]!)].FirstOrDefault()?.Split(' ')[0],
                Beyond = words[("beyond", node["KNAME"]!)].Any(),
                ZfsLabel = isWhole && signs.IsEmpty ? ImmutableSortedDictionary<string, string>.Empty : ZfsLabel(words[("label", node["KNAME"]!)]),
            };
        }

        var table = seen[name].FirstOrDefault() ?? PairText.Empty;
        return new DiskFacts
        {
            Name = name,
            Path = disk["PATH"] ?? $"/dev/{name}",
            SizeBytes = disk.Number("SIZE") ?? 0,
            Model = disk["MODEL"],
            Serial = disk["SERIAL"],
            Transport = disk["TRAN"],
            Removable = disk["RM"] == "1",
            ReadOnly = disk["RO"] == "1",
            ById = ById(name, byDevice),
            TableType = table["PTTYPE"],
            TableId = table["PTUUID"]?.ToLowerInvariant(),
            Content = Content(disk, isWhole: true),
            Partitions =
            [
                .. tree.Where(node => node["TYPE"] == "part" && node["PKNAME"] == name).DistinctBy(node => node["KNAME"])
                    .Select(node => Partition(node, seen[node["KNAME"]!].FirstOrDefault() ?? PairText.Empty, Content(node, isWhole: false)))
                    .OrderBy(partition => partition.StartSector ?? 0).ThenBy(partition => partition.Name, StringComparer.Ordinal),
            ],
            Holders =
            [
                .. tree.Where(node => node["KNAME"] != name && !(node["TYPE"] == "part" && node["PKNAME"] == name))
                    .Select(node => new HolderFacts(node["PATH"] ?? node["KNAME"]!, node["TYPE"] ?? "?", Mounts(node), node["PKNAME"] ?? name) { KernelName = node["KNAME"]! }),
            ],
            Unseen = [.. words[("copy", name)].Select(line => Unseen(PairText.Read(line)))],
            Mark = words[("mark", name)].FirstOrDefault(),
            Users = [.. words[("user", name)].Select(user => user.Split(' ', 2)).Where(user => user.Length == 2).Select(user => new DiskUser(user[0], user[1]))],
            Kernel = words[("kernel", name)].FirstOrDefault(),
            Written = words[(BlockScript.Written, name)].FirstOrDefault(),
            Unreadable = unreadable,
            Text = text.TrimEnd('\n'),
        };
    }

    /// <summary>Whether a line cannot be what lsblk, blkid or partx print: nothing on this disk is proven then.</summary>
    private static bool IsOdd(string line) =>
        line.StartsWith("KNAME=", StringComparison.Ordinal) ? PairText.Read(line) is var node && (!node.IsWhole || node["KNAME"] is null || node["TYPE"] is null)
        : (line.StartsWith("/dev/", StringComparison.Ordinal) || line.StartsWith("copy ", StringComparison.Ordinal)) && !PairText.Read(line).IsWhole;

    private static ImmutableArray<string> ById(string name, ILookup<string, string> byDevice) => [.. byDevice[name].Order(StringComparer.Ordinal)];

    private static string Unreadable(string node, string tool, string code) => tool switch
    {
        "users" => $"who has /dev/{node} open: {FailedCommand.Words("find", code, BlockScript.Seconds)}",
        "size" => $"the kernel tells no size of /dev/{node}",
        "lsblk" when code == "0" => $"lsblk tells nothing of /dev/{node}",
        "read" or "cmp" => $"reading /dev/{node}: {FailedCommand.Words(tool == "cmp" ? "cmp" : "head and dd", code, BlockScript.Seconds)}",
        _ => $"/dev/{node}: {FailedCommand.Words(tool, code, BlockScript.Seconds)}",
    };

    private static PartitionFacts Unseen(PairText entry) => new()
    {
        Name = "",
        Path = "",
        Number = entry.Integer("NR"),
        StartSector = entry.Number("START"),
        SizeBytes = entry.Number("SECTORS") is <= long.MaxValue / 512 and var sectors ? sectors * 512 : 0,
        TypeId = entry["TYPE"]?.ToLowerInvariant(),
        PartitionId = entry["UUID"]?.ToLowerInvariant(),
        PartitionLabel = entry["NAME"],
    };

    private static PartitionFacts Partition(PairText node, PairText seen, ContentFacts content) => new()
    {
        Name = node["KNAME"]!,
        Path = node["PATH"] ?? $"/dev/{node["KNAME"]}",
        Number = seen.Integer("PART_ENTRY_NUMBER"),
        StartSector = node.Number("START") ?? seen.Number("PART_ENTRY_OFFSET"),
        SizeBytes = node.Number("SIZE") ?? 0,
        TypeId = seen["PART_ENTRY_TYPE"]?.ToLowerInvariant(),
        PartitionId = seen["PART_ENTRY_UUID"]?.ToLowerInvariant(),
        PartitionLabel = seen["PART_ENTRY_NAME"],
        Content = content,
    };

    private static ImmutableArray<string> Mounts(PairText node) =>
        [.. (node["MOUNTPOINTS"] ?? node["MOUNTPOINT"] ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];

    /// <summary>Lines such as <c>    name: 'lamp'</c>.</summary>
    private static ImmutableSortedDictionary<string, string> ZfsLabel(IEnumerable<string> lines) => lines
        .Select(line => line.Split(':', 2))
        .Where(halves => halves.Length == 2)
        .DistinctBy(halves => halves[0].Trim())
        .ToImmutableSortedDictionary(halves => halves[0].Trim(), halves => halves[1].Trim().Trim('\''), StringComparer.Ordinal);
}
