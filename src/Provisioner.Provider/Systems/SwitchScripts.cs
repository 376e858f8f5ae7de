using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Systems;

/// <summary>
/// A switch of the running system to another one, made on the device by the device, which goes back by itself unless we come
/// back over a fresh connection. The new system is activated without touching profile or boot files (<c>test</c>), so that
/// until it is confirmed every restart, also that of a power cut, leads to the system that worked: a restart is the
/// watchdog's own last resort, when going back hangs or what kept the device within reach does not come back.
/// </summary>
/// <remarks>
/// States are files in one folder, and every change of state is one rename, so that of the deadline and the confirmation only
/// one succeeds: armed → going-back → outcome, or armed → confirmed.
/// </remarks>
internal static class SwitchScripts
{
    public const string Folder = "/var/lib/provisioner/switch";

    /// <summary>What <see cref="Confirm"/> exits with when the device went back; the reason is on stderr.</summary>
    public const int WentBack = 21;

    private const string Runner =
        """
        umask 022
        LC_ALL=C; export LC_ALL
        w=${0%/*}
        cd "$w" || exit 1
        [ "$1" = "$(cat id)" ] || exit 0
        id=$1
        old=$(cat old)
        new=$(cat new)
        PATH="$old/sw/bin:$PATH"; export PATH
        systemd() { [ -d /run/systemd/system ]; }
        failing() { systemd || return 0; FAILING; }
        within() { systemd || return 0; while read -r u; do systemctl is-active --quiet "$u" || return 1; done <units; }
        stop_change() {
        if systemd; then systemctl kill -s KILL "provisioner-switch-$id.service" 2>/dev/null || :; fi
        if [ -s change.pid ]; then kill -s KILL -- "-$(cat change.pid)" 2>/dev/null || :; fi
        }
        conclude() { printf '%s went back%s: %s\n' "$id" "$2" "$1" >outcome.tmp; sync outcome.tmp 2>/dev/null || sync; mv -f outcome.tmp outcome; rm -f going-back; }
        back() {
        mv armed going-back 2>/dev/null || exit 0
        rc=0
        timeout -k 10 "$(cat patience)" "$old/bin/switch-to-configuration" test >>log 2>&1 </dev/null || rc=$?
        n=0
        until within || [ "$n" -ge 30 ]; do sleep 2; n=$((n + 1)); done
        if [ "$rc" -eq 4 ] && [ "$(readlink -f /run/current-system)" = "$old" ]; then rc=0; fi
        if [ "$rc" -eq 0 ] && within; then conclude "$1" ''; exit 0; fi
        conclude "$1" ' by a restart'
        if systemd; then systemctl reboot || systemctl reboot --force; else reboot; fi
        exit 0
        }
        if [ "$2" != change ]; then
        [ -e armed ] || exit 0
        stop_change
        back "$2"
        fi
        sleep 1
        [ -e armed ] || exit 0
        if ! systemd; then echo $$ >change.pid; fi
        rc=0
        "$new/bin/switch-to-configuration" test >>log 2>&1 </dev/null || rc=$?
        rm -f change.pid
        if [ "$rc" -eq 100 ]; then back 'the new system needs a restart to be switched to (exit code 100)'; fi
        if [ "$rc" -eq 4 ] && [ "$(readlink -f /run/current-system)" = "$new" ]; then
        failing >failing
        fresh=$(grep -vxF -f failing-before failing | tr '\n' ' ')
        [ -z "$fresh" ] || back "units failed that did not fail before (exit code 4): $fresh: $(tail -n 3 log | tr '\n' ' ')"
        cp failing tolerated
        rc=0
        fi
        [ "$rc" -eq 0 ] || back "switch-to-configuration ended with exit code $rc: $(tail -n 3 log | tr '\n' ' ')"
        : >changed
        """;

    /// <summary>
    /// Names the units that switch-to-configuration would call failed: it ends with 4 for each such one, also for those that failed
    /// long before and have nothing to do with the switch.
    /// </summary>
    private static Shell Failing { get; } = Shell.Of(
        $$"""
        systemctl list-units --all --plain --no-legend 2>/dev/null | awk '$1 !~ /[.]/ { $1 = ""; $0 = $0 } $3 == "failed" || $4 == "auto-restart" { print $1 }' | sort
        """);

    private static Shell Head { get; } = Shell.Of($"w={Folder}\n");

    private static Shell Detach { get; } = Shell.Of(
        $$"""
        detach() {
        i=$(cat "$w/id")
        if ! command -v systemd-run >/dev/null 2>&1 || [ ! -d /run/systemd/system ]; then
        setsid sh -c 'sleep "$1"; exec sh "$2" "$3" "$4"' sh "$1" "$w/run" "$i" "$2" </dev/null >/dev/null 2>&1 &
        elif [ "$1" -gt 0 ]; then
        systemd-run --quiet --collect --unit="provisioner-$3-$i" --on-active="$1" --timer-property=AccuracySec=1s --setenv=PATH="$PATH" /bin/sh "$w/run" "$i" "$2" </dev/null
        else
        systemd-run --quiet --collect --unit="provisioner-$3-$i" --setenv=PATH="$PATH" /bin/sh "$w/run" "$i" "$2" </dev/null
        fi
        }

        """);

    /// <summary>A change of an earlier boot has been undone by the restart itself.</summary>
    private static Shell Restarted { get; } = Shell.Of(
        $$"""
        if [ -e boot ] && [ "$(cat boot)" != "$(cat /proc/sys/kernel/random/boot_id)" ]; then
        rm -f going-back
        if [ -e armed ]; then printf '%s went back by a restart: the device was restarted before the switch was confirmed\n' "$(cat id)" >outcome; rm -f armed; fi
        fi

        """);

    /// <summary>Notes what runs and what keeps the device within reach, and starts the deadline.</summary>
    /// <param name="newSystem">A word of shell: the store path to switch to.</param>
    /// <param name="goBackAfter">How long the device waits for us.</param>
    public static Script Arm(Shell newSystem, TimeSpan goBackAfter) => Script.Of(
        $$"""
        {{Head}}{{Detach}}mkdir -p "$w"; chmod 0700 "$w"; cd "$w"
        {{Restarted}}if [ -e armed ] || [ -e going-back ]; then
        echo "another switch is not confirmed yet: $(cat armed going-back 2>/dev/null)" >&2; exit 23
        fi
        new={{newSystem}}
        [ -x "$new/bin/switch-to-configuration" ] || { echo "there is no system to switch to at ${new:-(nothing)}" >&2; exit 66; }
        rm -f changed confirmed outcome change.pid failing tolerated
        cat /proc/sys/kernel/random/uuid >id
        cat /proc/sys/kernel/random/boot_id >boot
        readlink -f /run/current-system >old
        printf '%s\n' "$new" >new
        echo 240 >patience
        : >log
        : >units
        for u in sshd.service ssh.service sshd.socket ssh.socket NetworkManager.service wpa_supplicant.service iwd.service; do
        if systemctl is-active --quiet "$u" 2>/dev/null; then echo "$u" >>units; fi
        done
        {{Failing}} >failing-before || :
        if [ -d /nix/var/nix/gcroots ]; then ln -sfn "$(cat old)" /nix/var/nix/gcroots/provisioner-before-switch; fi
        printf '%s\n' {{Runner.Replace("FAILING", Failing.Source, StringComparison.Ordinal)}} >run
        sync
        printf '%s, to %s, at %s\n' "$(cat id)" "$new" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >armed.tmp
        mv -f armed.tmp armed
        detach {{(long)goBackAfter.TotalSeconds}} 'we did not come back in time' deadline
        """);

    /// <summary>Lets the device switch by itself.</summary>
    public static Script Change { get; } = Script.Of(
        $$"""
        {{Head}}{{Detach}}if [ ! -e "$w/armed" ]; then echo 'the watchdog is not armed any more' >&2; exit 23; fi
        detach 0 change switch
        """);

    /// <summary>Looks until the device has switched, or has gone back.</summary>
    public static Shell Wait(long seconds) => Shell.Of(
        $"""
        {Head}n=0
        while [ "$n" -lt {seconds} ] && [ ! -e "$w/changed" ] && [ ! -e "$w/outcome" ]; do sleep 1; n=$((n + 1)); done
        """);

    /// <summary>Only now, over a connection made after the switch, is it good.</summary>
    public static Shell Confirm { get; } = Shell.Of(
        $$"""
        {{Head}}cd "$w"
        {{Restarted}}n=0
        while [ -e going-back ] && [ "$n" -lt 400 ]; do sleep 1; n=$((n + 1)); done
        if [ -e outcome ]; then cut -d ' ' -f 2- outcome >&2; exit {{WentBack}}; fi
        if [ ! -e confirmed ]; then
        [ -e changed ] || { echo 'the device has neither switched nor gone back yet' >&2; exit 20; }
        [ "$(readlink -f /run/current-system)" = "$(cat new)" ] || { echo 'the device runs another system' >&2; exit 20; }
        while read -r u; do
        n=0
        until systemctl is-active --quiet "$u"; do
        [ "$n" -lt 30 ] || { echo "$u was active before the switch and is not any more" >&2; exit 20; }
        sleep 1; n=$((n + 1))
        done
        done <units
        mv armed confirmed 2>/dev/null || { echo 'the device is going back' >&2; exit 20; }
        fi
        systemctl stop "provisioner-deadline-$(cat id).timer" 2>/dev/null || :
        rm -f /nix/var/nix/gcroots/provisioner-before-switch
        if [ -s tolerated ]; then echo "note: units that failed before the switch fail still: $(tr '\n' ' ' <tolerated)"; fi
        """);

    /// <summary>Has the device go back from a switch that nobody will confirm, and waits for that.</summary>
    public static Shell Settle { get; } = Shell.Of(
        $$"""
        {{Head}}{{Detach}}cd "$w"
        {{Restarted}}if [ -e armed ]; then detach 0 'it was never confirmed' settle; fi
        n=0
        while [ -e armed ] || [ -e going-back ]; do
        [ "$n" -lt 400 ] || { echo 'the device is still going back' >&2; exit 20; }
        sleep 1; n=$((n + 1))
        done
        """);
}
