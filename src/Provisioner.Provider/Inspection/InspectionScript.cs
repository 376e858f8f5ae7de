using System.Collections.Immutable;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Inspection;

/// <summary>
/// The one remote command that reads a whole device. POSIX sh; every tool may be missing. Each part of the answer is preceded
/// by a boundary line with a fresh random word, so that no file's content can pretend to be another part; what may hold any
/// bytes (file names, keyfiles) comes as hex. Passwords stay on the device: of a keyfile only harmless keys are sent,
/// and a digest of the password that is keyed with a word made for this one inspection.
/// </summary>
internal static class InspectionScript
{
    /// <summary>The keys of a keyfile whose values may leave the device. Of all others only the name is sent.</summary>
    public static ImmutableArray<string> HarmlessKeys { get; } =
    [
        "connection.id", "connection.uuid", "connection.type", "connection.autoconnect", "connection.autoconnect-priority",
        "connection.autoconnect-retries", "connection.interface-name", "connection.permissions", "connection.zone",
        "wifi.ssid", "wifi.mode", "wifi.hidden", "wifi.band", "wifi.channel", "wifi.bssid", "wifi.powersave",
        "wifi.mac-address", "wifi.cloned-mac-address",
        "802-11-wireless.ssid", "802-11-wireless.mode", "802-11-wireless.hidden",
        "wifi-security.key-mgmt", "wifi-security.psk-flags", "802-11-wireless-security.key-mgmt", "802-11-wireless-security.psk-flags",
        "ipv4.method", "ipv4.address1", "ipv4.addresses", "ipv4.gateway", "ipv4.dns", "ipv4.never-default", "ipv4.route-metric",
        "ipv6.method", "ipv6.addr-gen-mode", "ipv6.never-default", "ipv6.route-metric",
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
        hex() { od -An -v -tx1 | tr -d ' \n'; }
        lim() { if command -v timeout >/dev/null 2>&1; then timeout 8 "$@"; else "$@"; fi 2>/dev/null </dev/null; }
        text() { tr -d '\000' <"$1" 2>/dev/null; }

        s account; id -u; id -un
        s ssh; printf '%s\n' "${SSH_CONNECTION-}"
        s hostname; text "$p/proc/sys/kernel/hostname"
        s boot-id; text "$p/proc/sys/kernel/random/boot_id"
        s uptime; text "$p/proc/uptime"
        s clock; date +%s
        s machine-id; text "$p/etc/machine-id"
        s kernel; uname -r; uname -m
        s os-release; text "$p/etc/os-release"
        s nixos; if [ -e "$p/etc/NIXOS" ]; then echo yes; fi
        s model
        if [ -r "$p/proc/device-tree/model" ]; then echo device-tree; text "$p/proc/device-tree/model"; echo
        text "$p/proc/device-tree/serial-number"; echo
        else echo dmi; text "$p/sys/class/dmi/id/product_name"; text "$p/sys/class/dmi/id/product_serial"; fi
        s boot-mode; if [ -r "$p/proc/device-tree/chosen/bootloader/boot-mode" ]; then hex <"$p/proc/device-tree/chosen/bootloader/boot-mode"; fi
        s memory; text "$p/proc/meminfo"
        s mounts; text "$p/proc/self/mounts"
        s disks; lim lsblk -J -b -o NAME,PATH,TYPE,SIZE,MODEL,SERIAL,TRAN,RM,RO,FSTYPE,LABEL,PARTLABEL,PARTUUID,PTUUID,MOUNTPOINT
        s disk-links
        for l in "$p"/dev/disk/by-id/*; do
        [ -L "$l" ] && printf '%s %s\n' "$(printf %s "${l##*/}" | hex)" "$(readlink "$l" | hex)"
        done
        s zfs; text "$p/sys/module/zfs/version"
        s kexec
        [ -e "$p/sys/kernel/kexec_loaded" ] && echo loaded-file=yes
        [ -r "$p/proc/sys/kernel/kexec_load_disabled" ] && echo "disabled=$(text "$p/proc/sys/kernel/kexec_load_disabled")"
        [ -r "$p/proc/device-tree/cpus/cpu@0/enable-method" ] && echo "enable-method=$(text "$p/proc/device-tree/cpus/cpu@0/enable-method")"
        if [ -r "$p/proc/config.gz" ]; then zcat "$p/proc/config.gz"; else cat "$p/boot/config-$(uname -r)"; fi 2>/dev/null | grep -E '^CONFIG_KEXEC(_FILE)?=y'
        s tools
        for t in nmcli iw lsblk sgdisk sfdisk blkid zpool zfs mkfs.vfat nix nixos-install disko systemd-run setsid timeout sha256sum tar zstd; do
        command -v "$t" >/dev/null 2>&1 && echo "$t"
        done
        s addresses; lim ip -o addr show
        s regulatory; lim iw reg get
        s nm-general; lim nmcli -t -f RUNNING,VERSION,STATE general
        s nm-devices; lim nmcli -t -f DEVICE,TYPE,STATE,CON-UUID device status
        s nm-connections; lim nmcli -t -f UUID,TYPE,AUTOCONNECT,AUTOCONNECT-PRIORITY,ACTIVE,DEVICE,STATE,FILENAME connection show
        s nm-scan; lim nmcli -t -f IN-USE,SSID-HEX,SIGNAL,SECURITY device wifi list --rescan no

        digest() { { printf '%s\n' "$key"; cat; printf '\n%s\n' "$key"; } | sha256sum | cut -c1-64; }
        trimmed='function trim(x) { sub(/^[ \t]+/, "", x); sub(/[ \t]+$/, "", x); return x }
        /^[ \t]*\[/ { s = $0; sub(/^[ \t]*\[/, "", s); sub(/\].*$/, "", s); next }
        /^[ \t]*[#;]/ { next }
        { i = index($0, "="); if (!i) next; k = s "." trim(substr($0, 1, i - 1)); v = substr($0, i + 1); sub(/^[ \t]+/, "", v) }'
        keyfile() {
        awk -v harmless={{string.Join(' ', HarmlessKeys)}} "BEGIN { n = split(harmless, h, \" \"); for (i = 1; i <= n; i++) ok[h[i]] = 1 } $trimmed"'
        k ~ /^[A-Za-z0-9_.-]+$/ { if (k in ok) print k "=" v; else print k }' "$1"
        }
        profiles() {
        for f in "$p$2$1"/*; do
        [ -e "$f" ] || [ -L "$f" ] || continue
        printf 'file %s ' "$(printf %s "${f#"$p"}" | hex)"
        stat -c '%f %u %g %s' "$f" 2>/dev/null || echo
        if [ -f "$f" ] && [ -r "$f" ] && [ "$(wc -c <"$f")" -le 65536 ]; then
        echo "keys $(keyfile "$f" | hex)"
        echo "secret $(awk "$trimmed"' k ~ /^(wifi|802-11-wireless)-security\.psk$/ { x = v } END { printf "%s", x }' "$f" | digest)"
        fi
        done
        }
        s profiles
        profiles /etc/NetworkManager/system-connections ''
        profiles /run/NetworkManager/system-connections ''
        profiles /usr/lib/NetworkManager/system-connections ''
        if grep -q ' /mnt ' "$p/proc/self/mounts" 2>/dev/null; then
        profiles /etc/NetworkManager/system-connections /mnt
        profiles /usr/lib/NetworkManager/system-connections /mnt
        fi
        s watchdog
        w="$p/var/lib/provisioner/watchdog"
        for f in armed going-back outcome; do
        if [ -f "$w/$f" ]; then printf '%s %s\n' "$f" "$(head -c 4096 "$w/$f" | hex)"; fi
        done
        s end
        """);
}
