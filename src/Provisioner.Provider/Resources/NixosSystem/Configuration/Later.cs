using System.Collections.Immutable;

namespace Provisioner.Provider.Resources.NixosSystem.Configuration;

/// <summary>What stands for a value that only up will make, while a configuration is evaluated for a preview.</summary>
internal static class Later
{
    public const string HostId = "fffffffe";

    public const string Partition = "/dev/disk/by-partuuid/ffffffff-ffff-4fff-8fff-fffffffffffe";

    /// <summary>What was found because of it is told as what may be.</summary>
    public static ImmutableArray<PreflightFinding> InWords(ImmutableArray<PreflightFinding> findings) =>
        [.. findings.Select(finding => finding.Text.Contains(HostId, StringComparison.Ordinal) || finding.Text.Contains(Partition, StringComparison.Ordinal)
            ? PreflightFinding.Warning(finding.About, finding.Text.Replace(HostId, "(made by up)", StringComparison.Ordinal).Replace(Partition, "(made by up)", StringComparison.Ordinal))
            : finding)];
}
