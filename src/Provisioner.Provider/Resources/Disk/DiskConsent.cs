using System.Collections.Immutable;
using System.Globalization;
using Provisioner.Provider.Consent;
using Provisioner.Provider.Inspection;

namespace Provisioner.Provider.Resources.Disk;

/// <summary>What a person agrees to when a disk, or its EFI system partition, is overwritten. Pure.</summary>
internal static class DiskConsent
{
    /// <summary>Everything on the disk.</summary>
    public static ConsentSubject OfDisk(DiskState state)
    {
        var found = state.Found;
        ImmutableArray<ConsentFact> facts =
        [
            .. Identity(state),
            .. Writes(state),
            new ConsentFact("partition table", found.Table is null ? "none" : $"{found.Table} {found.TableId}"),
            .. Content("the disk itself", found.Content),
            .. found.Partitions.SelectMany(partition => Content($"partition {partition.Number.ToString(CultureInfo.InvariantCulture)}", partition)),
        ];
        return new ConsentSubject("disk", state.Serial, facts, [.. DiskLosses(found)]);
    }

    /// <summary>The file system of the EFI system partition.</summary>
    public static ConsentSubject OfEsp(DiskState state, DiskPartition esp) => new(
        "esp", state.Serial, [.. Identity(state), .. Writes(state), .. Content("EFI system partition", esp)], [$"{DiskText.Of(esp)}: {DiskText.Of(esp.Content)}"]);

    /// <summary>
    /// Whether a wipe that was cut off may go on: the token that agreed to it stands on the disk, is still given, and was for this
    /// very disk.
    /// </summary>
    public static bool MayGoOn(DiskState state, ImmutableSortedDictionary<string, string> given)
    {
        if (state.Found.WipeBegun is not { } begun || given.GetValueOrDefault(state.Serial)?.Trim().ToLowerInvariant() != begun)
        {
            return false;
        }

        return ConsentToken.Of(OfDisk(state)).Split('-')[..2].SequenceEqual(begun.Split('-').Take(2));
    }

    /// <summary>That the name alone decides which of several disks with one serial number is meant.</summary>
    public static ConsentSubject OfTwin(DiskState state) => new(
        "twin",
        state.ById,
        [
            .. Identity(state),
            new ConsentFact("partition table", state.Found.Table is null ? "none" : $"{state.Found.Table} {state.Found.TableId}"),
            .. state.Found.Twins.Select(twin => new ConsentFact($"the other one, {twin.ById}", $"{twin.Size.ToString(CultureInfo.InvariantCulture)} bytes")),
        ],
        ["nothing, if that is the disk that you mean; what is on it, if you mean the other one"]);

    private static IEnumerable<ConsentFact> Identity(DiskState state) =>
    [
        .. state.Found.Twins.IsEmpty ? [] : new[] { ConsentFact.Identity("name", state.ById) },
        ConsentFact.Identity("serial", state.Serial),
        ConsentFact.Identity("size", $"{state.Size.ToString(CultureInfo.InvariantCulture)} bytes"),
    ];

    private static IEnumerable<ConsentFact> Writes(DiskState state) => state.Found.Written is { } written ? [new ConsentFact(DiskWrites.Name, written)] : [];

    private static IEnumerable<ConsentFact> Content(string name, DiskPartition partition) =>
    [
        new ConsentFact(name, string.Create(
            CultureInfo.InvariantCulture,
            $"{DiskText.Size(partition.Size)} from sector {partition.Start}, type {partition.Type ?? "none"}, GUID {partition.Id ?? "none"}, name {DiskText.Quoted(partition.Name)}")),
        .. Content(name, partition.Content),
    ];

    private static IEnumerable<ConsentFact> Content(string name, DiskContent content)
    {
        if (content.FileSystem is not null || content.Digest != ContentFacts.Zero)
        {
            yield return new ConsentFact($"in {name}", DiskText.Of(content));
        }

        if (content.Pool.GetValueOrDefault("txg") is { } txg)
        {
            yield return new ConsentFact($"last transaction in {name}", txg);
        }

        yield return new ConsentFact($"beginning of {name}", content.Digest switch
        {
            null => "not read, because the disk is in use",
            ContentFacts.Zero when content.Beyond => "zeros, and something else further on",
            ContentFacts.Zero => "zeros",
            var digest => $"SHA-256 {digest}",
        });
    }

    private static IEnumerable<string> DiskLosses(DiskFound found)
    {
        if (found.Content.FileSystem is not null || (found.Partitions.IsEmpty && !found.Blank))
        {
            yield return $"on the disk itself, without a partition: {DiskText.Of(found.Content)}";
        }

        foreach (var partition in found.Partitions)
        {
            yield return $"{DiskText.Of(partition)}: {DiskText.Of(partition.Content)}";
        }

        if (found.Partitions.Append(new DiskPartition { Content = found.Content }).Any(partition => partition.Content.FileSystem == "zfs_member" || partition.Content.Pool.ContainsKey("name")))
        {
            yield return "how much a pool holds, and its snapshots, is not known while it is not imported; to look, without writing: zpool import -N -o readonly=on GUID";
        }
    }
}
