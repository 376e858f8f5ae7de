using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Systems;

/// <summary>Steps, and pieces of them, about what is mounted below /mnt, where a system is made.</summary>
internal static class TargetSteps
{
    // A Pi with a busy disk takes its time to unmount.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Ends a script that would write below /mnt while the system that is being made is not mounted there: it would land on the card, hidden
    /// as soon as the system is mounted, or on a disk of somebody's. The same look as <see cref="Inspection.BootParser"/> has.
    /// </summary>
    public static Shell IsMounted { get; } = Shell.Of(
        $$"""
        at={{SystemScript.Target}}
        is=
        while read -r source target type _; do if [ "$target" = "$at" ] && [ "$type" != autofs ]; then is="$type $source"; fi; done </proc/self/mounts
        case $is in
        '') echo "nothing is mounted at $at; run up for the NixosSystem first" >&2; exit 66 ;;
        'zfs '*)
        is=${is#zfs }
        is=$(zpool get -H -o value altroot "${is%%/*}" 2>/dev/null) || is=
        if [ "$is" != "$at" ] && [ ! -e "$at/var/lib/provisioner/system/made" ]; then echo "what is mounted at $at is not the system that is being made; unmount it, and run up for the NixosSystem first" >&2; exit 66; fi ;;
        *) echo "at $at something else is mounted (${is#* }, ${is%% *}) than the system that is being made; unmount it, and run up for the NixosSystem first" >&2; exit 66 ;;
        esac
        """);

    /// <summary>From the deepest mount point up; what is still busy is named, and nothing is forced.</summary>
    public static Step Unmount { get; } = new(
        $"unmount everything below {SystemScript.Target}, and see that it is",
        Script.Of(Shell.Of(
            $$"""
            at={{SystemScript.Target}}
            below() { while read -r _ target _; do case $target in "$at"|"$at"/*) printf '%s\n' "$target" ;; esac; done </proc/self/mounts; }
            sync
            n=0
            while [ -n "$(below)" ] && [ "$n" -lt 20 ]; do
            umount -R "$at" 2>/dev/null || sleep 1
            n=$((n + 1))
            done
            left=$(below)
            [ -z "$left" ] || { echo "still mounted, because something uses it: $left" >&2; exit 75; }
            """)) with
        { Idempotent = true, Deadline = Deadline });
}
