using Provisioner.Provider.Cards;
using Provisioner.Provider.Inspection;
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
        vcmailbox 0x0003808b 4 4 0xf14 >/dev/null || { echo 'the firmware does not take a boot order: its bootloader is too old (rpi-eeprom-update -a), or this kernel has no /dev/vcio to ask it through, as mainline Linux' >&2; exit 69; }
        """);

    /// <summary>
    /// Puts U-Boot's variables from stdin onto the card, where U-Boot reads them at the next start and removes them. Another file
    /// of that name is somebody's: it is left alone.
    /// </summary>
    public static Shell AskUbootOnce(string partition) => Shell.Of(
        $$"""
        m=$(mktemp -d)
        trap 'umount "$m" 2>/dev/null || :; rmdir "$m" 2>/dev/null || :; rm -f "$m.env"' EXIT
        cat >"$m.env"
        if [ "$(wc -c <"$m.env")" -ne "$stdin_bytes" ]; then echo "U-Boot's environment did not arrive whole" >&2; exit 65; fi
        mount -t vfat {{partition}} "$m"
        f="$m/uboot.env"
        if [ -e "$f" ] && ! cmp -s "$m.env" "$f"; then
        echo "the card has a uboot.env of its own, with which somebody has changed how U-Boot starts; rename it on the card's first partition, and run up again" >&2; exit 66
        fi
        cat "$m.env" >"$f.new"
        sync
        mv -f "$f.new" "$f"
        sync
        cmp "$m.env" "$f" >&2
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

    /// <summary>Notes below /mnt which card the system that is handed over comes from. That another one was retired once is forgotten: this one is the way back.</summary>
    public static Shell Note(FirstBootCard card) => Shell.Of(
        $$"""
        {{Known(card)}}
        mkdir -p /mnt/var/lib/provisioner
        f=/mnt{{CardNote.From}}
        printf '%s %s\n' "$card" "$identity" >"$f.new"
        mv -f "$f.new" "$f"
        rm -f /mnt{{CardNote.Retired}}
        sync
        """);

    /// <summary>Renames what firmware or U-Boot could start, in the file system that is mounted at <c>$m</c>.</summary>
    public static Shell Disable { get; } = Shell.Of(
        $$"""
        for f in "$m"/bootcode.bin "$m"/start*.elf "$m"/boot.img "$m"/kernel*.img "$m"/config.txt "$m"/tryboot.txt "$m"/autoboot.txt "$m"/uboot.env \
        "$m"/extlinux/extlinux.conf "$m"/boot/extlinux/extlinux.conf "$m"/boot.scr* "$m"/boot/boot.scr* \
        "$m"/[Ee][Ff][Ii]/[Bb][Oo][Oo][Tt]/*.[Ee][Ff][Ii] "$m"/boot/[Ee][Ff][Ii]/[Bb][Oo][Oo][Tt]/*.[Ee][Ff][Ii]; do
        case $f in *.retired) continue ;; esac
        if [ -f "$f" ]; then mv -f "$f" "$f.retired"; fi
        done
        """);

    /// <summary>
    /// Keeps a card from booting, so that it can be taken back: files are renamed, not removed. What the firmware takes: its own
    /// files and kernels. What U-Boot takes, in / and /boot/ of every file system: extlinux.conf, scripts, EFI programs, and its
    /// environment. The identity, with its private key and WiFi key, is overwritten; on flash that is as good as it gets. All that only
    /// on the card that is noted as the one that this installation came from, as the card itself proves in front of the first write.
    /// </summary>
    public static Shell Retire(FirstBootCard card) => Shell.Of(
        $$"""
        while read -r source target _; do
        case $source in {{card.Path}}*) echo "$source is mounted at $target; the card is in use" >&2; exit 75 ;; esac
        done </proc/self/mounts
        {{Known(card)}}
        from=
        retired=
        IFS= read -r from 2>/dev/null <{{CardNote.From}} || :
        IFS= read -r retired 2>/dev/null <{{CardNote.Retired}} || :
        case "$from" in
        "$card $identity") ;;
        "$card "*) case "$identity $retired" in {{ContentFacts.Zero}}" $card "{{CardNote.Begun}}|{{ContentFacts.Zero}}" $card "{{CardNote.Everything}}) ;; *) from= ;; esac ;;
        *) from= ;;
        esac
        if [ -z "$from" ]; then printf 'nothing was done: the card in the device is not proven to be the one that this installation came from: %s\n' "$card" >&2; exit 76; fi
        note() { printf '%s %s\n' "$card" "$1" >{{CardNote.Retired}}.new && mv -f {{CardNote.Retired}}.new {{CardNote.Retired}} && sync; }
        note {{CardNote.Begun}}
        m=$(mktemp -d)
        trap 'umount "$m" 2>/dev/null || :; rmdir "$m" 2>/dev/null || :' EXIT
        for partition in {{card.FileSystems}}; do
        {{OfCard}}
        mount "$partition" "$m"
        {{Disable}}
        sync
        umount "$m"
        done
        {{Erase(card)}}
        note {{CardNote.Everything}}
        """);

    /// <summary>The part that is compared goes last, so that a card of which only a part was erased is known again.</summary>
    private static Shell Erase(FirstBootCard card) => card.IdentityPartition is not { } identity ? Shell.Empty : Shell.Of(
        $$"""
        partition={{identity}}
        {{OfCard}}
        dd if=/dev/zero of="/proc/$$/fd/8" bs=1M seek=1 count=3 conv=fsync,notrunc 2>/dev/null
        dd if=/dev/zero of="/proc/$$/fd/8" bs=1M count=1 conv=fsync,notrunc 2>/dev/null
        """);

    /// <summary>
    /// Holds the card, so that no other one can have its name, and sets <c>$card</c>, its number and the id of its table, and
    /// <c>$identity</c>, the digest of its identity partition, as an inspection makes it.
    /// </summary>
    private static Shell Known(FirstBootCard card) => Shell.Of(
        $$"""
        p=
        {{BlockScript.Functions}}
        d={{card.Path}}
        n=${d#/dev/}
        exec 9<"$d"
        if ! held 9 "/sys/class/block/$n"; then printf 'nothing was done: %s is not the node of %s\n' "$d" "$n" >&2; exit 76; fi
        IFS= read -r card <"/sys/block/$n/device/cid"
        table=$(blkid -p -s PTUUID -o value "/proc/$$/fd/9") || table=
        card="$card $table"
        identity={{CardNote.NoIdentity}}
        {{(card.IdentityPartition is { } partition ? Shell.Of(
            $$"""
            partition={{partition}}
            {{OfCard}}
            nl='
            '
            z={{CardLayout.IdentityLength}}
            identity=$(set +eu; content "$k" {{CardNote.IdentityBytes}})
            identity=${identity#content * }
            identity=${identity%% *}
            """) : Shell.Empty)}}
        """);

    /// <summary>Holds <c>$partition</c>, and ends the script when it is none of the card's; its kernel name is then in <c>$k</c>.</summary>
    private static Shell OfCard { get; } = Shell.Of(
        $$"""
        k=${partition#/dev/}
        exec 8<"$partition"
        if ! held 8 "/sys/class/block/$n/$k"; then printf 'nothing was done: %s is no partition of the card %s\n' "$partition" "$n" >&2; exit 76; fi
        """);
}
