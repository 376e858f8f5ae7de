using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;

namespace Provisioner.Provider.Inspection;

/// <summary>Reads what <see cref="ZfsScript"/> printed. Pure.</summary>
internal static class ZfsParser
{
    private const string State = "zfs-state ";

    private static readonly string[] FixedProperties = ["encryption", "casesensitivity", "normalization", "utf8only"];

    public static ZfsFacts Parse(Sections sections)
    {
        var facts = new ZfsFacts { HostId = HostId(sections), Blind = Blind(sections) };
        if (!IsWhole(sections))
        {
            return facts;
        }

        try
        {
            return Whole(sections, facts);
        }
        catch (UnreadableAnswerException odd)
        {
            // Half of it would look as if the other half had been destroyed.
            return facts with { Blind = odd.Message };
        }
    }

    /// <exception cref="UnreadableAnswerException">A part of it is something else.</exception>
    private static ZfsFacts Whole(Sections sections, ZfsFacts facts)
    {
        var properties = Rows(sections, "zfs-pools", 4).ToLookup(row => row[0]);
        var named = PoolStatus.Parse(sections["zfs-status"]).ToDictionary(pool => pool.Name, StringComparer.Ordinal);
        var numbered = PoolStatus.Parse(sections["zfs-guids"]).ToDictionary(pool => pool.Name, StringComparer.Ordinal);
        var (datasets, snapshots) = Tree(sections["zfs-datasets"].Split('\n', StringSplitOptions.RemoveEmptyEntries));
        return facts with
        {
            Pools = [.. properties.Select(pool => Pool(pool, named.GetValueOrDefault(pool.Key), numbered.GetValueOrDefault(pool.Key)))],
            Datasets = datasets,
            Snapshots = snapshots,
            AllSnapshots = snapshots.Length < ZfsScript.SnapshotLimit,
        };
    }

    private static string? Blind(Sections sections)
    {
        if (sections.First("zfs") is null || IsWhole(sections))
        {
            return null;
        }

        var stuck = sections.Names.Where(name => name.StartsWith(State, StringComparison.Ordinal) && sections.First(name) == "SUSPENDED")
            .Select(name => name.Split('/') is [.., var pool, _] ? pool : name[State.Length..]).ToList();
        if (stuck.Count > 0)
        {
            return $"the pool {string.Join(", ", stuck)} is suspended, as when its disk was pulled out, and commands of ZFS hang";
        }

        return sections.First("zfs-failed") switch
        {
            "earlier" => "commands of ZFS that an earlier look began have still not ended on the device, as when a disk was pulled out under a pool",
            "waited" => $"commands of ZFS have not ended on the device within {ZfsScript.PatienceSeconds} s; they hang for good when a disk was pulled out under a pool",
            { } failed when failed.Split(' ', 2) is [var code, var command] =>
                $"{FailedCommand.Words(command, code, command == "zfs get" ? ZfsScript.WalkSeconds : BlockScript.Seconds)} on the device, so that not all of ZFS is known",
            _ => "ZFS is loaded on the device, but was not asked: there is no room for a folder in its /tmp",
        };
    }

    private static bool IsWhole(Sections sections) => sections["zfs-datasets"].TrimEnd('\n') is "whole" or [.., '\n', 'w', 'h', 'o', 'l', 'e'];

    private static uint? HostId(Sections sections)
    {
        if (uint.TryParse(sections.First("hostid"), NumberStyles.None, CultureInfo.InvariantCulture, out var parameter) && parameter != 0)
        {
            return parameter;
        }

        return Sections.Bytes(sections["hostid-file"].Trim()) is { Length: 4 } bytes ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : null;
    }

    private static PoolFacts Pool(IGrouping<string, string[]> rows, PoolStatus? named, PoolStatus? numbered)
    {
        if (named is not null && numbered is not null && named.Rows.Length != numbered.Rows.Length)
        {
            throw new UnreadableAnswerException("zpool status", $"of {rows.Key} it shows {named.Rows.Length} devices by name and {numbered.Rows.Length} by number");
        }

        var properties = rows.DistinctBy(row => row[1]).ToImmutableSortedDictionary(row => row[1], row => (Whole(row[2]), row[3]), StringComparer.Ordinal);
        return new PoolFacts(rows.Key, properties.TryGetValue("guid", out var guid) ? guid.Item1 : "")
        {
            Properties = properties,
            Vdevs = named is null ? [] : [.. named.Rows.Select((row, index) => Vdev(row, numbered?.Rows.ElementAtOrDefault(index)))],
            Trouble = named?.Trouble ?? "",
        };
    }

    private static VdevState Vdev(StatusRow row, StatusRow? numbered)
    {
        var guid = IsNumber(numbered?.Name) ? numbered!.Name : "";
        var isDevice = row.Name.StartsWith('/') || IsNumber(row.Name);
        var path = row.Name.StartsWith('/') ? row.Name : row.Note.StartsWith("was /", StringComparison.Ordinal) ? row.Note[4..].Split(' ')[0] : null;
        return new VdevState(guid, isDevice ? "disk" : row.Name[..(row.Name.LastIndexOf('-') is var dash and > 0 ? dash : row.Name.Length)], isDevice ? path : null, row.State, row.Errors, row.Depth, row.Role);
    }

    /// <summary>A dataset's name at the margin, its properties below it behind a tab; a snapshot on one line, behind an @.</summary>
    private static (ImmutableArray<DatasetFacts> Datasets, ImmutableArray<SnapshotFacts> Snapshots) Tree(string[] lines)
    {
        var datasets = ImmutableArray.CreateBuilder<DatasetFacts>();
        var snapshots = ImmutableArray.CreateBuilder<SnapshotFacts>();
        var name = "";
        var properties = new List<string[]>();
        var number = 0;
        foreach (var fields in lines.Select(line => line.Split('\t')).Append(["end"]))
        {
            number++;
            if (fields is ["", _, _, _] && name.Length > 0)
            {
                properties.Add(fields);
            }
            else if (fields is [['@', .. var snapshot], var guid, var transaction, var referenced])
            {
                snapshots.Add(new SnapshotFacts(snapshot, guid, Number(transaction), Number(referenced)));
            }
            else if (fields is not [var next])
            {
                throw new UnreadableAnswerException("zfs get", number, "neither a dataset nor a property of one");
            }
            else
            {
                if (properties.Count > 0)
                {
                    datasets.Add(Dataset(name, properties));
                }

                (name, properties) = (next, []);
            }
        }

        return (datasets.ToImmutable(), snapshots.ToImmutable());
    }

    private static DatasetFacts Dataset(string name, List<string[]> properties)
    {
        var values = properties.DistinctBy(row => row[1]).ToDictionary(row => row[1], row => row[2], StringComparer.Ordinal);
        string? Of(string property) => values.GetValueOrDefault(property) is { } value and not ("-" or "") ? Whole(value) : null;
        return new DatasetFacts
        {
            Name = name,
            Guid = Of("guid") ?? "",
            IsVolume = Of("type") == "volume",
            Used = Number(Of("used") ?? ""),
            Referenced = Number(Of("referenced") ?? ""),
            Available = Number(Of("available") ?? ""),
            KeyStatus = Of("keystatus") ?? "none",
            EncryptionRoot = Of("encryptionroot"),
            IsMounted = Of("mounted") == "yes",
            Mountpoint = Of("mountpoint"),
            Fixed = FixedProperties.Where(property => Of(property) is not null)
                .ToImmutableSortedDictionary(property => property, property => Of(property)!, StringComparer.Ordinal),
            Local = properties.Where(row => row[3] is "l" or "r").DistinctBy(row => row[1])
                .ToImmutableSortedDictionary(row => row[1], row => Whole(row[2]), StringComparer.Ordinal),
        };
    }

    /// <summary>A value as it is, of which the script made one line.</summary>
    private static string Whole(string value) => value.Replace("%09", "\t", StringComparison.Ordinal).Replace("%0A", "\n", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal);

    /// <summary>Lines of just so many fields between tabs.</summary>
    private static IEnumerable<string[]> Rows(Sections sections, string section, int fields) =>
        sections[section].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).Where(row => row.Length == fields);

    private static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;

    private static bool IsNumber(string? text) => text is { Length: > 0 } && text.All(char.IsAsciiDigit);
}
