using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Provisioner.Provider.Consent;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Resources.Zfs.Mounts;

/// <summary>
/// Has what is mounted in a running system go away again by itself, unless we come back over a new connection: it may cover what
/// lets us in. Until then nothing is mounted at the next start either (canmount=noauto), so that a power cut leads back, too.
/// </summary>
internal static class MountGuard
{
    /// <summary>Where the guards are kept: gone with a restart, as the mounts are.</summary>
    public const string Folder = "/run/provisioner-mount";

    /// <summary>What <see cref="Confirm"/> exits with when it was unmounted again.</summary>
    public const int WentBack = 21;

    /// <summary>How long the device waits for us.</summary>
    public const int Seconds = 120;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);

    /// <summary>Why nothing may be mounted; nothing, where nothing is in the way or a person has agreed.</summary>
    /// <param name="name">The dataset, or pool.</param>
    /// <param name="guid">Its GUID, or that of the pool.</param>
    /// <param name="mounting">What is mounted.</param>
    /// <param name="consent">The tokens.</param>
    public static IEnumerable<Refusal> Refusals(string name, string guid, ZfsMounting mounting, ImmutableSortedDictionary<string, string> consent)
    {
        if (!mounting.Cut.IsEmpty)
        {
            yield return new Refusal($"move {string.Join(", ", mounting.Leaves.Select(pair => $"{pair.Key} away from {pair.Value}"))}")
            {
                Why = $"it holds that by which we get in, and what the running system needs: {string.Join("; ", mounting.Cut)}",
                Next = "boot from the bootstrap card first, or move the home, or the keys, elsewhere before",
            };
        }

        if (mounting.Mounts.IsEmpty)
        {
            yield break;
        }

        var what = $"mount {string.Join(", ", mounting.Mounts.Select(pair => $"{pair.Key} at {pair.Value}"))}";
        if (mounting.Seen is null)
        {
            yield return new Refusal(what) { Why = "what lies there has not been looked at", Next = "run up again when the device answers" };
        }
        else if (!mounting.Covers.IsEmpty)
        {
            var subject = new ConsentSubject(
                "mount",
                $"{name}:mount",
                [
                    ConsentFact.Identity("guid", guid),
                    .. mounting.Mounts.Select(pair => new ConsentFact($"where {pair.Key} goes", pair.Value)),
                    new ConsentFact("seen there", mounting.Seen),
                ],
                [.. mounting.Covers.Select(covered => $"(covered, not destroyed) {covered}")]);
            if (ConsentCheck.Of(subject, consent, what) is { } refusal)
            {
                yield return refusal with
                {
                    Why = $"{(mounting.Ways.IsEmpty ? "what lies there would be covered" : "it would cover that by which we get in, or what the running system needs")}: {string.Join("; ", mounting.Covers)}\n{refusal.Why}",
                    Facts = [],
                    Next = $"choose another mountpoint, or legacy or none; or, {refusal.Next}",
                };
            }
        }
    }

    /// <summary>The steps of a change with a last look in front of them, and, in a running system, within a guard.</summary>
    /// <param name="name">The dataset, or pool.</param>
    /// <param name="mounting">What is mounted.</param>
    /// <param name="steps">The change itself, with <c>canmount=noauto</c> on what it makes.</param>
    /// <param name="undo">Puts back what the change set, once nothing is mounted any more.</param>
    /// <param name="keep">Has it mounted at every start from now on.</param>
    public static ImmutableArray<Step> Around(string name, ZfsMounting mounting, ImmutableArray<Step> steps, Shell undo, Shell keep)
    {
        if (mounting.Mounts.IsEmpty)
        {
            return steps;
        }

        var look = Recheck.That(PlaceLook.At(mounting.Places, mounting.Login), mounting.Seen ?? "");
        var places = string.Join(", ", mounting.Places);
        if (!mounting.IsInRunningSystem)
        {
            return [new Step($"look once more that nothing else lies at {places}", Script.Looking(look)) { Rechecks = true }, .. steps];
        }

        var folder = FolderOf(name);
        return
        [
            new Step(
                $"look once more what lies at {places}, and arm a guard on the device: unless we come back within {Seconds} s, it unmounts {string.Join(", ", mounting.Mounts.Keys)} again by itself",
                Script.Of(Shell.Lines(look, Arm(folder, Undo(mounting, undo), Seconds))))
            {
                Rechecks = true,
            },
            .. steps.Select(step => step with { WhenItFails = $"{(step.WhenItFails is { } own ? $"{own}; " : "")}the device undoes it by itself within {Seconds} s; run up again after that" }),
            new Step(
                $"come back over a new connection, see that it is mounted, and have it mounted at every start from now on",
                Script.Of(Confirm(folder, mounting, keep)) with { FreshLink = true, Idempotent = true, DialPatience = TimeSpan.FromSeconds(Seconds) + Grace, Deadline = Grace * 2 })
            {
                WhenItFails = $"the device unmounts it again by itself {Seconds} s after it was armed; what it covers is then as it was",
            },
        ];
    }

    /// <summary>A folder of its own for each name.</summary>
    public static string FolderOf(string name) => $"{Folder}/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..12]}";

    /// <summary>Starts the guard.</summary>
    public static Shell Arm(string folder, Shell undo, int seconds) => Shell.Of(
        $$"""
        g={{folder}}
        if [ -e "$g/armed" ] || [ -e "$g/going-back" ]; then echo 'an earlier mount is not confirmed, and the device is about to undo it; run up again in two minutes' >&2; exit 23; fi
        mkdir -p "$g"
        chmod 0700 "$g"
        rm -f "$g"/*
        printf '%s\n' {{undo.Source}} >"$g/undo"
        printf '%s\n' {{seconds}} >"$g/seconds"
        : >"$g/armed"
        if command -v systemd-run >/dev/null 2>&1 && [ -d /run/systemd/system ]; then
        systemd-run --quiet --collect --unit="provisioner-mount-${g##*/}" --setenv=PATH="$PATH" /bin/sh "$g/undo" </dev/null
        else
        setsid sh "$g/undo" </dev/null >/dev/null 2>&1 &
        fi
        """);

    /// <summary>Only now, over a connection that was made behind the change, is it good.</summary>
    public static Shell Confirm(string folder, ZfsMounting mounting, Shell keep) => Shell.Of(
        $$"""
        g={{folder}}
        n=0
        while [ -e "$g/going-back" ] && [ "$n" -lt 60 ]; do sleep 1; n=$((n + 1)); done
        if [ ! -e "$g/confirmed" ]; then
        if [ ! -e "$g/armed" ]; then echo 'we did not come back in time, and it was unmounted again' >&2; exit {{WentBack}}; fi
        {{Shell.Lines(mounting.Mounts.Keys.Select(name => Shell.Of(
            $$"""
            x=$(zfs get -H -o value mounted {{name}})
            if [ "$x" != yes ]; then printf '%s is not mounted\n' {{name}} >&2; exit 20; fi
            """)))}}
        mv "$g/armed" "$g/confirmed" 2>/dev/null || { echo 'we did not come back in time, and it is being unmounted again' >&2; exit {{WentBack}}; }
        fi
        {{keep}}
        if [ -d /run/systemd/system ]; then systemctl stop "provisioner-mount-${g##*/}.service" 2>/dev/null || :; fi
        """);

    /// <summary>
    /// What runs when nobody came back. Should the tools themselves have been covered, or should a way in stay so, only a restart is
    /// left, and nothing is mounted at that.
    /// </summary>
    internal static Shell Undo(ZfsMounting mounting, Shell undo) => Shell.Of(
        $$"""
        cd "${0%/*}" || exit 1
        restart() { echo s >/proc/sysrq-trigger; echo b >/proc/sysrq-trigger; }
        read -r seconds <seconds
        sleep "$seconds"
        if ! mv armed going-back 2>/dev/null; then
        if [ -e armed ]; then restart; fi
        exit 0
        fi
        away() {
        zfs unmount -f "$1" 2>/dev/null || umount -l "$2" 2>/dev/null
        while read -r m_source m_target _; do
        if [ "$m_source" = "$1" ] && [ "$m_target" = "$2" ]; then {{(mounting.Ways.IsEmpty ? Shell.Of($":") : Shell.Of($"restart"))}}; fi
        done </proc/self/mounts
        }
        {{Shell.Lines(mounting.Mounts.Reverse().Select(pair => Shell.Of($"away {pair.Key} {pair.Value}")))}}
        {{undo}}
        mv going-back undone
        """);

    /// <summary>Sets again what decides where it is mounted as it was.</summary>
    /// <param name="name">The dataset, or pool.</param>
    /// <param name="was">What was set on it.</param>
    public static Shell Restore(string name, ImmutableSortedDictionary<string, string> was) => Shell.Lines(
        was.TryGetValue("mountpoint", out var mountpoint) ? Shell.Of($"zfs set {$"mountpoint={mountpoint}"} {name}") : Shell.Of($"zfs inherit mountpoint {name}"),
        Shell.Of($"zfs set {CanMount(was)} {name}"));

    /// <summary>Keeps a file system from being mounted at the next start, for as long as nobody has come back.</summary>
    /// <param name="isIt">Sees that the name still means what it did.</param>
    /// <param name="name">The dataset, or pool.</param>
    public static Step Hold(Shell isIt, string name) => new(
        $"zfs set canmount=noauto {name}, until we have come back",
        Script.Of(Shell.Lines(isIt, Shell.Of($"zfs set canmount=noauto {name}"))) with { Deadline = ZfsShell.Deadline, Idempotent = true });

    /// <summary>Mounts a file system that is held.</summary>
    /// <param name="isIt">Sees that the name still means what it did.</param>
    /// <param name="name">The dataset, or pool.</param>
    public static Step Mount(Shell isIt, string name) => new(
        $"zfs mount {name}",
        Script.Of(Shell.Lines(
            isIt,
            Shell.Of(
                $$"""
                x=$(zfs get -H -o value mounted {{name}})
                if [ "$x" != yes ]; then zfs mount {{name}}; fi
                """))) with
        { Deadline = ZfsShell.Deadline, Idempotent = true });

    /// <summary>Ends a script that would take away what is mounted where we get in.</summary>
    /// <param name="name">A dataset or pool that is to go away, with all below it.</param>
    /// <param name="login">Who logs in.</param>
    public static Shell HoldsNoWayIn(string name, string? login) => Shell.Lines(
        PlaceLook.Functions,
        Shell.Of(
            $$"""
            n={{name}}
            ways {{login ?? ""}}
            while read -r g_source g_target g_type _; do
            case $g_type:$g_source in
            zfs:"$n"|zfs:"$n"/*)
            x=$(look "$g_target" | grep '^way ') || x=
            if [ -n "$x" ]; then printf 'nothing was done: %s is mounted at %s, and holds that by which we get in, or what the running system needs:\n%s\n' "$g_source" "$g_target" "$x" >&2; exit 76; fi ;;
            esac
            done </proc/self/mounts
            """));

    internal static string CanMount(ImmutableSortedDictionary<string, string> properties) => string.Create(CultureInfo.InvariantCulture, $"canmount={properties.GetValueOrDefault("canmount", "on")}");
}
