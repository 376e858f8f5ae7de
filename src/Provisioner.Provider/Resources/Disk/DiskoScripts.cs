using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Resources.Disk;

/// <summary>
/// disko, in its confirmed mode, with guards in front of what it does by name: it unmounts /mnt and everything below, ends swap on
/// ZFS volumes, and force-imports any pool that has a name of its file's.
/// </summary>
internal static class DiskoScripts
{
    /// <summary>What the file may name: one disk, ours; and of each pool the name. A file may be a function of lib, which is not there for it.</summary>
    private const string Names =
        """
        file: let
          given = import file;
          value = if builtins.isFunction given then given { lib = throw "a function of lib cannot be checked here: give the file as a plain attribute set"; } else given;
          devices = value.disko.devices;
          disks = devices.disk or { };
        in builtins.concatStringsSep "\n" (
          map (name: "disk " + (disks.${name}.device or "none")) (builtins.attrNames disks)
          ++ map (name: "pool " + name) (builtins.attrNames (devices.zpool or { }))
          ++ map (name: "also " + name) (builtins.filter (kind: devices.${kind} != { }) (builtins.attrNames (removeAttrs devices [ "disk" "zpool" ])))
        )
        """;

    /// <summary>Reads the file from stdin into <c>$f</c>, in a folder of root's, and ends the script when disko would touch more than the disk.</summary>
    /// <param name="byId">The disk.</param>
    /// <param name="mounts">The table of mounts; another one for tests.</param>
    public static Shell Guards(string byId, string mounts = "/proc/self/mounts") => Shell.Of(
        $$"""
        for t in disko nix-instantiate; do
        if ! command -v "$t" >/dev/null 2>&1; then printf 'nothing was done: there is no %s on the device; put disko into its system (environment.systemPackages), or use the tool native\n' "$t" >&2; exit 76; fi
        done
        if m=$(grep -E '^[^ ]+ /mnt(/[^ ]*)? ' {{mounts}}); then printf 'nothing was done: something is mounted at or below /mnt, and disko would unmount it; unmount it first: %s\n' "$m" >&2; exit 76; fi
        if grep -q -E '^/dev/(zd|zvol)' /proc/swaps 2>/dev/null; then echo 'nothing was done: swap is in use on a ZFS volume, and disko would end it' >&2; exit 76; fi
        w=$(mktemp -d)
        trap 'rm -rf "$w"' EXIT
        f="$w/disk.nix"
        cat >"$f"
        if [ "$(wc -c <"$f")" -ne "$stdin_bytes" ]; then echo 'the disko file did not arrive whole' >&2; exit 65; fi
        if ! nix-instantiate --eval --strict --json -E {{$"({Names}) "}}"$f" >"$w/names" 2>"$w/error"; then
        echo 'nothing was done: the disko file cannot be evaluated, so it cannot be told which disks it names:' >&2; cat "$w/error" >&2; exit 76
        fi
        names=$(sed 's/^"//; s/"$//; s/\\n/\
        /g' "$w/names")
        want={{$"disk /dev/disk/by-id/{byId}"}}
        printf '%s\n' "$names" >"$w/names"
        while IFS= read -r l; do
        case $l in
        "$want"|'') ;;
        'pool '*)
        if command -v zpool >/dev/null 2>&1 && { zpool list -H "${l#pool }" >/dev/null 2>&1 || zpool import 2>/dev/null | grep -q -F -x "   pool: ${l#pool }"; }; then
        printf 'nothing was done: there is a pool %s already, on another disk, and disko would import that one by its name\n' "${l#pool }" >&2; exit 76
        fi ;;
        *) printf 'nothing was done: the disko file is for more than this one disk: %s (expected: %s)\n' "$l" "$want" >&2; exit 76 ;;
        esac
        done <"$w/names"
        case $names in *"$want"*) ;; *) printf 'nothing was done: the disko file does not name this disk: %s\n' "$want" >&2; exit 76 ;; esac
        """);

    /// <summary>Runs it. The flag counts only with exactly this mode; without it disko waits for a typed "yes".</summary>
    public static Shell Make { get; } = Shell.Of(
        $$"""
        disko --mode destroy,format,mount --yes-wipe-all-disks "$f" </dev/null >&2
        """);

    /// <summary>Unmounts what disko mounted of a generated file; the guards have seen to it that nothing else is there.</summary>
    public static Shell Unmount { get; } = Shell.Of(
        $$"""
        umount {{$"/mnt{DiskoFile.MountPoint}"}}
        rmdir --ignore-fail-on-non-empty {{$"/mnt{DiskoFile.MountPoint}"}}
        """);
}
