using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
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
    public static string Digest(DiskFacts disk, VdevFacts vdevs, params ImmutableArray<DiskTwin> twins) => Recheck.DigestOf(Text(disk, vdevs, disk.Text, twins));

    /// <summary>The disk as it will be found once it is wiped: nothing but itself.</summary>
    public static string BlankDigest(DiskFacts disk, params ImmutableArray<DiskTwin> twins)
    {
        var own = disk.Text.Split('\n').FirstOrDefault(line => line.StartsWith($"KNAME=\"{disk.Name}\"", StringComparison.Ordinal)) ?? "";
        var kernel = disk.Kernel is { } number ? $"\nkernel {disk.Name} {number}" : "";
        return Recheck.DigestOf(Text(disk, new VdevFacts(""), $"{own}{kernel}\n\ncontent {disk.Name} {ContentFacts.Zero}", twins));
    }

    /// <summary>The digest of what an inspection reads of a disk that was wiped: the mark, and zeros behind it and at the end.</summary>
    public static string WipedContent(string token, long size)
    {
        const int End = 1 << 20;
        const int Block = 4096;
        var zeros = new byte[End];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var mark = new byte[Block];
        Encoding.ASCII.GetBytes($"{BlockScript.Mark}{token}\n", mark);
        hash.AppendData(mark);
        var left = Math.Min(4L * End, size - End) - Block;
        for (; left > 0; left -= End)
        {
            hash.AppendData(zeros.AsSpan(0, (int)Math.Min(left, End)));
        }

        hash.AppendData(zeros);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>
    /// Finds the disk by its name, and holds it until the script ends: sets <c>$n</c>, the kernel's name, and <c>$d</c>, the open
    /// descriptor, by which everything is written. As long as it is held, no other disk can have its name or its number. Ends the script
    /// when it is not there.
    /// </summary>
    public static Shell Find(string byId) => Shell.Of(
        $$"""
        p=
        {{BlockScript.Functions}}
        d=$(readlink -f {{$"/dev/disk/by-id/{byId}"}}) || d=
        n=${d#/dev/}
        case $n in ''|*/*) n= ;; esac
        if [ -z "$n" ] || [ ! -b "$d" ]; then printf 'nothing was done: there is no disk %s\n' {{$"/dev/disk/by-id/{byId}"}} >&2; exit 76; fi
        exec 9<"$d"
        if ! held 9 "/sys/class/block/$n"; then printf 'nothing was done: %s is not the node of the disk %s\n' "$d" "$n" >&2; exit 76; fi
        d=/proc/$$/fd/9
        """);

    /// <summary>Ends the script unless the name still leads to the disk that is held: for a tool that takes nothing but the name.</summary>
    public static Shell StillNamed(string byId) => Shell.Of(
        $$"""
        x=$(readlink -f {{$"/dev/disk/by-id/{byId}"}}) || x=
        if [ "$x" != "/dev/$n" ]; then printf 'nothing was done: %s leads to another disk by now\n' {{$"/dev/disk/by-id/{byId}"}} >&2; exit 76; fi
        """);

    /// <summary>Goes on only when the disk that <see cref="Find"/> found is as it was.</summary>
    /// <param name="serial">Its serial number.</param>
    /// <param name="digest">What was seen.</param>
    /// <param name="wiped">
    /// What <see cref="WipedContent"/> says, behind a wipe: the mark and the zeros around it then stand for nothing, and neither how much
    /// was written nor what is left in the middle counts.
    /// </param>
    public static Shell That(string serial, string digest, string? wiped = null) => Recheck.That(
        Shell.Of(
            $$"""
            set +eu
            if [ "$(stat -L -c '%t:%T' "/dev/$n" 2>/dev/null)" = "$(stat -L -c '%t:%T' "/proc/$$/fd/9" 2>/dev/null)" ]; then printf 'link %s\n' "$n"; fi
            {{Bearers(serial)}}
            vdevs=$(vdevs)
            users=$(users)
            for w in $vdevs; do case $w in unreadable|"/dev/$n"*) printf 'vdev %s\n' "$w" ;; esac; done
            {{(wiped is null ? Shell.Of($"disk \"$n\"") : Shell.Of($"disk \"$n\" | sed -e '/^written /d' -e '/^beyond /d' -e '/^mark /d' -e {$"s/^\\(content [^ ]*\\) {wiped}  -$/\\1 {ContentFacts.Zero}/"}"))}}
            """),
        digest);

    /// <summary>Goes on only when the disk that <see cref="Find"/> found, and no other than those that a person knows of, has the serial number: behind a step that has changed it.</summary>
    public static Shell Same(string serial, params ImmutableArray<DiskTwin> twins) => Shell.Of(
        $$"""
        now=$(
        {{Bearers(serial)}}
        )
        same=$(printf 'serial %s\n' "$n" {{(ImmutableArray<string>)[.. twins.Select(twin => twin.Name)]}} | sort)
        if [ "$now" != "$same" ]; then printf 'nothing was done: the disk is another one now (%s): %s\n' "$n" "$now" >&2; exit 76; fi
        """);

    private static Shell Bearers(string serial) => Shell.Of(
        $$"""
        x={{serial}}
        l=$(brief lsblk -dPo KNAME,SERIAL) || printf 'unreadable lsblk %s\n' "$?"
        printf '%s\n' "$l" | while IFS= read -r l; do
        case $l in *" SERIAL=\"$x\"") l=${l#KNAME=\"} && printf 'serial %s\n' "${l%%\"*}" ;; esac
        done | sort
        """);

    private static string Text(DiskFacts disk, VdevFacts vdevs, string seen, ImmutableArray<DiskTwin> twins)
    {
        ImmutableArray<string> lines =
        [
            $"link {disk.Name}",
            .. twins.Select(twin => twin.Name).Append(disk.Name).Order(StringComparer.Ordinal).Select(name => $"serial {name}"),
            .. vdevs.Text.Split((char[])[' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries)
                .Where(word => word == "unreadable" || word.StartsWith($"/dev/{disk.Name}", StringComparison.Ordinal))
                .Select(word => $"vdev {word}"),
            seen,
        ];
        return string.Join('\n', lines);
    }
}
