using System.Collections.Immutable;

namespace Provisioner.Provider.Flakes.Secrets;

/// <summary>Findings that somebody has looked at.</summary>
/// <param name="Commits">Commits whose secrets have been changed since: full ids, or their first seven digits or more.</param>
/// <param name="Findings">Findings by their <see cref="SecretToken"/>: no secret at all, or one that opens nothing any more.</param>
internal sealed record AcceptedSecrets(ImmutableArray<string> Commits, ImmutableArray<string> Findings)
{
    /// <summary>Nothing is accepted.</summary>
    public static AcceptedSecrets None { get; } = new([], []);

    /// <summary>Whether a finding is among them.</summary>
    public bool Has(SecretFinding finding) =>
        Findings.Contains(finding.Token) || (finding.Commit is { } commit && Commits.Any(accepted => commit.StartsWith(accepted, StringComparison.OrdinalIgnoreCase)));
}
