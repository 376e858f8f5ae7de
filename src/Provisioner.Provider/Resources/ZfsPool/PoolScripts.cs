using System.Collections.Immutable;
using Provisioner.Provider.Consent;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.Zfs;
using Provisioner.Provider.Resources.Zfs.Mounts;

namespace Provisioner.Provider.Resources.ZfsPool;

/// <summary>The steps that pools take.</summary>
internal static class PoolScripts
{
    private static readonly Shell Modules = Shell.Of($"[ -e /sys/module/zfs ] || modprobe zfs");

    /// <summary>
    /// Makes the pool, after a last look at every disk that it goes to. ZFS is given names that stay, and follows them by itself: so each
    /// partition is held open from before that look until the pool is made, the names are compared with what is held right in front of
    /// it, and the pool's own list afterwards.
    /// </summary>
    public static Step Create(ZfsPoolArgs desired, ZfsPoolSituation situation)
    {
        ImmutableArray<ZfsPoolMember> members = [.. situation.Members.Where(member => member is { Disk: not null, Node: not null, DiskDigest: not null })];
        var disks = members.DistinctBy(member => member.Disk).OrderBy(member => member.Disk, StringComparer.Ordinal);

        // What was not looked at is not written to, be it there by now or not: a preview prints the step, an update looks again.
        var unseen = desired.Devices.Where(path => !members.Any(member => member.Path == path));
        var isHeld = situation.Mounting.IsInRunningSystem && !situation.Mounting.Mounts.IsEmpty;
        ImmutableArray<string> words = [.. CreateWords(desired, situation, isHeld)];
        return new Step($"make the pool: {string.Join(' ', words)}{(isHeld ? ", and zfs mount for now" : "")}", Timed(Shell.Lines(
            Modules,
            Shell.Lines(unseen.Select(path => Shell.Of(
                $$"""
                printf 'nothing was done: %s was not among the disks when they were looked at\n' {{path}} >&2
                exit 66
                """))),
            Shell.Of($"p=\nlinks="),
            BlockScript.Functions,
            Holding,
            Shell.Of(
                $$"""
                make() {
                {{Shell.Lines(disks.Select(member => Recheck.That(LookAt(member.Disk!), member.DiskDigest!)))}}
                {{Shell.Lines(members.Select(member => Shell.Of($"leads {member.Path} {member.Node!}")))}}
                {{words}}
                {{(isHeld ? Shell.Of($"zfs mount {desired.Name}") : Shell.Empty)}}
                list=$(zpool list -vHPL -o name,guid {{desired.Name}} | tr '\t\n' '  ')
                {{Shell.Lines(members.Select(member => Shell.Of($"lies {member.Node!}")))}}
                }
                hold {{(ImmutableArray<string>)[.. members.SelectMany(member => new[] { member.Path, member.Node!, member.Disk! })]}}
                """))))
        {
            Rechecks = true,
            WhenItFails = "nothing that was on the devices before is touched unless ZFS had begun to write its labels; run the preview to see what is there now",
        };
    }

    /// <summary>Imports by GUID from just those devices, so that no other pool of the name can come in its place.</summary>
    public static Step Import(ZfsPoolArgs desired, ZfsPoolState actual)
    {
        var situation = actual.Situation;

        // Below another root nothing of the running system is covered.
        var isInRunningSystem = situation.AltRoot.Length <= 1;
        ImmutableArray<string> words =
        [
            "zpool", "import",
            .. isInRunningSystem ? ["-N"] : Array.Empty<string>(),
            .. situation.ImportFrom.SelectMany(path => new[] { "-d", path }),
            .. actual.Health == PoolObserver.Destroyed ? ["-D"] : Array.Empty<string>(),
            .. situation.LastUsedBy is not null ? ["-f"] : Array.Empty<string>(),
            .. AltRoot(situation),
            actual.Guid,
        ];
        return new Step($"{(actual.Health == PoolObserver.Destroyed ? "bring the destroyed pool back" : "import the pool")} {desired.Name} by its GUID: {string.Join(' ', words)}{(isInRunningSystem ? ", and mount what covers nothing" : "")}", Timed(Shell.Lines(
            Modules,
            Shell.Of(
                $$"""
                zpool list -Hp -o guid >/dev/null
                if zpool list -Hp -o guid | grep -qx {{actual.Guid}}; then exit 0; fi
                {{words}}
                """),
            isInRunningSystem ? MountWhatIsFree(desired) : Shell.Empty)) with
        { Idempotent = true })
        {
            WhenItFails = "the pool is as it was; on the device, zpool import (with -D for a destroyed one) tells what ZFS thinks of it",
        };
    }

    /// <summary>What is in a pool of others is not known before it is imported: each is mounted only where nothing else lies, and named where something does.</summary>
    internal static Shell MountWhatIsFree(ZfsPoolArgs desired) => Shell.Lines(
        PlaceLook.Functions,
        Shell.Of(
            $$"""
            ways {{DeviceAddress.LoginOf(desired.Device) ?? ""}}
            tab=$(printf '\t')
            zfs list -H -r -t filesystem -o name,mounted,canmount,mountpoint {{desired.Name}} | while IFS="$tab" read -r i_name i_mounted i_can i_place; do
            case $i_mounted:$i_can:$i_place in no:on:/*) ;; *) continue ;; esac
            x=$(look "$i_place" | grep -v -e '^place ' -e '^really ') || x=
            if [ -n "$x" ]; then
            printf 'note: %s is not mounted at %s: it would cover what lies there (%s)\n' "$i_name" "$i_place" "$(printf '%s' "$x" | tr '\n\t' ', ')"
            else zfs mount "$i_name" || printf 'note: %s is not mounted at %s\n' "$i_name" "$i_place"
            fi
            done
            """));

    public static Step SetProperties(ZfsPoolArgs desired, string guid, ImmutableArray<string> settings) => new(
        $"zpool set {string.Join(", ", settings)} on {desired.Name}",
        Timed(Shell.Lines(
            ZfsShell.PoolIs(desired.Name, guid),
            Shell.Lines(settings.Select(setting => Shell.Of($"zpool set {setting} {desired.Name}"))))) with
        { Idempotent = true });

    /// <summary>Properties of the root file system, which has the pool's name.</summary>
    public static IEnumerable<Step> SetRoot(ZfsPoolArgs desired, string guid, ImmutableArray<string> set, ImmutableArray<string> inherit)
    {
        if (!set.IsEmpty)
        {
            yield return new Step($"zfs set {string.Join(' ', set)} {desired.Name}", Timed(Shell.Lines(ZfsShell.PoolIs(desired.Name, guid), Shell.Of($"zfs set {set} {desired.Name}"))) with { Idempotent = true });
        }

        if (!inherit.IsEmpty)
        {
            yield return new Step($"zfs inherit {string.Join(", ", inherit)} {desired.Name}", Timed(Shell.Lines(
                ZfsShell.PoolIs(desired.Name, guid),
                Shell.Lines(inherit.Select(name => Shell.Of($"zfs inherit {name} {desired.Name}"))))) with
            { Idempotent = true });
        }
    }

    /// <summary>A device that is back, or was taken offline.</summary>
    public static Step Online(ZfsPoolArgs desired, string guid, ZfsPoolVdev vdev) => new(
        $"zpool online {desired.Name} {vdev.Guid} ({vdev.Path}, which is {vdev.State} and plugged in)",
        Timed(Shell.Lines(ZfsShell.PoolIs(desired.Name, guid), Shell.Of($"zpool online {desired.Name} {vdev.Guid}"))) with { Idempotent = true });

    public static Step Export(string name, string guid, string device) => new(
        $"zpool export {name}",
        Timed(Shell.Lines(ZfsShell.PoolIs(name, guid), MountGuard.HoldsNoWayIn(name, DeviceAddress.LoginOf(device)), Shell.Of($"zpool export {name}"))))
    {
        Rechecks = true,
        WhenItFails = "nothing is lost; something still uses the pool: unmount what is mounted from it (zfs list -o name,mounted,mountpoint)",
    };

    /// <summary>Destroys, after a last look at everything in it.</summary>
    public static Step Destroy(ZfsPoolState actual, string device) => new(
        $"zpool destroy {actual.Name} (until something else is written there, zpool import -D {string.Concat(actual.Situation.ImportFrom.Select(path => $"-d {path} "))}{actual.Guid} brings it back)",
        Timed(Shell.Lines(
            ZfsShell.PoolIs(actual.Name, actual.Guid),
            MountGuard.HoldsNoWayIn(actual.Name, DeviceAddress.LoginOf(device)),
            Recheck.That(ZfsShell.Contents(actual.Name), actual.Situation.Contents ?? ""),
            Shell.Of($"zpool destroy {actual.Name}"))))
    {
        Rechecks = true,
    };

    private static IEnumerable<string> CreateWords(ZfsPoolArgs desired, ZfsPoolSituation situation, bool isHeld)
    {
        // -f only where something is overwritten that a consent, or the label's own transaction 0, allows to be.
        var overwrites = situation.Members.Any(member => member.Holds is not null);
        return
        [
            "zpool", "create",
            .. overwrites ? ["-f"] : Array.Empty<string>(),
            .. AltRoot(situation),
            .. PoolProperties.Wanted(desired).SelectMany(pair => new[] { "-o", $"{pair.Key}={pair.Value}" }),
            .. (isHeld ? PoolProperties.WantedOfRoot(desired).SetItem("canmount", "noauto") : PoolProperties.WantedOfRoot(desired)).SelectMany(pair => new[] { "-O", $"{pair.Key}={pair.Value}" }),
            desired.Name,
            .. desired.Layout == ZfsLayout.Single ? Array.Empty<string>() : [PoolDrift.Word(desired.Layout)],
            .. desired.Devices,
        ];
    }

    private static string[] AltRoot(ZfsPoolSituation situation) => situation.AltRoot.Length > 1 ? ["-R", situation.AltRoot] : [];

    /// <summary>
    /// <c>hold</c> takes a name, the node that it has to lead to, and that node's disk, three words for each partition; opens them all,
    /// each around the next (a shell has not many descriptors to give out by number), and calls <c>make</c> while they are open.
    /// </summary>
    private static Shell Holding { get; } = Shell.Of(
        $$"""
        leads() {
        if [ "$(readlink -f "$1")" != "$2" ]; then printf 'nothing was done: %s leads to another partition by now (%s, it was %s)\n' "$1" "$(readlink -f "$1")" "$2" >&2; exit 76; fi
        }
        lies() {
        case " $list " in *" $1 "*) ;; *) printf 'the pool was made, but does not lie on %s: %s\n' "$1" "$list" >&2; exit 1 ;; esac
        }
        hold() {
        if [ "$#" -eq 0 ]; then make; return; fi
        leads "$1" "$2"
        within "$@" 9<"$2"
        }
        within() {
        if ! held 9 "/sys/class/block/$3/${2#/dev/}"; then printf 'nothing was done: %s is not the node of a partition of %s\n' "$2" "$3" >&2; exit 76; fi
        shift 3
        hold "$@"
        }
        """);

    private static Shell LookAt(string disk) => Shell.Of($"set +eu\nvdevs=$(vdevs)\nusers=$(users)\ndisk {disk}");

    private static Script Timed(Shell text) => Script.Of(text) with { Deadline = ZfsShell.Deadline };
}
