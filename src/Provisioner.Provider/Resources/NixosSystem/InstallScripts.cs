using System.Collections.Immutable;
using Provisioner.Provider.Building;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Systems;

namespace Provisioner.Provider.Resources.NixosSystem;

/// <summary>The scripts of an installation; those that build are shared with updates.</summary>
internal static class InstallScripts
{
    /// <summary>
    /// Mounts the file systems in the order of their paths. What is mounted already as it should be stays; anything else that is
    /// mounted there is left alone, and the script fails with what it is. The pool is taken by its GUID, and never by force.
    /// </summary>
    public static Shell Mount(NixosSystemArgs desired)
    {
        var mounts = desired.Datasets.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => Shell.Of(
            $"at {SystemScript.Target + entry.Key.TrimEnd('/')} {desired.Pool + "/" + entry.Value} zfs"));
        return Shell.Of(
            $$"""
            pool={{desired.Pool!}}
            guid={{desired.PoolGuid!}}
            if ! known=$(zpool list -H -o guid "$pool" 2>/dev/null); then
            zpool import -N -R {{SystemScript.Target}} "$guid" || { echo "the pool with the GUID $guid cannot be imported; see what is above" >&2; exit 66; }
            known=$(zpool list -H -o guid "$pool")
            fi
            if [ "$known" != "$guid" ]; then
            echo "the pool $pool has the GUID $known, and $guid was expected: it is another pool, and is not touched" >&2; exit 66
            fi
            at() {
            is=
            while read -r m_source m_target m_type _; do
            if [ "$m_target" = "$1" ] && [ "$m_type" != autofs ]; then is=$m_source; fi
            done </proc/self/mounts
            if [ -n "$is" ]; then
            if [ "$is" = "$2" ] || [ "$is" = "$(readlink -f "$2")" ]; then return 0; fi
            echo "$is is mounted at $1, where $2 belongs; unmount it" >&2; exit 66
            fi
            mkdir -p "$1"
            case $3 in
            vfat) mount -t vfat -o umask=0077 "$2" "$1" ;;
            *) mount -t "$3" "$2" "$1" ;;
            esac
            if [ "$1" = {{SystemScript.Target}} ]; then chown 0:0 "$1"; chmod 0755 "$1"; fi
            }
            umask 022
            {{Shell.Lines(mounts)}}
            at {{SystemScript.Target + "/boot"}} {{desired.BootPartition!}} vfat
            """);
    }

    /// <summary>Unpacks the flake that comes on stdin, beside the old one first.</summary>
    public static Shell Receive { get; } = Shell.Of(
        $$"""
        d={{SystemScript.Folder}}
        mkdir -p "$d"; chmod 0700 "$d"
        rm -rf "$d/flake.new"
        mkdir "$d/flake.new"
        trap 'rm -rf "$d/flake.new" "$d/flake.tar"' EXIT
        cat >"$d/flake.tar"
        if [ "$(wc -c <"$d/flake.tar")" -ne "$stdin_bytes" ]; then echo 'the flake did not arrive whole' >&2; exit 65; fi
        tar -xf "$d/flake.tar" -C "$d/flake.new" --no-same-owner
        rm -rf "$d/flake"
        mv "$d/flake.new" "$d/flake"
        """);

    /// <summary>Puts the host key that comes on stdin in place before sshd would make one of its own.</summary>
    /// <param name="root">Where the system lies; <c>owner</c> other than root's is for tests.</param>
    public static Shell HostKey(string root, string publicKey, string owner = "0:0") => Shell.Of(
        $$"""
        d={{root + "/etc/ssh"}}
        if [ ! -d "$d" ]; then mkdir -p "$d"; chmod 0755 "${d%/ssh}" "$d"; fi
        k="$d/ssh_host_ed25519_key"
        t="$d/.provisioner-$$"
        trap 'rm -f "$t"' EXIT
        cat >"$t"
        if [ "$(wc -c <"$t")" -ne "$stdin_bytes" ]; then echo 'the host key did not arrive whole' >&2; exit 65; fi
        chown {{owner}} "$t"
        chmod 0600 "$t"
        sync "$t" 2>/dev/null || sync
        mv -f "$t" "$k"
        printf '%s\n' {{publicKey}} >"$t"
        chmod 0644 "$t"
        mv -f "$t" "$k.pub"
        """);

    /// <summary>
    /// Whoever may log in as root, or as the user that we log in as, on the card's system may do so on the installed one: the flake
    /// need not name the keys. Those that are there are left.
    /// </summary>
    /// <param name="from">Where the running system lies; empty but for tests.</param>
    /// <param name="to">Where the installed one lies.</param>
    /// <param name="user">Who logs in.</param>
    public static Shell Access(string from, string to, string user) => Shell.Of(
        $$"""
        carry() {
        if [ -s "$1" ] && [ ! -e "$2/authorized_keys" ]; then
        mkdir -p "$2"
        chmod 0700 "${2%/.ssh}" "$2"
        cp "$1" "$2/authorized_keys.new"
        chmod 0600 "$2/authorized_keys.new"
        if [ -n "$3" ]; then chown "$3" "${2%/.ssh}" "$2" "$2/authorized_keys.new"; fi
        mv -f "$2/authorized_keys.new" "$2/authorized_keys"
        fi
        }
        from={{from}}
        to={{to}}
        carry "$from/root/.ssh/authorized_keys" "$to/root/.ssh" ''
        user={{user}}
        if [ "$user" != root ]; then
        here=$(awk -F: -v u="$user" '$1 == u { print $6 }' "$from/etc/passwd")
        there=$(awk -F: -v u="$user" '$1 == u { print $3 ":" $4 " " $6 }' "$to/etc/passwd" 2>/dev/null) || there=
        if [ -n "$here" ] && [ -n "$there" ]; then carry "$from$here/.ssh/authorized_keys" "$to${there#* }/.ssh" "${there%% *}"; fi
        fi
        """);

    /// <summary>Builds the system on the device, and keeps it from Nix's garbage collection.</summary>
    public static Shell Build(NixosSystemArgs desired) => Shell.Of(
        $$"""
        {{Flake(desired)}}
        {{Caches.Find(Shell.Of($"\"$d/flake\""))}}
        {{Nix(desired)}} build "$@" "$flake#$attribute.config.system.build.toplevel" --out-link "$d/result" --print-build-logs
        """);

    /// <summary>Takes a system that the device has or gets from a substituter, and keeps it from Nix's garbage collection.</summary>
    public static Shell Take(NixosSystemArgs desired, string path) => Shell.Of(
        $$"""
        d={{SystemScript.Folder}}
        mkdir -p "$d"; chmod 0700 "$d"
        {{Nix(desired)}} build {{path}} --out-link "$d/result" || { echo 'the device neither has the system nor gets it from a substituter; copy it there with: nix copy --to ssh://…' >&2; exit 65; }
        """);

    /// <summary>What nixos-install does is: copy the closure, make the generation, activate in a chroot, write the boot files.</summary>
    public static Shell Install { get; } = Shell.Of(
        $$"""
        top=$(readlink -f {{SystemScript.Folder + "/result"}})
        [ -x "$top/bin/switch-to-configuration" ] || { echo "what was built at $top is no NixOS system" >&2; exit 65; }
        nixos-install --system "$top" --root {{SystemScript.Target}} --no-channel-copy --no-root-passwd
        """);

    /// <summary>Where a flake sets no host id, the pinned one is written down; one that it sets is what activation has made.</summary>
    public static Shell HostId(string root, string hostId) => Shell.Of(
        $$"""
        f={{root + "/etc/hostid"}}
        if [ ! -e "$f" ] && [ ! -L "$f" ]; then
        id={{hostId}}
        for part in "${id#??????}" "${id#????}" "${id#??}" "$id"; do
        two=${part%"${part#??}"}
        printf "\\$(printf %o "0x$two")"
        done >"$f.new"
        chmod 0644 "$f.new"
        mv -f "$f.new" "$f"
        fi
        """);

    /// <summary>Looks whether what is there would boot: profile, closure, boot files with all that they name, /etc/NIXOS, room.</summary>
    public static Shell Verify(string root, bool wantsFirmware) => Shell.Of(
        $$"""
        root={{root}}
        top=$(readlink -f {{SystemScript.Folder + "/result"}})
        p="$root/nix/var/nix/profiles"
        link=$(readlink "$p/system") || { echo "there is no system profile in $p" >&2; exit 65; }
        is=$(readlink "$p/$link") || is=$link
        [ "$is" = "$top" ] || { echo "the system profile leads to $is and not to $top" >&2; exit 65; }
        [ -x "$root$top/init" ] || { echo "$top is not in the store of $root/" >&2; exit 65; }
        [ -e "$root/etc/NIXOS" ] || { echo "$root/etc/NIXOS is missing: the system could not be entered or updated" >&2; exit 65; }
        e="$root/boot/extlinux"
        [ -s "$e/extlinux.conf" ] || { echo "there is no $e/extlinux.conf: U-Boot would find nothing to boot" >&2; exit 65; }
        grep -qF "init=$top/init" "$e/extlinux.conf" || { echo "$e/extlinux.conf does not name the new system" >&2; exit 65; }
        awk '$1 == "LINUX" || $1 == "INITRD" || $1 == "FDT" { print $2 }' "$e/extlinux.conf" | while read -r f; do
        case $f in /*) f="$root/boot$f" ;; *) f="$e/$f" ;; esac
        [ -s "$f" ] || { echo "extlinux.conf names $f, which is not there or empty" >&2; exit 65; }
        done
        {{(wantsFirmware ? Firmware : Shell.Empty)}}
        sync
        df -Pk "$root/boot" "$root/nix" | awk 'NR > 1 { printf "%s has %d MiB left\n", $6, $4 / 1024 }'
        """);

    /// <summary>Notes on the system itself what it was made from; the next inspection compares.</summary>
    public static Shell Note(string root, string digest) => Shell.Of(
        $$"""
        top=$(readlink -f {{SystemScript.Folder + "/result"}})
        n={{root + SystemScript.Folder}}
        mkdir -p "$n"; chmod 0700 "$n"
        printf '%s %s\n' {{digest}} "$top" >"$n/made.tmp"
        sync "$n/made.tmp" 2>/dev/null || sync
        mv -f "$n/made.tmp" "$n/made"
        """);

    /// <summary>What a switch would do, in the system's own words; it is no reason to stop when the system does not say.</summary>
    public static Shell DryRun { get; } = Shell.Of(
        $"""
        top=$(readlink -f {SystemScript.Folder + "/result"})
        timeout 120 "$top/bin/switch-to-configuration" dry-activate 2>&1 || echo "dry-activate ended with exit code $?"
        """);

    private static Shell Firmware { get; } = Shell.Of(
        $$"""
        for f in config.txt start4.elf; do
        [ -s "$root/boot/$f" ] || { echo "$root/boot/$f is missing: the board's firmware would not start" >&2; exit 65; }
        done
        """);

    private static Shell Flake(NixosSystemArgs desired) => Shell.Of(
        $$"""
        d={{SystemScript.Folder}}
        flake=path:$d/flake
        attribute={{desired.SystemPath}}
        """);

    /// <summary>The command of Nix, with the options that every use of it has.</summary>
    public static Shell Nix(NixosSystemArgs desired)
    {
        ImmutableArray<string> options =
        [
            "--extra-experimental-features", "nix-command flakes",
            "--option", "connect-timeout", "15",
            .. Caches.Accept,
            .. desired.Substituters.IsEmpty ? ImmutableArray<string>.Empty :
            [
                "--option", "extra-substituters", string.Join(' ', desired.Substituters.Keys),
                "--option", "extra-trusted-public-keys", string.Join(' ', desired.Substituters.Values),
            ],
            .. NixBuilder.Words(desired.NixOptions),
        ];
        return Shell.Of($"nix {options}");
    }
}
