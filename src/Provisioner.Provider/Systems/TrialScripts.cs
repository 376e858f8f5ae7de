using System.Globalization;
using System.Text;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Systems;

/// <summary>
/// A new kernel is started once, on trial, before anything leads to it. The board's firmware does that by itself: with its
/// <c>tryboot</c> flag set, the next start takes <c>tryboot.txt</c> in place of <c>config.txt</c>, and the one after takes
/// config.txt again. tryboot.txt names the new system's kernel, initrd and words; config.txt leads to extlinux.conf, whose
/// default stays the system before until the new one has come up.
/// </summary>
/// <remarks>
/// Every way in which a start can fail ends in a restart, which is one into the system before: a kernel that panics by
/// <c>panic=</c>, a stage 1 that fails by <c>boot.panic_on_fail</c>, one that hangs before it has a watchdog of its own by the
/// firmware's (<c>kernel_watchdog_timeout</c>), and a system that is up but out of reach by a unit that comes with the kernel's
/// words (systemd.system-credentials(7), since 256) and that waits for us.
/// </remarks>
internal static class TrialScripts
{
    public const string Folder = "/var/lib/provisioner/trial";

    private const string Unit =
        """
        [Service]
        ExecStart=/bin/sh -c 'PATH=/run/current-system/sw/bin:/usr/sbin:/usr/bin; sleep SECONDS; [ ! -e FOLDER/on ] || systemctl reboot --force'
        """;

    private static Shell Head { get; } = Shell.Of($"t={Folder}\np=/nix/var/nix/profiles/system\nb=/boot\n");

    /// <summary>
    /// Where another kernel, initrd or word for the kernel comes with the new system, and the board can start one on trial: makes
    /// the generation, with boot files that lead to the one before, sets the flag, and restarts. Otherwise it does nothing, and
    /// says why.
    /// </summary>
    /// <param name="newSystem">A word of shell: the store path of the system, which runs already.</param>
    /// <param name="goBackAfter">How long the new system waits for us once it is up.</param>
    /// <param name="restart">What restarts the device.</param>
    public static Shell Begin(Shell newSystem, TimeSpan goBackAfter, Shell restart) => Shell.Of(
        $$"""
        {{Head}}top={{newSystem}}
        rm -rf "$t"
        same=yes
        for f in kernel initrd; do
        [ "$(readlink -f "/run/booted-system/$f")" = "$(readlink -f "$top/$f")" ] || same=
        done
        cmp -s /run/booted-system/kernel-params "$top/kernel-params" || same=
        if [ -n "$same" ]; then echo 'the kernel that runs is the new one' >&2; exit 0; fi
        if [ ! -e "$b/config.txt" ] || [ ! -e "$b/extlinux/extlinux.conf" ] || ! vcmailbox 0x00030064 4 4 0 >/dev/null 2>&1; then
        echo 'note: there is another kernel, and this device cannot start it on trial (no config.txt or extlinux.conf in /boot, no vcmailbox, or a firmware without tryboot): the next start will show whether it boots'; exit 0
        fi
        old=$(cat {{SwitchScripts.Folder}}/old 2>/dev/null) || old=
        if [ "$old" = "$top" ] || [ ! -x "$old/bin/switch-to-configuration" ]; then old=$(readlink -f /run/booted-system); fi
        mkdir -p "$t"; chmod 0700 "$t"
        printf '%s\n' "$old" >"$t/old"
        printf '%s\n' "$top" >"$t/new"
        readlink "$p" >"$t/generation"
        cat /proc/sys/kernel/random/boot_id >"$t/boot"
        nix-env -p "$p" --set "$top"
        "$old/bin/switch-to-configuration" boot
        awk -v top="$top" '
        function keep() { if (index(" " words " ", " init=" top "/init ")) found = kernel "\n" initrd "\n" fdt "\n" fdtdir "\n" words }
        { key = toupper($1); value = $0; sub(/^[ \t]*[^ \t]+[ \t]*/, "", value); sub(/[ \t\r]+$/, "", value); sub(/^(\.\.)?\//, "", value) }
        key == "LABEL" { keep(); kernel = initrd = fdt = fdtdir = words = "" }
        key == "LINUX" { kernel = value }
        key == "INITRD" { initrd = value }
        key == "FDT" { fdt = value }
        key == "FDTDIR" { fdtdir = value }
        key == "APPEND" { words = value }
        END { keep(); if (found == "") exit 1; print found }' "$b/extlinux/extlinux.conf" >"$t/entry" || { echo "extlinux.conf has no entry for $top" >&2; exit 65; }
        {
        read -r kernel; read -r initrd; read -r fdt; read -r fdtdir; read -r words
        printf '%s panic=10 boot.panic_on_fail systemd.wants=provisioner-trial.service systemd.set_credential_binary=systemd.extra-unit.provisioner-trial.service:%s\n' "$words" {{UnitOf(goBackAfter)}} >"$b/tryboot-words.txt"
        if [ -z "$fdt" ] && [ -n "$fdtdir" ] && [ -e "$b/$fdtdir/broadcom/bcm2711-rpi-4-b.dtb" ]; then fdt=$fdtdir/broadcom/bcm2711-rpi-4-b.dtb; fi
        {
        awk -F '[ \t=]' '$1 !~ /^(kernel|initramfs|ramfsfile|cmdline|os_prefix|device_tree|kernel_watchdog_timeout)$/' "$b/config.txt"
        printf '[all]\nkernel=%s\ninitramfs %s followkernel\ncmdline=tryboot-words.txt\nkernel_watchdog_timeout=120\n' "$kernel" "$initrd"
        if [ -n "$fdt" ]; then printf 'device_tree=%s\n' "$fdt"; fi
        } >"$b/tryboot.new"
        } <"$t/entry"
        mv -f "$b/tryboot.new" "$b/tryboot.txt"
        : >"$t/on"
        sync
        vcmailbox 0x00038064 4 4 1 >/dev/null
        echo 'there is another kernel: it is started once, on trial' >&2
        {{restart}}
        """);

    /// <summary>
    /// Waits until the device has been started anew, if a trial was begun, and looks what runs. The system before has come back
    /// when the new one did not come up, or was out of reach; then profile and boot files are put back.
    /// </summary>
    public static Shell Judge { get; } = Shell.Of(
        $$"""
        {{Head}}[ -e "$t/on" ] || [ -e "$t/failed" ] || exit 0
        n=0
        while [ "$(cat /proc/sys/kernel/random/boot_id)" = "$(cat "$t/boot")" ]; do
        [ "$n" -lt 180 ] || { echo 'the device did not restart' >&2; exit 75; }
        sleep 1; n=$((n + 1))
        done
        rm -f "$b/tryboot.txt" "$b/tryboot-words.txt"
        new=$(cat "$t/new")
        if [ "$(readlink -f /run/booted-system)" = "$new" ]; then rm -f "$t/on"; exit 0; fi
        mv -f "$t/on" "$t/failed" 2>/dev/null || :
        old=$(cat "$t/old")
        before=$(cat "$t/generation")
        tried=$(readlink "$p")
        if [ "$tried" != "$before" ]; then
        before=${before#system-}
        tried=${tried#system-}
        nix-env -p "$p" --switch-generation "${before%-link}"
        nix-env -p "$p" --delete-generations "${tried%-link}"
        elif [ "$(readlink -f "$p")" = "$new" ]; then
        nix-env -p "$p" --set "$old"
        fi
        "$old/bin/switch-to-configuration" boot
        echo "went back by a restart: $new was started once, and did not come up within reach with its kernel; the device has started $(readlink -f /run/booted-system) instead" >&2
        exit {{SwitchScripts.WentBack}}
        """);

    private static string UnitOf(TimeSpan goBackAfter) => Convert.ToBase64String(Encoding.UTF8.GetBytes(
        Unit.Replace("SECONDS", ((long)goBackAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("FOLDER", Folder, StringComparison.Ordinal) + "\n"));
}
