using System.Collections.Immutable;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Resources.ZfsDataset;
using Provisioner.Provider.Resources.ZfsPool;

namespace Provisioner.Provider.Tests.Resources.Zfs;

/// <summary>A Pi with two SSDs, each with a partition for a mirror named lamp.</summary>
internal static class ZfsWorld
{
    public const string Device = "ssh://root@lamp:22?hostKey=SHA256:x";

    public const string PoolGuid = "12164607869386676691";

    public const string First = "/dev/disk/by-partuuid/b53349dc-ea15-4be9-b8ed-82d37a2d2c7f";

    public const string Second = "/dev/disk/by-partuuid/b31df537-f596-484b-9783-88936a45a9ac";

    public static readonly ContentFacts Blank = new() { Digest = ContentFacts.Zero };

    public static readonly ZfsPoolArgs Pool = new()
    {
        Device = Device,
        Name = "lamp",
        Layout = ZfsLayout.Mirror,
        Devices = [First, Second],
        FileSystemProperties = Map(("compression", "zstd"), ("acltype", "posixacl"), ("xattr", "sa"), ("atime", "off")),
    };

    public static readonly ZfsDatasetArgs Home = new() { Device = Device, Pool = "lamp", PoolGuid = PoolGuid, Name = "home", Properties = Map(("mountpoint", "legacy"), ("quota", "1G")) };

    public static ImmutableSortedDictionary<string, string> Map(params ReadOnlySpan<(string Key, string Value)> pairs)
    {
        var map = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in pairs)
        {
            map[key] = value;
        }

        return map.ToImmutable();
    }

    /// <summary>What a device of a pool that is not imported says of itself.</summary>
    public static ContentFacts Label(string name = "lamp", string guid = PoolGuid, string state = "1", string txg = "40", string? hostId = null) => new()
    {
        FileSystem = "zfs_member",
        Label = name,
        FileSystemId = guid,
        Digest = "0123456789abcdef",
        ZfsLabel = Map(("name", name), ("state", state), ("txg", txg), ("hostname", "other"), ("hostid", hostId ?? "94028627")),
    };

    public static DeviceFacts Pi(ContentFacts first, ContentFacts second, ZfsFacts? zfs = null) => WifiFacts.Pi() with
    {
        Tools = ["zpool", "zfs"],
        Disks = [Disk("sda", "S1", First, first), Disk("sdb", "S2", Second, second)],
        Zfs = (zfs ?? new ZfsFacts()) with { HostId = 94028627 },
        Vdevs = new VdevFacts("") { Devices = zfs is null ? [] : [.. zfs.Pools.SelectMany(pool => pool.Vdevs.Where(vdev => vdev.Path is not null).Select(vdev => (vdev.Path!, pool.Name)))] },
    };

    /// <summary>The pool imported, as it is wanted.</summary>
    public static DeviceFacts Imported(Func<PoolFacts, PoolFacts>? pool = null, params DatasetFacts[] datasets)
    {
        var facts = new PoolFacts("lamp", PoolGuid)
        {
            Properties = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, new Dictionary<string, (string, string)>
            {
                ["health"] = ("ONLINE", "-"),
                ["altroot"] = ("/mnt", "local"),
                ["cachefile"] = ("none", "local"),
                ["ashift"] = ("12", "local"),
                ["autotrim"] = ("on", "local"),
                ["failmode"] = ("wait", "default"),
                ["size"] = ("4026531840", "-"),
                ["checkpoint"] = ("-", "-"),
            }),
            Vdevs =
            [
                new VdevState("558300496353018976", "mirror", null, "ONLINE", 0, 0, "data"),
                new VdevState("18293836884347926320", "disk", "/dev/sda2", "ONLINE", 0, 1, "data"),
                new VdevState("7336548388128644757", "disk", "/dev/sdb2", "ONLINE", 0, 1, "data"),
            ],
        };
        DatasetFacts[] all = [Root, .. datasets.Length == 0 ? [HomeFacts] : datasets];
        return Pi(Label(state: "0"), Label(state: "0"), new ZfsFacts { Pools = [pool is null ? facts : pool(facts)], Datasets = [.. all] });
    }

    public static DatasetFacts Root => Dataset("lamp", "1467", Map(("mountpoint", "none"), ("compression", "zstd"), ("acltype", "posix"), ("xattr", "on"), ("atime", "off")));

    public static DatasetFacts HomeFacts => Dataset("lamp/home", "3257", Map(("mountpoint", "legacy"), ("quota", "1073741824")));

    public static DatasetFacts Dataset(string name, string guid, ImmutableSortedDictionary<string, string> local) => new()
    {
        Name = name,
        Guid = guid,
        Used = 98304,
        Referenced = 98304,
        Mountpoint = local.GetValueOrDefault("mountpoint"),
        Fixed = Map(("encryption", "off"), ("casesensitivity", "sensitive"), ("normalization", "none"), ("utf8only", "off")),
        Local = local,
    };

    private static DiskFacts Disk(string name, string serial, string partuuid, ContentFacts content) => new()
    {
        Name = name,
        Path = $"/dev/{name}",
        Serial = serial,
        ById = [$"usb-Samsung_{serial}-0:0"],
        Text = $"all about {serial}",
        Partitions =
        [
            new PartitionFacts { Name = $"{name}1", Path = $"/dev/{name}1", Number = 1, Content = Blank },
            new PartitionFacts { Name = $"{name}2", Path = $"/dev/{name}2", Number = 2, PartitionId = partuuid[(partuuid.LastIndexOf('/') + 1)..], SizeBytes = 4L << 30, Content = content },
        ],
    };
}
