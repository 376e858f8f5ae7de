using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Resources.FirstBoot;

/// <summary>The scripts of a hand-over.</summary>
internal static class FirstBootScripts
{
    public static Shell Export(string pool, string guid) => Shell.Of(
        $$"""
        pool={{pool}}
        if is=$(zpool list -H -o guid "$pool" 2>/dev/null); then
        [ "$is" = {{guid}} ] || { echo "the pool $pool has the GUID $is: it is another pool, and is not touched" >&2; exit 66; }
        zpool export "$pool"
        fi
        if zpool list -H -o name "$pool" >/dev/null 2>&1; then echo "the pool $pool is still imported" >&2; exit 75; fi
        sync
        """);

    /// <summary>VideoCore's mailbox tag set_reboot_order: nibbles from the right, USB (4), card (1), from the beginning (f).</summary>
    public static Shell AskOnce { get; } = Shell.Of(
        $$"""
        vcmailbox 0x0003808b 4 4 0xf14 >/dev/null || { echo 'the firmware does not take a boot order; its bootloader is too old: rpi-eeprom-update -a' >&2; exit 69; }
        """);

    /// <summary>Detached, so that this connection ends well before the device goes down.</summary>
    public static Shell Restart { get; } = Shell.Of(
        $$"""
        sync
        if command -v systemd-run >/dev/null 2>&1 && [ -d /run/systemd/system ]; then
        systemd-run --quiet --collect --on-active=2 --timer-property=AccuracySec=1s systemctl reboot </dev/null || [ "$(systemctl is-system-running)" = stopping ]
        else
        setsid sh -c 'sleep 2; reboot' </dev/null >/dev/null 2>&1 &
        fi
        """);

    /// <summary>The same once: a device that runs another boot than this has been restarted already.</summary>
    public static Shell RestartOnce(string bootId) => Shell.Of(
        $$"""
        [ "$(cat /proc/sys/kernel/random/boot_id)" = {{bootId}} ] || exit 0
        {{Restart}}
        """);

    /// <summary>A connection that still reaches the old boot is lost when the device goes down, and made again.</summary>
    public static Shell ComeBack(string bootId) => Shell.Of(
        $$"""
        n=0
        while [ "$(cat /proc/sys/kernel/random/boot_id)" = {{bootId}} ]; do
        [ "$n" -lt 180 ] || { echo 'the device did not restart' >&2; exit 75; }
        sleep 1; n=$((n + 1))
        done
        """);

    /// <summary>
    /// Keeps a card from booting, so that it can be taken back: files are renamed, not removed. The identity, with its private
    /// key and WiFi key, is overwritten; on flash that is as good as it gets.
    /// </summary>
    public static Shell Retire(FirstBootCard card) => Shell.Of(
        $$"""
        while read -r source target _; do
        case $source in {{card.Path}}*) echo "$source is mounted at $target; the card is in use" >&2; exit 75 ;; esac
        done </proc/self/mounts
        m=$(mktemp -d)
        trap 'umount "$m" 2>/dev/null || :; rmdir "$m" 2>/dev/null || :' EXIT
        mount -t vfat {{card.BootPartition ?? ""}} "$m"
        for f in bootcode.bin start.elf start4.elf config.txt extlinux/extlinux.conf; do
        if [ -e "$m/$f" ]; then mv -f "$m/$f" "$m/$f.retired"; fi
        done
        sync
        umount "$m"
        {{(card.IdentityPartition is { } identity ? Shell.Of($"dd if=/dev/zero of={identity} bs=1M count=4 conv=fsync,notrunc 2>/dev/null") : Shell.Empty)}}
        mkdir -p /var/lib/provisioner
        printf '%s\n' {{card.Id}} >/var/lib/provisioner/card-retired
        sync
        """);
}
