using System.Collections.Immutable;
using Provisioner.Provider.Consent;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.Zfs;

namespace Provisioner.Provider.Resources.ZfsPool;

/// <summary>The steps that pools take.</summary>
internal static class PoolScripts
{
    private static readonly Shell Modules = Shell.Of($"[ -e /sys/module/zfs ] || modprobe zfs");

    /// <summary>Makes the pool, after a last look at every disk that it goes to.</summary>
    public static Step Create(ZfsPoolArgs desired, ZfsPoolSituation situation)
    {
        var disks = situation.Members.Where(member => member.Disk is not null).DistinctBy(member => member.Disk).OrderBy(member => member.Disk, StringComparer.Ordinal);

        // What was not looked at is not written to, be it there by now or not: a preview prints the step, an update looks again.
        var unseen = desired.Devices.Where(path => !situation.Members.Any(member => member.Path == path && member.DiskDigest is not null));
        ImmutableArray<string> words = [.. CreateWords(desired, situation)];
        return new Step($"make the pool: {string.Join(' ', words)}", Timed(Shell.Lines(
            Modules,
            Shell.Lines(unseen.Select(path => Shell.Of(
                $$"""
                printf 'nothing was done: %s was not among the disks when they were looked at\n' {{path}} >&2
                exit 66
                """))),
            Shell.Lines(disks.Select(member => Recheck.That(LookAt(member.Disk!), member.DiskDigest!))),
            Shell.Of($"{words}"))))
        {
            Rechecks = true,
            WhenItFails = "nothing that was on the devices before is touched unless ZFS had begun to write its labels; run the preview to see what is there now",
        };
    }

    /// <summary>Imports by GUID from just those devices, so that no other pool of the name can come in its place.</summary>
    public static Step Import(ZfsPoolArgs desired, ZfsPoolState actual)
    {
        var situation = actual.Situation;
        ImmutableArray<string> words =
        [
            "zpool", "import",
            .. situation.ImportFrom.SelectMany(path => new[] { "-d", path }),
            .. actual.Health == PoolObserver.Destroyed ? ["-D"] : Array.Empty<string>(),
            .. situation.LastUsedBy is not null ? ["-f"] : Array.Empty<string>(),
            .. AltRoot(situation),
            actual.Guid,
        ];
        return new Step($"{(actual.Health == PoolObserver.Destroyed ? "bring the destroyed pool back" : "import the pool")} {desired.Name} by its GUID: {string.Join(' ', words)}", Timed(Shell.Lines(
            Modules,
            Shell.Of(
                $$"""
                zpool list -Hp -o guid >/dev/null
                if zpool list -Hp -o guid | grep -qx {{actual.Guid}}; then exit 0; fi
                {{words}}
                """))) with
        { Idempotent = true })
        {
            WhenItFails = "the pool is as it was; on the device, zpool import (with -D for a destroyed one) tells what ZFS thinks of it",
        };
    }

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

    public static Step Export(string name, string guid) => new(
        $"zpool export {name}",
        Timed(Shell.Lines(ZfsShell.PoolIs(name, guid), Shell.Of($"zpool export {name}"))))
    {
        WhenItFails = "nothing is lost; something still uses the pool: unmount what is mounted from it (zfs list -o name,mounted,mountpoint)",
    };

    /// <summary>Destroys, after a last look at everything in it.</summary>
    public static Step Destroy(ZfsPoolState actual) => new(
        $"zpool destroy {actual.Name} (until something else is written there, zpool import -D {string.Concat(actual.Situation.ImportFrom.Select(path => $"-d {path} "))}{actual.Guid} brings it back)",
        Timed(Shell.Lines(
            ZfsShell.PoolIs(actual.Name, actual.Guid),
            Recheck.That(ZfsShell.Contents(actual.Name), actual.Situation.Contents ?? ""),
            Shell.Of($"zpool destroy {actual.Name}"))))
    {
        Rechecks = true,
    };

    private static IEnumerable<string> CreateWords(ZfsPoolArgs desired, ZfsPoolSituation situation)
    {
        // -f only where something is overwritten that a consent, or the label's own transaction 0, allows to be.
        var overwrites = situation.Members.Any(member => member.Holds is not null);
        return
        [
            "zpool", "create",
            .. overwrites ? ["-f"] : Array.Empty<string>(),
            .. AltRoot(situation),
            .. PoolProperties.Wanted(desired).SelectMany(pair => new[] { "-o", $"{pair.Key}={pair.Value}" }),
            .. PoolProperties.WantedOfRoot(desired).SelectMany(pair => new[] { "-O", $"{pair.Key}={pair.Value}" }),
            desired.Name,
            .. desired.Layout == ZfsLayout.Single ? Array.Empty<string>() : [PoolDrift.Word(desired.Layout)],
            .. desired.Devices,
        ];
    }

    private static string[] AltRoot(ZfsPoolSituation situation) => situation.AltRoot.Length > 1 ? ["-R", situation.AltRoot] : [];

    private static Shell LookAt(string disk) => Shell.Lines(
        Shell.Of($"set +eu\np=\nlinks="),
        BlockScript.Functions,
        Shell.Of($"vdevs=$(vdevs)\ndisk {disk}"));

    private static Script Timed(Shell text) => Script.Of(text) with { Deadline = ZfsShell.Deadline };
}
