using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Provisioner.Provider.Cards;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Inspection;

namespace Provisioner.Provider.Resources.SdCard;

/// <summary>Looks at disks, and says which may not be touched.</summary>
internal static class DiskCards
{
    private const string ByIdFolder = "/dev/disk/by-id/";
    private const string NoCard = "it is no disk of its own, but what this machine makes look like one (a loop device, a mapping, an array), or it is empty; give the disk itself, or the path of the file";
    private const string NotRemovable =
        "it does not call itself removable, so it may be a disk of this machine; if it is the card, give its serial number (or its name in /dev/disk/by-id) as \"serial\"";

    /// <summary>The disk as the inspection of this machine tells it, and what the card on it says of itself.</summary>
    /// <param name="desired">What is wanted.</param>
    /// <param name="disks">This machine's disks.</param>
    /// <param name="vdevs">The devices of its pools.</param>
    /// <param name="digestKey">The key of the identity's digest.</param>
    /// <param name="read">Reads the beginning of a disk; not called for one that is in use.</param>
    /// <param name="target">What the target leads to; when left out, the disk is known by the name that was given alone.</param>
    /// <param name="held">The disk as it is held to be written: <see cref="Cards.Writing.LinuxDisk.Identity"/>.</param>
    public static CardFound Find(
        SdCardArgs desired, ImmutableArray<DiskFacts> disks, VdevFacts vdevs, string digestKey, Func<string, CardContents> read, CardTarget? target = null, string? held = null)
    {
        var named = target?.KernelName is { } name ? disks.FirstOrDefault(disk => disk.Name == name) : Named(desired.Target, disks);
        if (named is null && target?.Node is not null)
        {
            return new CardFound { Presence = CardPresence.Other, Path = target.Path, Key = desired.Serial ?? Path.GetFileName(desired.Target), Description = $"the device {target.Path}", Forbidden = [NoCard] };
        }

        if (named is null || (named.SizeBytes == 0 && named.Unreadable.IsEmpty))
        {
            return new CardFound { Presence = CardPresence.Away, Path = desired.Target, Key = desired.Serial ?? Path.GetFileName(desired.Target), Description = $"the card {desired.Target}" };
        }

        ImmutableArray<string> forbidden =
        [
            .. Forbidden(desired, named, vdevs),
            .. Twins(desired, named, disks),
            .. held is not null && held != named.Kernel ? ["another disk has its place by now"] : Array.Empty<string>(),
        ];
        var found = new CardFound
        {
            Presence = CardPresence.Other,
            Path = named.Path,
            Key = named.Serial ?? named.ById.FirstOrDefault() ?? named.Name,
            Description = Describe(named),
            Forbidden = forbidden,
            Facts = Facts(named),
            Losses = [.. Losses(named)],
            Digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(named.Text))),
        };
        return forbidden.IsEmpty ? CardRead.With(found, read(named.Path), digestKey, IsBlank(named), IsBare(named)) : found;
    }

    /// <summary>Cheap readers have one serial number for all of their kind; which of two is meant only a name that stays can say.</summary>
    private static IEnumerable<string> Twins(SdCardArgs desired, DiskFacts disk, ImmutableArray<DiskFacts> disks)
    {
        if (desired.Serial is { } serial && !desired.Target.StartsWith(ByIdFolder, StringComparison.Ordinal) && !disk.ById.Contains(serial, StringComparer.Ordinal)
            && disks.Where(other => other.Serial == serial).ToList() is { Count: > 1 } bearers)
        {
            yield return $"{bearers.Count} disks have the serial number {serial} ({string.Join(", ", bearers.Select(bearer => bearer.Path))}); name it by its path in {ByIdFolder} in \"target\", or unplug the other one";
        }
    }

    /// <summary>Why a disk may not be written, whoever agrees.</summary>
    internal static IEnumerable<string> Forbidden(SdCardArgs desired, DiskFacts disk, VdevFacts vdevs)
    {
        var isMeant = desired.Serial is { } serial && (serial == disk.Serial || disk.ById.Contains(serial, StringComparer.Ordinal));
        if (!disk.Unreadable.IsEmpty)
        {
            yield return $"it could not be read: {string.Join("; ", disk.Unreadable)}";
            yield break;
        }

        if (desired.Serial is { } other && !isMeant)
        {
            yield return $"it is not the disk that was meant: its serial number is {disk.Serial ?? "not told"}, and \"serial\" says {other}";
        }

        if (!disk.Removable && !isMeant)
        {
            yield return NotRemovable;
        }

        if (disk.ReadOnly)
        {
            yield return "it is write-protected: look at the slide on the card or its adapter";
        }

        var mounts = disk.Content.MountPoints
            .Concat(disk.Partitions.SelectMany(partition => partition.MountPoints))
            .Concat(disk.Holders.SelectMany(holder => holder.MountPoints))
            .Distinct(StringComparer.Ordinal).ToList();
        if (mounts.Any(mount => mount is "/" or "/nix" or "/nix/store" or "/boot" or "/boot/firmware" or "/usr" or "/var" or "/home"))
        {
            yield return $"this machine runs from it ({string.Join(", ", mounts)})";
        }
        else if (mounts.Contains("[SWAP]"))
        {
            yield return "this machine swaps to it; end that with swapoff first";
        }
        else if (mounts.Count > 0)
        {
            yield return $"it is mounted at {string.Join(", ", mounts)}; unmount it first";
        }

        if (!disk.Holders.IsEmpty)
        {
            yield return $"{string.Join(", ", disk.Holders.Select(holder => $"{holder.Name} ({holder.Kind})"))} lies on it";
        }

        foreach (var user in disk.Users)
        {
            yield return user.ToString();
        }

        foreach (var pool in vdevs.Devices.Where(device => IsOn(device.Path, disk)).Select(device => device.Pool).Distinct(StringComparer.Ordinal))
        {
            yield return $"it belongs to the ZFS pool {pool}, which is imported here";
        }

        if (!vdevs.Known)
        {
            yield return "ZFS does not tell what its pools consist of (zpool list), so that any disk may belong to one";
        }
    }

    private static DiskFacts? Named(string target, ImmutableArray<DiskFacts> disks) => target.StartsWith(ByIdFolder, StringComparison.Ordinal)
        ? disks.FirstOrDefault(disk => disk.ById.Contains(target[ByIdFolder.Length..], StringComparer.Ordinal))
        : disks.FirstOrDefault(disk => disk.Path == target);

    private static bool IsOn(string path, DiskFacts disk) =>
        path == disk.Path || disk.Partitions.Any(partition => partition.Path == path)
        || (path.StartsWith(ByIdFolder, StringComparison.Ordinal) && disk.ById.Any(name => path[ByIdFolder.Length..] == name || path[ByIdFolder.Length..].StartsWith(name + "-part", StringComparison.Ordinal)));

    private static bool IsBlank(DiskFacts disk) => disk.TableType is null && disk.Partitions.IsEmpty && disk.Content.IsZero;

    private static bool IsBare(DiskFacts disk) =>
        disk.TableType is null && disk.Partitions.IsEmpty && disk.Unseen.IsEmpty && disk.Holders.IsEmpty && disk.Content.FileSystem is null;

    private static string Describe(DiskFacts disk) => string.Create(
        CultureInfo.InvariantCulture, $"the {(disk.Model is { Length: > 0 } model ? $"{model.Trim()} " : "card ")}{disk.Path} ({disk.SizeBytes / 1e9:0.0} GB{(disk.Serial is { Length: > 0 } serial ? $", serial {serial}" : "")})");

    private static ImmutableArray<CardFact> Facts(DiskFacts disk)
    {
        var facts = ImmutableArray.CreateBuilder<CardFact>();
        void Add(string name, string? value, bool isIdentity = false)
        {
            if (!string.IsNullOrEmpty(value))
            {
                facts.Add(new CardFact { Name = name, Value = value, IsIdentity = isIdentity });
            }
        }

        Add("serial", disk.Serial, isIdentity: true);
        Add("name", disk.ById.FirstOrDefault(), isIdentity: true);
        Add("size", string.Create(CultureInfo.InvariantCulture, $"{disk.SizeBytes} bytes"), isIdentity: true);
        Add("partition table", disk.TableType is null ? "none" : $"{disk.TableType} {disk.TableId}".TrimEnd());
        Add("content", disk.Content.Digest);
        Add(DiskWrites.Name, DiskWrites.Of(disk));
        foreach (var partition in disk.Partitions)
        {
            Add($"partition {partition.Number}", string.Create(
                CultureInfo.InvariantCulture,
                $"{partition.SizeBytes} bytes at {partition.StartSector}, {partition.Content.SeveralWords ?? partition.Content.FileSystem ?? "no known file system"} {partition.Content.Label} {partition.Content.FileSystemId} {partition.Content.Digest}"));
        }

        return facts.ToImmutable();
    }

    private static IEnumerable<string> Losses(DiskFacts disk)
    {
        if (disk.Partitions.IsEmpty && !IsBlank(disk))
        {
            yield return (disk.Content.SeveralWords ?? disk.Content.FileSystem) is { } whole ? $"{whole} {disk.Content.Label}".TrimEnd() : "content of an unknown kind";
        }

        foreach (var partition in disk.Partitions)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"partition {partition.Number}: {partition.SizeBytes / 1e6:0} MB, {partition.Content.SeveralWords ?? partition.Content.FileSystem ?? "no known file system"}{(partition.Content.Label is { } label ? $" \"{label}\"" : "")}");
        }
    }

    /// <summary>What an error of reading a disk means.</summary>
    public static CardContents Read(string path)
    {
        try
        {
            return CardContents.Read(path);
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException)
        {
            throw new CardAccessException("The card cannot be read", failure)
            {
                Where = path,
                Why = failure.Message,
                Next = "run the same command with sudo -E, or join the group that owns the disk (often \"disk\")",
            };
        }
    }
}
