using System.Collections.Immutable;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Resources.Disk;

/// <summary>What can be wrong with the inputs of a disk.</summary>
internal static class DiskRules
{
    private const int SerialLength = 64;

    public static ImmutableArray<Rule<DiskArgs>> All { get; } =
    [
        Rule<DiskArgs>.Of(args => IdProblem(args.ById), nameof(DiskArgs.ById)),
        Rule<DiskArgs>.Of(args => SerialProblem(args.Serial), nameof(DiskArgs.Serial)),
        Rule<DiskArgs>.Of(
            args => args.EspSizeMiB is >= 64 and <= 65536 ? null : $"must be from 64 to 65536 MiB, but is {args.EspSizeMiB}; FAT32 needs the one, and 512 is enough for most",
            nameof(DiskArgs.EspSizeMiB)),
        Rule<DiskArgs>.Of(
            args => args.EspLabel.Length is >= 1 and <= 11 && args.EspLabel.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c is '_' or '-')
                ? null
                : $"must be 1 to 11 of the characters A-Z, 0-9, _ and -, but is \"{args.EspLabel}\"; FAT knows no others that every tool reads alike",
            nameof(DiskArgs.EspLabel)),
        Rule<DiskArgs>.Of(args => LabelProblem(args.EspPartitionLabel, args), nameof(DiskArgs.EspPartitionLabel), nameof(DiskArgs.EspPartitionId)),
        Rule<DiskArgs>.Of(args => LabelProblem(args.PoolPartitionLabel, args), nameof(DiskArgs.PoolPartitionLabel), nameof(DiskArgs.EspPartitionId)),
        Rule<DiskArgs>.Of(
            args => DiskLayout.Of(args with { EspPartitionId = null, PoolPartitionId = null }) is var layout && layout.EspName == layout.PoolName
                ? $"is \"{layout.EspName}\" for both partitions; a name in /dev/disk/by-partlabel leads to one of them"
                : null,
            nameof(DiskArgs.EspPartitionLabel), nameof(DiskArgs.PoolPartitionLabel), nameof(DiskArgs.Serial)),
        Rule<DiskArgs>.Of(args => PartitionIdProblem(args.EspPartitionId), nameof(DiskArgs.EspPartitionId)),
        Rule<DiskArgs>.Of(args => PartitionIdProblem(args.PoolPartitionId), nameof(DiskArgs.PoolPartitionId)),
        Rule<DiskArgs>.Of(PairProblem, nameof(DiskArgs.EspPartitionId), nameof(DiskArgs.PoolPartitionId)),
        Rule<DiskArgs>.Of(DiskoProblem, nameof(DiskArgs.DiskoFile), nameof(DiskArgs.Tool), nameof(DiskArgs.EspPartitionId), nameof(DiskArgs.PoolPartitionId)),
    ];

    private static string? IdProblem(string id)
    {
        if (id.StartsWith("/dev/disk/by-id/", StringComparison.Ordinal))
        {
            return $"is the name alone, without the folder: {id["/dev/disk/by-id/".Length..]}";
        }

        if (id.Length is 0 or > 255 || id is "." or ".." || id.Any(c => c is <= ' ' or > '~' or '/' or '"' or '\''))
        {
            return $"must be a name in /dev/disk/by-id, but is \"{id}\"; on the device, ls -l /dev/disk/by-id shows them. Names such as /dev/sda are not taken: another disk may have them after the next boot";
        }

        var part = id.LastIndexOf("-part", StringComparison.Ordinal);
        return part > 0 && part + 5 < id.Length && id[(part + 5)..].All(char.IsAsciiDigit)
            ? $"is the name of a partition; the disk's is {id[..part]}"
            : null;
    }

    /// <summary>What lsblk would write with an escape is not compared by the shell as it is here.</summary>
    private static string? SerialProblem(string serial) =>
        serial.Length is >= 1 and <= SerialLength && serial[0] != ' ' && serial[^1] != ' ' && serial.All(c => c is >= ' ' and <= '~' and not ('"' or '\\' or '$' or '`'))
            ? null
            : $"must be the disk's serial number (1 to {SerialLength} characters, no quote, backslash, $ or backtick), but is \"{serial}\"; on the device, lsblk -o NAME,SERIAL shows it";

    private static string? LabelProblem(string? label, DiskArgs args) =>
        label is null ? null
        : args.EspPartitionId is not null ? $"is \"{label}\", but espPartitionId takes over partitions whose names are left as they are; leave one of the two out"
        : label.Length is 0 or > DiskLayout.NameLength || !label.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-') || label is "." or ".."
            ? $"must be 1 to {DiskLayout.NameLength} of the characters A-Z, a-z, 0-9, ., _ and -, but is \"{label}\"; a GPT has no room for more, and udev writes others in another way"
            : label.StartsWith("unfinished-", StringComparison.Ordinal) ? $"begins with \"unfinished-\", which marks a partition whose file system is being made; take another one than \"{label}\"" : null;

    private static string? PartitionIdProblem(string? id) => id is null || Guid.TryParseExact(id, "D", out _)
        ? null
        : $"must be a partition's GUID such as 6f2d5c3e-8a41-5d0b-9f57-2c1f0a7f4d13, but is \"{id}\"; on the device, lsblk -o NAME,PARTUUID shows it";

    private static string? PairProblem(DiskArgs args) => (args.EspPartitionId, args.PoolPartitionId) switch
    {
        (null, null) => null,
        (null, _) or (_, null) => "goes only together with poolPartitionId: give both to take over a layout, or neither",
        var (esp, pool) => string.Equals(esp, pool, StringComparison.OrdinalIgnoreCase) ? "is the same as poolPartitionId; the two are different partitions" : null,
    };

    private static string? DiskoProblem(DiskArgs args) => args.DiskoFile switch
    {
        null => null,
        _ when args.Tool != DiskTool.Disko => "is given, but tool is \"native\"; set tool to \"disko\", or leave diskoFile out",
        "" => "is empty; leave it out to have one made from the other inputs",
        _ when args.EspPartitionId is null || args.PoolPartitionId is null =>
            "needs espPartitionId and poolPartitionId, the GUIDs that the file gives to its partitions by uuid: without them it would get new ones with every run",
        var file => ShellQuoting.CanQuote(file) ? null : "has a NUL character in it, or is no text",
    };
}
