using System.Collections.Immutable;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Systems;

namespace Provisioner.Provider.Inspection;

/// <summary>
/// The one remote command that reads a whole device. POSIX sh; every tool may be missing; few processes are started, because a
/// small board takes longest for those, and what asks ZFS and what asks NetworkManager run beside the rest. Each part of the answer is preceded
/// by a boundary line with a fresh random word, so that no file's content can pretend to be another part; what may hold any
/// bytes (file names, keyfiles) comes as hex. Passwords stay on the device: of a keyfile only harmless keys are sent,
/// and a digest of the password that is keyed with a word made for this one inspection.
/// </summary>
internal static class InspectionScript
{
    /// <summary>The keys of a keyfile whose values may leave the device, those that are numbered without their number. Of all others only the name is sent.</summary>
    public static ImmutableArray<string> HarmlessKeys { get; } =
    [
        "connection.id", "connection.uuid", "connection.type", "connection.autoconnect", "connection.autoconnect-priority",
        "connection.autoconnect-retries", "connection.interface-name", "connection.permissions", "connection.zone",
        "wifi.ssid", "wifi.mode", "wifi.hidden", "wifi.band", "wifi.channel", "wifi.bssid", "wifi.powersave",
        "wifi.mac-address", "wifi.cloned-mac-address",
        "802-11-wireless.ssid", "802-11-wireless.mode", "802-11-wireless.hidden",
        "wifi-security.key-mgmt", "wifi-security.psk-flags", "802-11-wireless-security.key-mgmt", "802-11-wireless-security.psk-flags",
        "ipv4.method", "ipv4.address", "ipv4.addresses", "ipv4.gateway", "ipv4.dns", "ipv4.dns-search", "ipv4.ignore-auto-dns", "ipv4.never-default", "ipv4.route-metric",
        "ipv6.method", "ipv6.address", "ipv6.addresses", "ipv6.gateway", "ipv6.dns", "ipv6.dns-search", "ipv6.ignore-auto-dns", "ipv6.addr-gen-mode", "ipv6.never-default", "ipv6.route-metric",
    ];

    /// <summary>
    /// Reads two lines from stdin: the digest key and the boundary word. The first argument, when given, is a folder that
    /// stands for <c>/</c>, for tests.
    /// </summary>
    public static Shell Source { get; } = Shell.Of(
        $$"""
        set +eu
        IFS= read -r key && IFS= read -r word || exit 64
        p=${1-}
        s() { printf '\n--%s %s\n' "$word" "$1"; }
        text() { [ -r "$1" ] && while IFS= read -r l || [ -n "$l" ]; do printf '%s\n' "$l"; done <"$1"; }
        plain() { [ -r "$1" ] && tr '\000' '\n' <"$1"; }
        hex() { od -An -v -tx1 | tr -d ' \n'; }
        {{BlockScript.Functions}}
        {{ZfsScript.Functions}}

        line='function trim(x) { sub(/^[ \t]+/, "", x); sub(/[ \t]+$/, "", x); return x }
        FNR == 1 { s = "" }
        /^[ \t]*\[/ { s = $0; sub(/^[ \t]*\[/, "", s); sub(/\].*$/, "", s); next }
        /^[ \t]*[#;]/ { next }
        { i = index($0, "="); if (!i) next; k = s "." trim(substr($0, 1, i - 1)); v = substr($0, i + 1); sub(/^[ \t]+/, "", v) }'
        profiles() {
        for f in "$1"/*; do
        if [ -e "$f" ] || [ -L "$f" ]; then set -- "$@" "$f"; fi
        done
        [ "$#" -gt 2 ] || return 0
        s "profiles $2"
        shift 2
        printf 'names '
        for f in "$@"; do printf '%s\000' "${f##*/}"; done | hex
        echo
        stat -c 'stat %f %u %g %s' "$@" 2>/dev/null
        printf 'read'
        i=0
        for f in "$@"; do
        shift
        if [ -f "$f" ] && [ -r "$f" ] && [ -s "$f" ]; then set -- "$@" "$f"; printf ' %s' "$i"; fi
        i=$((i + 1))
        done
        echo
        [ "$#" -gt 0 ] || return 0
        printf 'keys '
        awk -v harmless={{string.Join(' ', HarmlessKeys)}} "BEGIN { n = split(harmless, h, \" \"); for (i = 1; i <= n; i++) ok[h[i]] = 1 }
        FNR == 1 { print \"/\" } $line"'
        k ~ /^[A-Za-z0-9_.-]+$/ { n = k; sub(/[0-9]+$/, "", n); if (k in ok || n in ok) print k "=" v; else print k }' "$@" | hex
        echo
        for f in "$@"; do
        printf 'secret '
        { printf '%s\n' "$key"
        awk "$line"' k ~ /^(wifi|802-11-wireless)-security\.psk$/ { x = v } END { printf "%s", x }' "$f"
        printf '\n%s\n' "$key"; } | sha256sum
        done
        }
        network() {
        s addresses; [ -n "${SSH_CONNECTION-}" ] && brief ip -o addr show
        s regulatory; for f in "$p"/sys/class/ieee80211/*; do [ -e "$f" ] && brief iw reg get && break; done
        s iw; for f in "$p"/sys/class/ieee80211/*; do [ -e "$f" ] && brief iw dev && break; done
        s rfkill
        for f in "$p"/sys/class/net/*/phy80211/rfkill*; do
        if [ -e "$f/soft" ]; then n=${f%/phy80211/*}; IFS= read -r a <"$f/soft"; IFS= read -r b <"$f/hard"; echo "${n##*/} $a $b"; fi
        done
        s nm-radio; brief nmcli -t -f WIFI-HW,WIFI radio
        s nm-devices; brief nmcli -t -f DEVICE,TYPE,STATE,CON-UUID device status && s nm-running && echo yes
        s nm-connections; brief nmcli -t -f UUID,TYPE,AUTOCONNECT,AUTOCONNECT-PRIORITY,ACTIVE,DEVICE,STATE,FILENAME connection show
        s nm-scan; brief nmcli -t -f IN-USE,SSID-HEX,SIGNAL,SECURITY device wifi list --rescan no
        profiles "$p/etc/NetworkManager/system-connections" /etc/NetworkManager/system-connections
        profiles "$p/run/NetworkManager/system-connections" /run/NetworkManager/system-connections
        profiles "$p/usr/lib/NetworkManager/system-connections" /usr/lib/NetworkManager/system-connections
        if [ -d "$p/mnt/etc" ]; then
        profiles "$p/mnt/etc/NetworkManager/system-connections" /mnt/etc/NetworkManager/system-connections
        profiles "$p/mnt/usr/lib/NetworkManager/system-connections" /mnt/usr/lib/NetworkManager/system-connections
        fi
        }
        zfs_begin
        net=$(mktemp) && { network >"$net" 2>/dev/null </dev/null & }
        net_pid=$!
        s account; id
        s ssh; printf '%s\n' "${SSH_CONNECTION-}"
        s hostname; text "$p/proc/sys/kernel/hostname"
        s boot-id; text "$p/proc/sys/kernel/random/boot_id"
        s uptime; text "$p/proc/uptime"
        s clock; date +%s
        s machine-id; text "$p/etc/machine-id"
        s kernel; uname -rm
        s os-release; text "$p/etc/os-release"
        s nixos; if [ -e "$p/etc/NIXOS" ]; then echo yes; fi
        s model
        if [ -r "$p/proc/device-tree/model" ]; then echo device-tree; plain "$p/proc/device-tree/model"; plain "$p/proc/device-tree/serial-number"
        else echo dmi; text "$p/sys/class/dmi/id/product_name"; text "$p/sys/class/dmi/id/product_serial"; fi
        s boot-mode
        if [ -r "$p/proc/device-tree/chosen/bootloader/boot-mode" ]; then hex <"$p/proc/device-tree/chosen/bootloader/boot-mode"
        else for l in $(text "$p/proc/cmdline"); do case $l in bootloader.boot-mode=[0-9]) printf '0000000%s' "${l#*=}";; esac; done; fi
        s memory
        n=0
        while [ "$n" -lt 3 ] && IFS= read -r l; do printf '%s\n' "$l"; n=$((n + 1)); done 2>/dev/null <"$p/proc/meminfo"
        s mounts; text "$p/proc/self/mounts"
        links=$(if [ -d "$p/dev/disk/by-id" ]; then ls -l "$p/dev/disk/by-id"; fi)
        vdevs=$(zfs_devices)
        users=$(users)
        s disk-links; printf '%s\n' "$links"
        s vdevs; printf '%s\n' "$vdevs"
        for b in $(disks); do s "disk $b"; disk "$b"; done
        s zfs; text "$p/sys/module/zfs/version"
        zfs_rest
        s kexec
        [ -e "$p/sys/kernel/kexec_loaded" ] && echo loaded-file=yes
        printf 'disabled='; text "$p/proc/sys/kernel/kexec_load_disabled" || echo
        [ -r "$p/proc/device-tree/cpus/cpu@0/enable-method" ] && printf 'enable-method=' && plain "$p/proc/device-tree/cpus/cpu@0/enable-method"
        if [ -r "$p/proc/config.gz" ]; then zcat "$p/proc/config.gz" | grep -E '^CONFIG_KEXEC(_FILE)?=y'
        else for f in "$p"/boot/config-*; do [ -r "$f" ] && grep -E '^CONFIG_KEXEC(_FILE)?=y' "$f" && break; done; fi
        s tools
        for t in nmcli iw lsblk blkid sgdisk partx wipefs blockdev udevadm mkfs.vfat fatlabel zpool zfs zdb nix nixos-install disko systemd-run setsid timeout sha256sum tar zstd; do
        command -v "$t" >/dev/null 2>&1 && echo "$t"
        done
        if [ -n "$net" ]; then wait "$net_pid"; cat "$net"; rm -f "$net"; else network; fi
        w="$p/var/lib/provisioner/watchdog"
        s armed; text "$w/armed"
        s going-back; text "$w/going-back"
        s outcome; text "$w/outcome"
        {{SystemScript.Text}}
        s end
        """);
}
