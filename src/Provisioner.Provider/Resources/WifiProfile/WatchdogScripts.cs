using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Resources.WifiProfile;

/// <summary>
/// The shell side of <see cref="Watchdog"/>. Its states are files in one folder, and every change of state is one rename, so
/// that of two who decide at once (the deadline and the confirmation) only one succeeds: armed → going-back → outcome, or
/// armed → confirmed. Whoever touches the profile itself holds the folder "busy", so that the old one is put back last.
/// </summary>
internal static class WatchdogScripts
{
    /// <summary>
    /// What the device runs by itself, after the lines of <see cref="Arm"/> that set w, path, connect, device, aside and fallback.
    /// Its arguments are the id of the change it was made for (a late deadline of an earlier one does nothing) and what to
    /// do: "change", "tidy", or the reason to go back. A change may still be connecting when it has been undone and the next
    /// one is armed already, so it looks whose watchdog is armed before it acts on one. Every WiFi connection there was comes
    /// back, on the interface it was on; what is still up on another interface is left alone and stands for no other. Unless it
    /// is the password, what fails is tried once more: the air may fail once. Whether it is the password wpa_supplicant says:
    /// NetworkManager asks for secrets after every handshake that failed, a lost frame's too.
    /// </summary>
    private const string Runner =
        """
        umask 077
        LC_ALL=C; export LC_ALL
        cd "$w" || exit 1
        id=$1
        [ "$id" = "$(cat id)" ] || exit 0
        place() {
        t="${path%/*}/.provisioner-$$"
        if [ -d "$path" ]; then mv "$path" "${path%/*}/.provisioner-aside-$$"; fi
        cp "$1" "$t" && chmod 0600 "$t" && { sync "$t" 2>/dev/null || sync; } && mv -f "$t" "$path"
        }
        reload() { nmcli connection reload; }
        up() { d=${2-$device}; nmcli --wait 45 connection up uuid "$1" ${d:+ifname "$d"}; }
        active() { nmcli -t -f UUID connection show --active | grep -qxF "$1"; }
        tidy() { rm -f new old before "$fallback"; reload; }
        mine() { IFS= read -r l 2>/dev/null <"$1" && [ "${l%%,*}" = "$id" ]; }
        begin() {
        mkdir busy 2>/dev/null || exit 0
        if ! mine armed; then rmdir busy; exit 0; fi
        }
        back() {
        mine armed || exit 0
        mv armed going-back 2>/dev/null || exit 0
        if ! mine going-back; then mv going-back armed; exit 0; fi
        n=0
        while [ -e busy ] && [ "$n" -lt 15 ]; do sleep 1; n=$((n + 1)); done
        if [ -e old ]; then place old; else rm -f "$path"; fi
        if [ -n "$aside" ] && [ -e "$aside.hidden" ]; then mv -f "$aside.hidden" "$aside"; fi
        reload
        n=0
        while [ "$n" -lt 3 ]; do
        whole=yes
        while read -r u on; do
        if [ -n "$device" ] && [ "${on%%,*}" != "$device" ] && active "$u" </dev/null; then continue; fi
        up "$u" "${on%%,*}" >/dev/null 2>&1 </dev/null || whole=no
        done <before
        if [ "$whole" = yes ]; then break; fi
        n=$((n + 1)); sleep 3
        done
        tidy
        printf '%s went back: %s\n' "$(head -n 1 going-back)" "$1" >outcome.tmp && mv -f outcome.tmp outcome
        rm -f going-back
        exit 0
        }
        why() {
        m=$(journalctl -q --no-pager -o cat --since "@$1" -u wpa_supplicant 2>/dev/null | grep -e 'pre-shared key may be incorrect' -e 'reason=WRONG_KEY' | head -n 1)
        if [ -n "$m" ]; then printf '%s; ' '4-way handshake failed: the password may be wrong'; fi
        printf '%s\n' "$2" | grep '^Error' | head -n 1 || printf '%s' "$2" | tr '\n' ' '
        }
        join() {
        n=0
        until said=$(up "$connect" 2>&1 </dev/null); do
        n=$((n + 1))
        reason=$(why "$since" "$said")
        case "$n $reason" in 2*|*password*) return 1 ;; esac
        mine armed || exit 0
        sleep 3
        done
        }
        case "$2" in
        change) ;;
        tidy) tidy; exit 0 ;;
        *) back "$2" ;;
        esac
        sleep 1
        since=$(date +%s)
        begin
        if [ -n "$aside" ] && [ -e "$aside" ]; then mv -f "$aside" "$aside.hidden"; fi
        placed=yes
        if [ -e new ]; then place new || placed=no; fi
        rmdir busy
        if [ "$placed" = no ]; then back 'the profile could not be written'; fi
        reload
        join || back "$reason"
        if [ ! -e new ]; then begin; rm -f "$path"; rmdir busy; reload; fi
        mine armed || exit 0
        : >changed
        """;

    /// <summary>Starts the runner so that it outlives this connection, and NetworkManager, and needs no terminal.</summary>
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

    private static Shell Head { get; } = Shell.Of($"w={Watchdog.Folder}\n");

    private static Shell Guarded { get; } = Shell.Of($"if [ ! -e \"$w/armed\" ]; then echo 'the watchdog is not armed any more' >&2; exit 23; fi\n");

    /// <summary>
    /// Keeps the profile as it is, notes what is connected, and starts the deadline. Refuses while another change is
    /// unconfirmed, because what that one replaced would be lost.
    /// </summary>
    public static Script Arm(WatchedChange change)
    {
        var folder = change.Path[..change.Path.LastIndexOf('/')];
        var runner = Shell.Of(
            $"""
            w={Watchdog.Folder}
            path={change.Path}
            connect={change.ConnectTo.ToString("D")}
            device={change.Interface ?? ""}
            aside={change.MoveAside ?? ""}
            fallback={folder + "/" + Watchdog.FallbackFile}
            id=$(cat "$w/id")

            """);
        return Script.Of(
            $$"""
            {{Head}}{{Detach}}mkdir -p "$w"; chmod 0700 "$w"; cd "$w"
            if [ -e armed ] || [ -e going-back ]; then
            echo "another change of the network is not confirmed yet: $(cat armed going-back 2>/dev/null)" >&2; exit 23
            fi
            rm -f new old before changed confirmed outcome
            if [ -e busy ]; then rmdir busy; fi
            path={{change.Path}}
            fallback={{folder + "/" + Watchdog.FallbackFile}}
            mkdir -p "${path%/*}"
            cat /proc/sys/kernel/random/uuid >id
            cat /proc/sys/kernel/random/boot_id >boot
            printf '%s\n%s\n' {{runner.Source}} {{Runner}} >run
            nmcli -t -f UUID,TYPE,DEVICE connection show --active | sed -n 's/:802-11-wireless:/ /p' >before
            if [ -f "$path" ]; then
            cp "$path" old
            awk -v uuid="$(cat /proc/sys/kernel/random/uuid)" '
            /^[ \t]*\[/ { c = ($0 ~ /^[ \t]*\[connection\]/); print; if (c) { print "id=before the change"; print "uuid=" uuid; print "autoconnect-priority=-900" } next }
            c && /^[ \t]*(id|uuid|autoconnect|autoconnect-priority)[ \t]*=/ { next }
            { print }' old >"${fallback%/*}/.provisioner-fallback"
            chmod 0600 "${fallback%/*}/.provisioner-fallback"
            mv -f "${fallback%/*}/.provisioner-fallback" "$fallback"
            fi
            sync
            printf '%s, profile %s, at %s\n' "$(cat id)" {{change.Profile}} "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >armed.tmp
            mv -f armed.tmp armed
            detach {{(long)change.GoBackAfter.TotalSeconds}} {{"we did not come back in time"}} deadline
            """);
    }

    /// <summary>Puts the new keyfile, if there is one, beside the old one, and lets the device change by itself.</summary>
    public static Script Change(Payload? keyfile) => keyfile is null
        ? Script.Of($"{Head}{Detach}{Guarded}detach 0 change change")
        : Script.Of(
            $$"""
            {{Head}}{{Detach}}{{Guarded}}cat >"$w/new.tmp"
            if [ "$(wc -c <"$w/new.tmp")" -ne "$stdin_bytes" ]; then rm -f "$w/new.tmp"; echo 'the profile did not arrive whole' >&2; exit 65; fi
            mv -f "$w/new.tmp" "$w/new"
            detach 0 change change
            """) with { Stdin = keyfile };

    public static Shell Wait(long seconds) => Shell.Of(
        $"""
        {Head}n=0
        while [ "$n" -lt {seconds} ] && [ ! -e "$w/changed" ] && [ ! -e "$w/outcome" ]; do sleep 1; n=$((n + 1)); done
        """);

    /// <summary>Only now, over a connection made after the change, is the change good.</summary>
    public static Shell Confirm(Guid connected) => Shell.Of(
        $$"""
        {{Head}}cd "$w"
        n=0
        while [ -e going-back ] && [ "$n" -lt {{(long)Watchdog.Grace.TotalSeconds}} ]; do sleep 1; n=$((n + 1)); done
        if [ -e outcome ]; then sed 's/^.*, at [0-9TZ:-]* went back: /went back: /' outcome >&2; exit {{Watchdog.WentBack}}; fi
        if [ ! -e confirmed ]; then
        [ "$(cat boot)" = "$(cat /proc/sys/kernel/random/boot_id)" ] || { echo 'the device restarted before the change was confirmed' >&2; exit 22; }
        [ -e changed ] || { echo 'the device has neither connected nor gone back yet' >&2; exit 20; }
        nmcli -t -f UUID connection show --active | grep -qxF {{connected.ToString("D")}} || { echo 'the device is connected through another profile' >&2; exit 20; }
        mv armed confirmed 2>/dev/null || { echo 'the device is going back' >&2; exit 20; }
        fi
        systemctl stop "provisioner-deadline-$(cat id).timer" 2>/dev/null || :
        /bin/sh ./run "$(cat id)" tidy
        """);

    public static Shell Settle { get; } = Shell.Of(
        $$"""
        {{Head}}{{Detach}}cd "$w"
        if [ -e going-back ] && [ "$(cat boot)" != "$(cat /proc/sys/kernel/random/boot_id)" ]; then mv going-back armed; fi
        if [ -e busy ] && [ "$(cat boot)" != "$(cat /proc/sys/kernel/random/boot_id)" ]; then rmdir busy; fi
        if [ -e armed ] && [ ! -s run ]; then mv -f armed abandoned; fi
        if [ -e armed ]; then detach 0 'it was never confirmed' settle; fi
        n=0
        while [ -e armed ] || [ -e going-back ]; do
        [ "$n" -lt 90 ] || { echo 'the device is still going back' >&2; exit 20; }
        sleep 1; n=$((n + 1))
        done
        """);
}
