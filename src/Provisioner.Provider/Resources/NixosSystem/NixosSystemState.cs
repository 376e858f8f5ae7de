using System.Collections.Immutable;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.NixosSystem;

/// <summary>
/// The system as the device has it: what it runs, what its profile says, and what was made of which flake are three things.
/// Everything that a plan needs is here.
/// </summary>
internal sealed record NixosSystemState
{
    [Doc("The device.")]
    public required string Device { get; init; }

    [Doc("Whether the device runs from its own disk.")]
    public bool Installed { get; init; }

    [Doc("Whether the file systems of the system are mounted where they belong.")]
    public bool Mounted { get; init; }

    [Doc("The installation that the file system mounted at `/` belongs to; none when nothing is noted on it.")]
    public string? Installation { get; init; }

    [Doc("What Nix builds for, such as `aarch64-linux`.")]
    public string Platform { get; init; } = "";

    [Doc("The digest of what is wanted: the flake's files with the attribute, or the store path.")]
    public required string Wanted { get; init; }

    [Doc("What that was read from: the flake's folder, which of its files and the attribute, or the store path.")]
    public string? WantedOf { get; init; }

    [Doc("What the flake's host.json is given of these inputs; empty where it has none.")]
    public ImmutableSortedDictionary<string, string> WantedValues { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [Doc("The same of the system that was made, as far as it is known.")]
    public ImmutableSortedDictionary<string, string> Values { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [Doc("The digest of what the system was made from; none when it was not made by this resource.")]
    public string? MadeFrom { get; init; }

    [Doc("The store path that came of it.")]
    public string? Made { get; init; }

    [Doc("The store path that the system's profile points to: what the next boot leads to.")]
    public string? Profile { get; init; }

    [Doc("The number of that generation.")]
    public int Generation { get; init; }

    [Doc("How many generations there are.")]
    public int Generations { get; init; }

    [Doc("The store path of the system that runs; none while the device runs from its card.")]
    public string? Running { get; init; }

    [Doc("The store path of the system that was booted, whose kernel runs.")]
    public string? Booted { get; init; }

    [Doc("The SSH host key of the system: `SHA256:…`.")]
    public string? HostKeyFingerprint { get; init; }

    [Doc("ZFS's host id of the system.")]
    public string? HostId { get; init; }

    [Doc("What differs on the device from a system that is whole, by what it is about; empty when all is well.")]
    public ImmutableSortedDictionary<string, string> Drift { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    [Doc("Whether the board's firmware has to lie on the boot partition, as on a real Pi.")]
    public bool NeedsFirmware { get; init; }

    [Doc("What the next switch would stop, restart and start, as the new system says itself; empty while it is not built, or runs already.")]
    public ImmutableArray<string> WouldRestart { get; init; } = [];

    [Doc("What speaks against an installation, or is worth knowing before it.")]
    public ImmutableArray<PreflightFinding> Findings { get; init; } = [];

    /// <summary>With more that was found.</summary>
    public NixosSystemState With(ImmutableArray<PreflightFinding> findings) =>
        this with { Findings = [.. Findings.AddRange(findings).OrderByDescending(finding => finding.Weight)] };
}

/// <summary>Something that was found before anything is touched.</summary>
[Doc("Something that was found before anything is touched.")]
internal sealed record PreflightFinding
{
    [Doc("How much it matters.")]
    public PreflightWeight Weight { get; init; }

    [Doc("What it is about: one word.")]
    public required string About { get; init; }

    [Doc("What was found, and what to do.")]
    public required string Text { get; init; }

    public static PreflightFinding Blocker(string about, string text) => new() { Weight = PreflightWeight.Blocker, About = about, Text = text };

    public static PreflightFinding Warning(string about, string text) => new() { Weight = PreflightWeight.Warning, About = about, Text = text };

    public static PreflightFinding Note(string about, string text) => new() { Weight = PreflightWeight.Note, About = about, Text = text };

    public override string ToString() => $"{About}: {Text}";
}

/// <summary>How much a finding matters.</summary>
internal enum PreflightWeight
{
    [Doc("Good to know.")]
    Note,

    [Doc("It may go wrong, or take long.")]
    Warning,

    [Doc("It cannot work, so nothing is begun.")]
    Blocker,
}
