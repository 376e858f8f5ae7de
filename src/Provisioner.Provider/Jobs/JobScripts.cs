using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Jobs;

/// <summary>
/// The shell side of jobs. A job's folder has: <c>run</c> and <c>step-N</c>, what runs; <c>pid</c>, the process with its start
/// time and the boot it belongs to, because a number alone may be another process by now; <c>steps</c>, a line for each begin
/// and end with the uptime's seconds, which no clock that is set can disturb; <c>log</c>; and <c>status</c>, the exit status,
/// whose rename is the job's last act.
/// </summary>
internal static class JobScripts
{
    /// <summary>What <see cref="Start"/> exits with when another job runs.</summary>
    public const int Busy = 23;

    /// <summary>What the device runs by itself. Its arguments are the job's folder and the number of steps.</summary>
    private const string Runner =
        """
        umask 022
        LC_ALL=C; export LC_ALL
        job=$1; export job
        cd "$job" || exit 1
        exec </dev/null >>log 2>&1
        trap '' HUP
        trap 'finish 143' TERM INT
        now() { IFS=' .' read -r u _ </proc/uptime; }
        finish() { echo "$1" >status.tmp; sync status.tmp 2>/dev/null || sync; mv -f status.tmp status; exit "$1"; }
        read -r boot </proc/sys/kernel/random/boot_id
        IFS= read -r stat </proc/$$/stat
        set -- "$1" "$2" ${stat##*) }
        echo "$$ ${22} $boot" >pid.tmp && mv -f pid.tmp pid
        i=1
        while [ "$i" -le "$2" ]; do
        now; echo "$i begin $u" >>steps
        rc=0
        /bin/sh -eu "./step-$i" || rc=$?
        now; echo "$i end $u $rc" >>steps
        [ "$rc" -eq 0 ] || finish "$rc"
        i=$((i + 1))
        done
        awk '$2 == "begin" { b[$1] = $3 } $2 == "end" { print $1, $3 - b[$1] }' steps | while read -r n seconds; do
        read -r name <"name-$n"; echo "$name $seconds"
        done >durations.tmp && mv -f durations.tmp "$(cat durations-file)"
        finish 0
        """;

    private static Shell Alive { get; } = Shell.Of(
        $$"""
        alive() {
        read -r a_pid a_start a_boot 2>/dev/null <"$1/pid" || return 1
        read -r a_now </proc/sys/kernel/random/boot_id
        [ "$a_boot" = "$a_now" ] || return 1
        IFS= read -r a_stat 2>/dev/null <"/proc/$a_pid/stat" || return 1
        set -- "$a_start" ${a_stat##*) }
        [ "$1" = "${21}" ] && [ "$2" != Z ]
        }
        over() { [ -e "$1/status" ] || ! alive "$1"; }
        """);

    /// <summary>
    /// Starts the job, or finds it running. Prints <c>attached</c> or <c>started</c>, then what the steps took the last time.
    /// A job that runs and is another one is left alone: two that build and install at once would be in each other's way.
    /// </summary>
    public static Script Start(Job job)
    {
        var folder = $"{job.Folder}/{job.Id}";
        var files = Shell.Lines(job.Steps.Select((step, index) => Shell.Of(
            $"""
            printf '%s\n' {step.Script.Source} >{$"./step-{index + 1}"}
            echo {step.Name} >{$"./name-{index + 1}"}
            """)));
        return Script.Of(
            $$"""
            {{Alive}}
            base={{job.Folder}}
            job={{folder}}
            durations={{$"{job.Folder}/durations-{job.Kind}"}}
            mkdir -p "$base"; chmod 0700 "$base"
            for other in "$base"/*/; do
            other=${other%/}
            [ -e "$other/run" ] || continue
            if [ -e "$other/pid" ] && ! over "$other"; then
            if [ "$other" = "$job" ]; then echo attached; cat "$durations" 2>/dev/null || :; exit 0; fi
            echo "the job ${other##*/} runs on the device: $(cat "$other/title"). Wait for it to end; what it says stands in $other/log" >&2
            exit {{Busy}}
            fi
            case ${other##*/} in {{job.Kind}}-*) rm -rf "$other" ;; esac
            done
            mkdir -p "$job"
            cd "$job"
            {{files}}
            printf '%s\n' {{job.Title}} >title
            printf '%s\n' "$durations" >durations-file
            printf '%s\n' {{Runner}} >run
            : >steps
            : >log
            if command -v systemd-run >/dev/null 2>&1 && [ -d /run/systemd/system ]; then
            systemd-run --quiet --collect --unit={{$"provisioner-job-{job.Id}"}} --setenv=PATH="$PATH" --setenv=HOME=/root /bin/sh "$job/run" "$job" {{job.Steps.Length}} </dev/null
            else
            HOME=${HOME:-/root} setsid sh -c 'exec /bin/sh "$1/run" "$1" "$2"' sh "$job" {{job.Steps.Length}} </dev/null >/dev/null 2>&1 &
            fi
            n=0
            while [ ! -e pid ] && [ ! -e status ]; do
            [ "$n" -lt 150 ] || { echo 'the job did not begin' >&2; exit 1; }
            sleep 0.2; n=$((n + 1))
            done
            echo started
            cat "$durations" 2>/dev/null || :
            """);
    }

    /// <summary>
    /// Waits until a step begins or ends beyond those that were seen, the job ends, or the seconds are over; then tells the
    /// uptime, the steps, how the job ended, and the end of its log. It only looks.
    /// </summary>
    public static Script Watch(Job job, int seen, int seconds) => Script.Looking(Shell.Of(
        $$"""
        {{Alive}}
        job={{$"{job.Folder}/{job.Id}"}}
        cd "$job" 2>/dev/null || { echo 'state gone'; exit 0; }
        count() { lines=0; while read -r _; do lines=$((lines + 1)); done <steps; }
        n=0
        while count; [ "$lines" -le {{seen}} ] && ! over "$job" && [ "$n" -lt {{seconds}} ]; do sleep 1; n=$((n + 1)); done
        if over "$job"; then
        if [ -e status ]; then echo "state ended $(cat status)"; else echo 'state interrupted'; fi
        else echo 'state running'; fi
        IFS=' .' read -r u _ </proc/uptime
        echo "uptime $u"
        while read -r l; do echo "step $l"; done <steps
        echo log
        tail -c 4000 log
        """)) with { Deadline = TimeSpan.FromSeconds(seconds + 60), NeedsRoot = true };
}
