using System.Collections.Immutable;

namespace Provisioner.Provider.Inspection;

/// <summary>What ZFS says of the pools that are imported and all that is in them.</summary>
internal sealed record ZfsFacts
{
    /// <summary>Why ZFS could not be asked although it is loaded; null when it answered.</summary>
    public string? Blind { get; init; }

    public ImmutableArray<PoolFacts> Pools { get; init; } = [];

    /// <summary>File systems and volumes of all imported pools, by name.</summary>
    public ImmutableArray<DatasetFacts> Datasets { get; init; } = [];

    /// <summary>Snapshots of all imported pools, by name; see <see cref="AllSnapshots"/>.</summary>
    public ImmutableArray<SnapshotFacts> Snapshots { get; init; } = [];

    /// <summary>False when there are more snapshots than are listed.</summary>
    public bool AllSnapshots { get; init; } = true;

    /// <summary>By which ZFS tells this machine from others; null when it is not known.</summary>
    public uint? HostId { get; init; }
}

/// <summary>An imported pool.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Guid">Decimal.</param>
internal sealed record PoolFacts(string Name, string Guid)
{
    /// <summary>Each property with its value (sizes in bytes) and where it comes from: <c>local</c>, <c>default</c>, <c>-</c>.</summary>
    public ImmutableSortedDictionary<string, (string Value, string Source)> Properties { get; init; } =
        ImmutableSortedDictionary<string, (string, string)>.Empty;

    /// <summary>The tree below the pool in the order of <c>zpool status</c>, groups before their devices.</summary>
    public ImmutableArray<VdevState> Vdevs { get; init; } = [];

    /// <summary>What <c>zpool status</c> says is wrong, and what it says of data errors; empty when all is well.</summary>
    public string Trouble { get; init; } = "";

    public string Health => Properties.TryGetValue("health", out var health) ? health.Value : "";

    public string AltRoot => Properties.TryGetValue("altroot", out var root) && root.Value is not "-" ? root.Value : "";

    public bool HasCheckpoint => Properties.TryGetValue("checkpoint", out var checkpoint) && checkpoint.Value is not ("-" or "");

    /// <summary>A size in bytes.</summary>
    public long Bytes(string property) => Properties.TryGetValue(property, out var size) && long.TryParse(size.Value, out var bytes) ? bytes : 0;
}

/// <summary>A part of a pool: a device, or a group of devices.</summary>
/// <param name="Guid">Decimal; empty when it is not known.</param>
/// <param name="Kind"><c>disk</c>, <c>mirror</c>, <c>raidz1</c>, <c>replacing</c> and the like.</param>
/// <param name="Path">Where a device is, or was; null for a group.</param>
/// <param name="State">ONLINE and the like.</param>
/// <param name="Errors">Read, write and checksum errors together.</param>
/// <param name="Depth">0 right below the pool.</param>
/// <param name="Role"><c>data</c>, or <c>logs</c>, <c>cache</c>, <c>spares</c>, <c>special</c>, <c>dedup</c>.</param>
internal sealed record VdevState(string Guid, string Kind, string? Path, string State, long Errors, int Depth, string Role);

/// <summary>A file system or a volume.</summary>
internal sealed record DatasetFacts
{
    /// <summary>With the pool in front.</summary>
    public required string Name { get; init; }

    /// <summary>Decimal.</summary>
    public required string Guid { get; init; }

    public bool IsVolume { get; init; }

    public long Used { get; init; }

    public long Referenced { get; init; }

    public long Available { get; init; }

    public string KeyStatus { get; init; } = "none";

    /// <summary>The dataset whose key it is encrypted with; null without encryption.</summary>
    public string? EncryptionRoot { get; init; }

    /// <summary>What only a new dataset can have: encryption, casesensitivity, normalization, utf8only.</summary>
    public ImmutableSortedDictionary<string, string> Fixed { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public bool IsMounted { get; init; }

    /// <summary>As ZFS shows it: below the pool's alternate root when it has one.</summary>
    public string? Mountpoint { get; init; }

    /// <summary>What is set on the dataset itself, sizes in bytes.</summary>
    public ImmutableSortedDictionary<string, string> Local { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public string Pool => Name.Split('/')[0];

    public string Encryption => Fixed.GetValueOrDefault("encryption", "off");

    /// <summary>One line as the last look prints it: name, GUID and referenced bytes, between tabs.</summary>
    public string Line => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Name}\t{Guid}\t{Referenced}");

    /// <summary>Whether it is this dataset or lies below it.</summary>
    public bool IsIn(string name) => Name == name || Name.StartsWith(name + "/", StringComparison.Ordinal);
}

/// <summary>A snapshot.</summary>
/// <param name="Name">With pool and dataset: <c>lamp/home@before</c>.</param>
/// <param name="Guid">Decimal.</param>
/// <param name="Transaction">In which transaction group it was made; a later snapshot has a higher one.</param>
/// <param name="Referenced">Bytes that it leads to.</param>
internal sealed record SnapshotFacts(string Name, string Guid, long Transaction, long Referenced)
{
    public string Dataset => Name.Split('@')[0];

    /// <summary>One line as the last look prints it: name, GUID and referenced bytes, between tabs.</summary>
    public string Line => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Name}\t{Guid}\t{Referenced}");
}
