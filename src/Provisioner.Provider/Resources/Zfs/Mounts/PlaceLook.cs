using System.Collections.Immutable;
using System.Globalization;
using Provisioner.Provider.Consent;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Resources.Zfs.Mounts;

/// <summary>
/// Looks at the places where file systems are to be mounted: what would be covered there, and whether that is a way in (the login's
/// home, its keys, sshd's own) or the system itself. Links are followed, for the kernel mounts where they lead to.
/// </summary>
internal static class PlaceLook
{
    /// <summary>How many names are told of each place.</summary>
    private const int Names = 8;

    /// <summary><c>look PLACE…</c> prints what lies at each place, after <c>ways USER</c> has noted in <c>$ways</c> what may not be covered.</summary>
    public static Shell Functions { get; } = Shell.Of(
        $$"""
        solid() { readlink -m -- "$1" 2>/dev/null || printf '%s\n' "$1"; }
        way() {
        case $2 in /*) ;; *) return 0 ;; esac
        w_folder=$(solid "${2%/*}/")
        printf '%s/%s\t%s\n' "${w_folder%/}" "${2##*/}" "$1"
        w_solid=$(solid "$2")
        if [ "$w_solid" != "${w_folder%/}/${2##*/}" ]; then printf '%s\t%s\n' "$w_solid" "$1"; fi
        }
        list_ways() {
        w_home=$(getent passwd "$1" 2>/dev/null) || w_home=$(awk -F: -v u="$1" '$1 == u' /etc/passwd 2>/dev/null) || w_home=
        w_home=${w_home%:*}
        w_home=${w_home##*:}
        way "the home of $1, who logs in here" "$w_home"
        w_conf=$(PATH="$PATH:/usr/sbin:/run/current-system/sw/bin"; sshd -T -C "user=$1,host=localhost,addr=127.0.0.1" </dev/null 2>/dev/null) || w_conf=
        case $w_conf in
        *authorizedkeysfile*) ;;
        *) w_conf="authorizedkeysfile .ssh/authorized_keys /etc/ssh/authorized_keys.d/%u
        hostkey /etc/ssh/ssh_host_ed25519_key" ;;
        esac
        printf '%s\n' "$w_conf" | while read -r w_key w_value; do
        case $w_key in
        authorizedkeysfile)
        for f in $w_value; do
        f=$(printf '%s\n' "$f" | sed -e "s|%h|$w_home|g" -e "s|%u|$1|g" -e 's|%%|%|g')
        case $f in none) continue ;; /*) ;; *) f=$w_home/$f ;; esac
        if [ -e "$f" ]; then way "the keys with which $1 logs in here" "$f"; fi
        done ;;
        hostkey) if [ -e "$w_value" ]; then way "the host key of sshd" "$w_value"; fi ;;
        esac
        done
        for f in /etc /var /nix /boot /usr /bin /sbin /lib /run /dev /proc /sys; do
        if [ -e "$f" ]; then way "$f of the running system" "$f"; fi
        done
        }
        ways() {
        w_who=$1
        if [ -z "$w_who" ]; then w_who=${SUDO_USER-}; fi
        if [ -z "$w_who" ]; then w_who=$(id -un); fi
        ways=$(set -f; list_ways "$w_who" | awk '!seen[$0]++')
        }
        look() {
        for at do
        to=$(solid "$at")
        printf 'place %s\n' "$at"
        if [ "$to" != "$at" ]; then printf 'really %s\n' "$to"; fi
        while read -r m_source m_target m_type _; do
        case $m_target in *\\*) m_target=$(printf '%b' "$m_target") ;; esac
        if [ "$m_target" = "$to" ] && [ "$m_type" != autofs ]; then printf 'mounted %s (%s)\n' "$m_source" "$m_type"; fi
        done </proc/self/mounts
        if [ -d "$to" ]; then
        n=$(ls -A -- "$to" | wc -l)
        if [ "$n" -gt 0 ]; then
        printf 'count %s\n' "$((n))"
        ls -A -- "$to" | head -n {{Names}} | sed 's/^/entry /'
        fi
        elif [ -e "$to" ]; then echo file
        fi
        printf '%s\n' "$ways" | while IFS='	' read -r w_path w_what; do
        case $w_path/ in "${to%/}"/*) printf 'way %s\t%s\n' "$w_path" "$w_what" ;; esac
        done
        done
        }
        """);

    /// <summary>What lies at places, as text that can be compared.</summary>
    public static Shell At(ImmutableArray<string> places, string? login) => Shell.Lines(
        Functions,
        Shell.Of(
            $$"""
            ways {{login ?? ""}}
            look {{places}}
            """));

    /// <summary>Reads what was printed of all places, those that are left too.</summary>
    public static ZfsMounting Read(ZfsMounting mounting, string text)
    {
        var blocks = Blocks(text).ToList();
        var covers = ImmutableArray.CreateBuilder<string>();
        var (ways, cut) = (ImmutableArray.CreateBuilder<string>(), ImmutableArray.CreateBuilder<string>());
        var expected = new List<string>();
        foreach (var block in blocks)
        {
            var place = block[0]["place ".Length..];
            var isLeft = mounting.Leaves.ContainsValue(place);
            var inWay = block.Where(line => line.StartsWith("way ", StringComparison.Ordinal)).Select(line => Way(line[4..])).ToList();
            if (isLeft)
            {
                cut.AddRange(inWay);
            }

            if (!mounting.Mounts.ContainsValue(place))
            {
                continue;
            }

            if (isLeft)
            {
                // What lies there now goes away with the file system that it is in; nothing may be below.
                expected.AddRange(block.Where(line => line.StartsWith("place ", StringComparison.Ordinal) || line.StartsWith("really ", StringComparison.Ordinal)));
                continue;
            }

            expected.AddRange(block);
            ways.AddRange(inWay);
            if (Words(block) is { } words)
            {
                covers.Add($"at {place}: {words}");
            }
        }

        return mounting with
        {
            Covers = covers.ToImmutable(),
            Ways = [.. ways.Distinct(StringComparer.Ordinal)],
            Cut = [.. cut.Distinct(StringComparer.Ordinal)],
            Seen = Recheck.DigestOf(string.Join('\n', expected)),
        };
    }

    private static IEnumerable<List<string>> Blocks(string text)
    {
        List<string>? block = null;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("place ", StringComparison.Ordinal))
            {
                if (block is not null)
                {
                    yield return block;
                }

                block = [];
            }

            block?.Add(line);
        }

        if (block is not null)
        {
            yield return block;
        }
    }

    private static string Way(string line) => line.Split('\t', 2) is [var path, var what] && !what.StartsWith(path + " ", StringComparison.Ordinal) ? $"{what} ({path})" : line.Split('\t')[^1];

    /// <summary>What lies at a place, in words; null for nothing.</summary>
    private static string? Words(List<string> block)
    {
        string? Of(string word) => block.FirstOrDefault(line => line.StartsWith(word, StringComparison.Ordinal)) is { } line ? line[word.Length..] : null;
        var names = block.Where(line => line.StartsWith("entry ", StringComparison.Ordinal)).Select(line => RemoteText.Clean(line[6..])).ToList();
        var count = int.TryParse(Of("count "), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        ImmutableArray<string> parts =
        [
            .. Of("really ") is { } to ? [$"it leads to {to}"] : Array.Empty<string>(),
            .. block.Where(line => line.StartsWith("mounted ", StringComparison.Ordinal)).Select(line => $"{line[8..]} is mounted there"),
            .. block.Contains("file") ? ["a file that is no folder"] : Array.Empty<string>(),
            .. count > 0 ? [$"{string.Join(", ", names)}{(count > names.Count ? string.Create(CultureInfo.InvariantCulture, $" and {count - names.Count} more") : "")}"] : Array.Empty<string>(),
            .. block.Where(line => line.StartsWith("way ", StringComparison.Ordinal)).Select(line => Way(line[4..])).Distinct(StringComparer.Ordinal),
        ];
        return parts.IsEmpty || (parts.Length == 1 && Of("really ") is not null) ? null : string.Join("; ", parts);
    }
}
