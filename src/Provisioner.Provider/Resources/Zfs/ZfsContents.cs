using System.Collections.Immutable;
using System.Globalization;
using Provisioner.Provider.Consent;
using Provisioner.Provider.Inspection;

namespace Provisioner.Provider.Resources.Zfs;

/// <summary>All that lies in a dataset, as far as a consent to its loss is bound to it.</summary>
internal static class ZfsContents
{
    /// <summary>The digest of what <see cref="ZfsShell.Contents"/> prints on the device.</summary>
    public static string DigestOf(ZfsFacts facts, string dataset) => Recheck.DigestOf(string.Join('\n',
        facts.Datasets.Where(known => known.IsIn(dataset)).Select(known => known.Line)
            .Concat(Snapshots(facts, dataset).Select(snapshot => snapshot.Line))
            .Order(StringComparer.Ordinal)));

    /// <summary>For people, each one line.</summary>
    public static ImmutableArray<string> Words(ZfsFacts facts, string dataset)
    {
        var tree = facts.Datasets.Where(known => known.IsIn(dataset)).ToList();
        var snapshots = Snapshots(facts, dataset).ToList();
        var lines = ImmutableArray.CreateBuilder<string>();
        lines.Add(string.Create(CultureInfo.InvariantCulture, $"{dataset}: {ZfsValues.Size(tree.FirstOrDefault()?.Used ?? 0)} in use"));
        if (tree.Count > 1)
        {
            lines.Add($"below it: {string.Join(", ", tree.Skip(1).Take(12).Select(known => known.Name))}{(tree.Count > 13 ? $" and {tree.Count - 13} more" : "")}");
        }

        lines.Add(snapshots.Count == 0
            ? "no snapshots"
            : $"{snapshots.Count} snapshot{(snapshots.Count == 1 ? "" : "s")}, the newest {snapshots.MaxBy(snapshot => snapshot.Transaction)!.Name}");
        return lines.ToImmutable();
    }

    private static IEnumerable<SnapshotFacts> Snapshots(ZfsFacts facts, string dataset) =>
        facts.Snapshots.Where(snapshot => snapshot.Dataset == dataset || snapshot.Dataset.StartsWith(dataset + "/", StringComparison.Ordinal));
}
