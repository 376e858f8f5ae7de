using System.Collections.Immutable;

namespace Provisioner.Provider.Images.Lint;

/// <summary>Something that an image lacks, or has and must not have.</summary>
/// <param name="Code">Stable: what the finding is about.</param>
/// <param name="What">What is the matter.</param>
/// <param name="OnTheLamp">What would have happened on a device that nobody can plug a screen into.</param>
internal sealed record LintFinding(string Code, string What, string OnTheLamp)
{
    public override string ToString() => $"{Code}: {What}. On the lamp: {OnTheLamp}";
}

/// <summary>What was looked at, and what came of it.</summary>
/// <param name="Findings">Empty: it may be flashed.</param>
/// <param name="Contents">What the image has, for people.</param>
internal sealed record LintReport(ImmutableArray<LintFinding> Findings, ImmutableArray<string> Contents);

/// <summary>A board as far as an image must fit it.</summary>
internal enum ImageBoard
{
    Pi4,

    /// <summary>The virtual Pi: its boot ROM loads the kernel itself, and its radio needs no firmware.</summary>
    Virtual,
}
