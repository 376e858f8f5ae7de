using System.Collections.Immutable;
using Provisioner.Provider.Consent;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Resources.Disk;

/// <summary>
/// The facts that a step is bound to, twice: as the inspection found them, and as the shell reads them again on the device right
/// before it writes. Which disk the name leads to, which disks have the serial number, whether a pool uses it, and all that the
/// inspection read of it. Both must be the same to the byte.
/// </summary>
internal static class DiskLook
{
    /// <summary>The disk as it was found.</summary>
    public static string Digest(DiskFacts disk, VdevFacts vdevs) => Recheck.DigestOf(Text(disk, vdevs, disk.Text));

    /// <summary>The disk as it will be found once it is wiped: nothing but itself.</summary>
    public static string BlankDigest(DiskFacts disk)
    {
        var own = disk.Text.Split('\n').FirstOrDefault(line => line.StartsWith($"KNAME=\"{disk.Name}\"", StringComparison.Ordinal)) ?? "";
        return Recheck.DigestOf(Text(disk, new VdevFacts(""), $"{own}\n\ncontent {disk.Name} {ContentFacts.Zero}"));
    }

    /// <summary>Finds the disk by its name: sets <c>$n</c>, the kernel's name, and <c>$d</c>, its node. Ends the script when it is not there.</summary>
    public static Shell Find(string byId) => Shell.Of(
        $$"""
        p=
        {{BlockScript.Functions}}
        d=$(readlink -f {{$"/dev/disk/by-id/{byId}"}}) || d=
        n=${d#/dev/}
        case $n in ''|*/*) n= ;; esac
        if [ -z "$n" ] || [ ! -b "$d" ]; then printf 'nothing was done: there is no disk %s\n' {{$"/dev/disk/by-id/{byId}"}} >&2; exit 76; fi
        """);

    /// <summary>Goes on only when the disk that <see cref="Find"/> found is as it was.</summary>
    public static Shell That(string serial, string digest) => Recheck.That(
        Shell.Of(
            $$"""
            set +eu
            printf 'link %s\n' "$n"
            {{Bearers(serial)}}
            vdevs=$(vdevs)
            for w in $vdevs; do case $w in unreadable|"/dev/$n"*) printf 'vdev %s\n' "$w" ;; esac; done
            disk "$n"
            """),
        digest);

    /// <summary>Goes on only when the disk that <see cref="Find"/> found, and no other, has the serial number: behind a step that has changed it.</summary>
    public static Shell Same(string serial) => Shell.Of(
        $$"""
        now=$(
        {{Bearers(serial)}}
        )
        if [ "$now" != "serial $n" ]; then printf 'nothing was done: the disk is another one now (%s): %s\n' "$n" "$now" >&2; exit 76; fi
        """);

    private static Shell Bearers(string serial) => Shell.Of(
        $$"""
        x={{serial}}
        l=$(brief lsblk -dPo KNAME,SERIAL) || printf 'unreadable lsblk %s\n' "$?"
        printf '%s\n' "$l" | while IFS= read -r l; do
        case $l in *" SERIAL=\"$x\"") l=${l#KNAME=\"} && printf 'serial %s\n' "${l%%\"*}" ;; esac
        done
        """);

    private static string Text(DiskFacts disk, VdevFacts vdevs, string seen)
    {
        // One disk has the serial number, else there is a doubt and no step.
        ImmutableArray<string> lines =
        [
            $"link {disk.Name}",
            $"serial {disk.Name}",
            .. vdevs.Text.Split((char[])[' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries)
                .Where(word => word == "unreadable" || word.StartsWith($"/dev/{disk.Name}", StringComparison.Ordinal))
                .Select(word => $"vdev {word}"),
            seen,
        ];
        return string.Join('\n', lines);
    }
}
