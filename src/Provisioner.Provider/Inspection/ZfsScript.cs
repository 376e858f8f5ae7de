using System.Collections.Immutable;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Inspection;

/// <summary>The shell text that asks ZFS about everything imported, in a handful of processes.</summary>
/// <remarks>
/// A command of ZFS may hang for good when a disk was pulled under a pool, and then no signal ends it (facts of the virtual
/// Pi). So they run in the background while the rest of the device is read, write into files, and are waited for only so long;
/// while one hangs no other is started. Datasets and snapshots come from one walk over them all: the walk is what takes the time
/// (0.1 s for each dataset under emulation), not the properties, and awk leaves away what is only inherited. <c>whole</c> stands at
/// the end only when every command ended well: behind one that was cut off, datasets would look as if they had been destroyed.
/// A user's property may hold anything, line breaks and tabs among it: <c>rows</c> makes one line of each value (%25, %0A and %09
/// stand for themselves, a line break and a tab). ZFS prints its own properties first, a dataset's <c>type</c> and a pool's <c>size</c>
/// ahead of all, so that what a user's property holds behind a line break is taken for no row of another kind.
/// </remarks>
internal static class ZfsScript
{
    /// <summary>The most snapshots that are listed: a megabyte or two.</summary>
    public const int SnapshotLimit = 20_000;

    /// <summary>How long the walk may take.</summary>
    public const int WalkSeconds = 45;

    /// <summary>How long all of it is waited for behind the rest of the inspection; longer than the walk, so that its end is seen.</summary>
    public const int PatienceSeconds = 52;

    /// <summary>What is sent of every dataset, whatever set it; of all other properties only those that are set on the dataset itself.</summary>
    public static ImmutableArray<string> Always { get; } =
    [
        "guid", "type", "used", "referenced", "available", "keystatus", "encryptionroot", "mounted", "mountpoint",
        "encryption", "casesensitivity", "normalization", "utf8only",
    ];

    /// <summary><c>zfs_begin</c> starts; <c>zfs_devices</c> waits for the devices of the pools and prints them; <c>zfs_rest</c> prints the rest.</summary>
    public static Shell Functions { get; } = Shell.Of(
        $$"""
        zfs_at=
        patient() { if command -v timeout >/dev/null 2>&1; then timeout {{WalkSeconds}} "$@"; else "$@"; fi 2>/dev/null </dev/null; }
        rows() {
        awk -F '\t' -v first="$1" 'function flush() {
        if (n == "") return
        if (!match(v, /\t[^\t]*$/)) { n = ""; return }
        x = substr(v, 1, RSTART - 1); o = substr(v, RSTART + 1)
        gsub(/%/, "%25", x); gsub(/\n/, "%0A", x); gsub(/\t/, "%09", x)
        print n "\t" q "\t" x "\t" o
        n = ""
        }
        function begins() {
        if (NF < 4 && !(NF == 3 && index($2, ":"))) return 0
        if ($1 !~ /^[A-Za-z][A-Za-z0-9_.:@\/ -]*$/ || $2 !~ /^[a-z0-9@][A-Za-z0-9_.:@+-]*$/) return 0
        if (n == "" || !index(q, ":")) return 1
        return n == $1 ? index($2, ":") : $2 == first
        }
        begins() { flush(); n = $1; q = $2; v = substr($0, length(n) + length(q) + 3); next }
        n != "" { v = v "\n" $0 }
        END { flush() }'
        }
        ended() { if [ "$2" -ne 0 ]; then printf '%s %s\n' "$2" "$1" >>"$zfs_at/failed"; fi; }
        zfs_begin() {
        [ -e "$p/sys/module/zfs" ] || return 0
        zfs_mark="$p/run/provisioner-zfs"
        if [ -r "$zfs_mark" ] && IFS= read -r l <"$zfs_mark" && kill -0 "$l" 2>/dev/null; then s zfs-failed; echo earlier; return 0; fi
        zfs_at=$(mktemp -d) || return 0
        { vdevs >"$zfs_at/vdevs"; mv "$zfs_at/vdevs" "$zfs_at/devices"
        { s zfs-pools; { brief zpool get -Hp -o name,property,value,source all; ended 'zpool get' "$?"; } | rows size | grep -v '	feature@'
        s zfs-status; brief zpool status -pLP; ended 'zpool status' "$?"
        s zfs-guids; brief zpool status -pg; ended 'zpool status' "$?"
        s zfs-datasets; { patient zfs get -Hp -t filesystem,volume,snapshot -o name,property,value,source all; ended 'zfs get' "$?"; } | { rows type; ended awk "$?"; } |
        awk -F '\t' -v always={{string.Join(' ', Always)}} -v most={{SnapshotLimit}} 'BEGIN { n = split(always, a, " "); for (i = 1; i <= n; i++) ok[a[i]] = 1 }
        index($1, "@") { if ($2 == "createtxg") t = $3; if ($2 == "guid") g = $3; if ($2 == "referenced") r = $3
        if ($1 != done && t != "" && g != "") { if (++count <= most) print "@" $1 "\t" g "\t" t "\t" r; done = $1; t = g = "" }
        next }
        $2 in ok || $4 == "local" || $4 == "received" { if ($1 != last) { print $1; last = $1 }
        print "\t" $2 "\t" $3 "\t" substr($4, 1, 1) }'
        ended awk "$?"
        if [ -e "$zfs_at/failed" ]; then s zfs-failed; cat "$zfs_at/failed"; else echo whole; fi
        } >"$zfs_at/facts"; mv "$zfs_at/facts" "$zfs_at/rest"
        } </dev/null >/dev/null 2>&1 &
        zfs_pid=$!
        }
        zfs_wait() {
        n=0
        while [ ! -e "$zfs_at/$1" ] && [ "$n" -lt "$2" ]; do sleep 0.2; n=$((n + 1)); done
        [ -e "$zfs_at/$1" ]
        }
        zfs_devices() {
        [ -e "$p/sys/module/zfs" ] || return 0
        if [ -n "$zfs_at" ] && zfs_wait devices 75; then text "$zfs_at/devices"; else echo unreadable; fi
        }
        zfs_rest() {
        for f in "$p"/proc/spl/kstat/zfs/*/state; do
        if [ -r "$f" ]; then s "zfs-state $f"; text "$f"; fi
        done
        s hostid; text "$p/sys/module/spl/parameters/spl_hostid"
        s hostid-file; if [ -r "$p/etc/hostid" ]; then hex <"$p/etc/hostid"; fi
        [ -n "$zfs_at" ] || return 0
        if [ -e "$zfs_at/devices" ] && zfs_wait rest {{PatienceSeconds * 5}}; then cat "$zfs_at/rest"; else s zfs-failed; echo waited; printf '%s\n' "$zfs_pid" >"$zfs_mark"; fi
        rm -rf "$zfs_at"
        }
        """);
}
