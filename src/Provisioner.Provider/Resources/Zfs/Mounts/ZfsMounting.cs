using System.Collections.Immutable;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.Zfs.Mounts;

/// <summary>What a change mounts, and what lies there.</summary>
[Doc("What a change mounts, and what lies there.")]
internal sealed record ZfsMounting
{
    [Doc("What would be mounted, by name, and where.")]
    public ImmutableSortedDictionary<string, string> Mounts { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [Doc("What is mounted now and would go away from there, by name.")]
    public ImmutableSortedDictionary<string, string> Leaves { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [Doc("What would be made, from the top down.")]
    public ImmutableArray<string> Made { get; init; } = [];

    [Doc("Below which folder the pool is imported.")]
    public string AltRoot { get; init; } = "";

    [Doc("Who logs in; none for this machine.")]
    public string? Login { get; init; }

    [Doc("What would be covered, each one line.")]
    public ImmutableArray<string> Covers { get; init; } = [];

    [Doc("What would be covered, or would go away, of that by which we get in.")]
    public ImmutableArray<string> Ways { get; init; } = [];

    [Doc("What lies where the file systems go away from and would be missing, of that by which we get in.")]
    public ImmutableArray<string> Cut { get; init; } = [];

    [Doc("SHA-256 of what was seen there; none while nobody has looked.")]
    public string? Seen { get; init; }

    /// <summary>The places that have to be looked at before anything is mounted; what lies where a file system goes away from is its own.</summary>
    public ImmutableArray<string> Places => [.. Mounts.Values.Distinct(StringComparer.Ordinal)];

    /// <summary>Whether anything is mounted in the running system, and not below the folder in which another one is made.</summary>
    public bool IsInRunningSystem => AltRoot.Length <= 1;

    /// <summary>Whether mounts change at all.</summary>
    public bool IsNothing => Mounts.IsEmpty && Leaves.IsEmpty;
}
