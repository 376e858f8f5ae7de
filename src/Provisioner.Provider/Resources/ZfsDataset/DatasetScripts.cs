using System.Collections.Immutable;
using Provisioner.Provider.Consent;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.Zfs;
using Provisioner.Provider.Resources.Zfs.Mounts;

namespace Provisioner.Provider.Resources.ZfsDataset;

/// <summary>The steps that file systems take.</summary>
internal static class DatasetScripts
{
    /// <summary>A file system of a pool that cannot be looked into yet.</summary>
    public static Step CreateUnseen(ZfsDatasetArgs desired)
    {
        var step = Create(desired);
        return desired is { Installation: not null, Keep: false }
            ? step with { Sentence = $"{step.Sentence} (one that is there for another installation is renamed first, and kept as {ZfsDatasetPlanner.Aside(DatasetObserver.FullName(desired), "GUID")})" }
            : step;
    }

    public static Step Create(ZfsDatasetArgs desired) => Create(desired, desired.Properties, [], Shell.Empty);

    /// <summary>Makes it so that it is not mounted at the next start, and mounts it for now. What is missing above it is made in the same way.</summary>
    public static Step CreateHeld(ZfsDatasetArgs desired, ImmutableArray<string> above, ImmutableArray<string> mounted)
    {
        var isMounted = mounted.Contains(DatasetObserver.FullName(desired));
        return Create(desired, isMounted ? desired.Properties.SetItem("canmount", "noauto") : desired.Properties, above, Shell.Lines(mounted.Select(made => Shell.Of($"zfs mount {made}"))));
    }

    private static Step Create(ZfsDatasetArgs desired, ImmutableSortedDictionary<string, string> properties, ImmutableArray<string> above, Shell mount)
    {
        var name = DatasetObserver.FullName(desired);
        var isEncrypted = desired.Encryption is not (null or "off");
        ImmutableArray<string> words =
        [
            "zfs", "create", .. desired.Name.Contains('/', StringComparison.Ordinal) ? ["-p"] : Array.Empty<string>(),
            .. isEncrypted ? ["-o", $"encryption={desired.Encryption}", "-o", $"keyformat={Format(desired)}", "-o", "keylocation=prompt"] : Array.Empty<string>(),
            .. desired.Installation is { } installation ? ["-o", $"{FileSystemProperties.Installation}={installation}"] : Array.Empty<string>(),
            .. properties.SelectMany(pair => new[] { "-o", $"{pair.Key}={pair.Value}" }),
            name,
        ];
        return new Step($"{string.Join(' ', words)}{(isEncrypted ? " (its key from stdin)" : "")}{(mount.Source.Length > 0 ? ", and zfs mount for now" : "")}", Timed(Shell.Lines(
            ZfsShell.PoolIs(desired.Pool, desired.PoolGuid),
            Shell.Of(
                $$"""
                if zfs list -H -o name {{name}} >/dev/null 2>&1; then printf 'nothing was done: %s is there meanwhile\n' {{name}} >&2; exit 77; fi
                {{Shell.Lines(above.Select(made => Shell.Of($"zfs create -o canmount=noauto {made}")))}}
                {{words}}
                {{mount}}
                """))) with
        { Stdin = isEncrypted ? Key(desired.Key ?? "") : null });
    }

    /// <summary>The old one keeps all that is in and below it, under another name; nothing is destroyed.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="guid">Its GUID.</param>
    /// <param name="aside">What it is called from then on.</param>
    /// <param name="mountpoint">The mountpoint that is set on it, which the new one may want; null for none.</param>
    public static Step SetAside(string name, string guid, string aside, string? mountpoint) => new(
        $"zfs rename {name} {aside} (nothing is destroyed; when the new one is out of the way, zfs rename {aside} {name} goes back)"
            + (mountpoint?.StartsWith('/') is true ? $", and zfs set mountpoint=none {aside}, so that it is not mounted in the place of the new one (it was {mountpoint})" : ""),
        Timed(Shell.Lines(
            ZfsShell.DatasetIs(name, guid),
            Shell.Of($"zfs rename {name} {aside}"),
            mountpoint?.StartsWith('/') is true ? Shell.Of($"zfs set mountpoint=none {aside}") : Shell.Empty)))
    {
        WhenItFails = "nothing has changed; something still uses the file system or one below it: unmount them first",
    };

    public static Step Rename(string found, string guid, string name) => new(
        $"zfs rename {found} {name}",
        Timed(Shell.Lines(
            Shell.Of(
                $$"""
                now=$(zfs get -Hp -o value guid {{name}} 2>/dev/null) || now=none
                if [ "$now" = {{guid}} ]; then exit 0; fi
                """),
            ZfsShell.DatasetIs(found, guid),
            Shell.Of($"zfs rename -p {found} {name}"))) with
        { Idempotent = true });

    public static IEnumerable<Step> Repair(string name, string guid, ImmutableArray<string> set, ImmutableArray<string> inherit)
    {
        if (!set.IsEmpty)
        {
            yield return new Step($"zfs set {string.Join(' ', set)} {name}", Timed(Shell.Lines(ZfsShell.DatasetIs(name, guid), Shell.Of($"zfs set {set} {name}"))) with { Idempotent = true });
        }

        if (!inherit.IsEmpty)
        {
            yield return new Step($"zfs inherit {string.Join(", ", inherit)} {name}", Timed(Shell.Lines(
                ZfsShell.DatasetIs(name, guid),
                Shell.Lines(inherit.Select(property => Shell.Of($"zfs inherit {property} {name}"))))) with
            { Idempotent = true });
        }
    }

    public static Step LoadKey(string name, string guid, string key) => new(
        $"zfs load-key {name} (the key from stdin)",
        Timed(Shell.Lines(
            ZfsShell.DatasetIs(name, guid),
            Shell.Of(
                $$"""
                status=$(zfs get -Hp -o value keystatus {{name}})
                if [ "$status" != available ]; then zfs load-key -L prompt {{name}}; fi
                """))) with
        { Stdin = Key(key), Idempotent = true })
    {
        WhenItFails = "the key does not open the file system: give the one that it was made with, or changed to last",
    };

    /// <summary>Tries a key without loading it.</summary>
    public static Step TryKey(string name, string guid, string key) => new(
        $"zfs load-key -n {name}: try whether the key fits (from stdin)",
        Timed(Shell.Lines(ZfsShell.DatasetIs(name, guid), Shell.Of($"zfs load-key -n -L prompt {name}"))) with { Stdin = Key(key), Idempotent = true, Changes = false })
    {
        WhenItFails = "the key does not open the file system that is there: give the one that it was made with, or changed to last",
    };

    public static Step ChangeKey(string name, string guid, ZfsDatasetArgs desired) => new(
        $"zfs change-key {name} (the new key from stdin; what is encrypted stays so with the same inner key)",
        Timed(Shell.Lines(
            ZfsShell.DatasetIs(name, guid),
            Shell.Of($"zfs change-key -o {$"keyformat={Format(desired)}"} -o keylocation=prompt {name}"))) with
        { Stdin = Key(desired.Key ?? "") });

    /// <summary>Looks whether the pool is there; an update that begins without it ends here.</summary>
    public static Step CheckPool(ZfsDatasetArgs desired) => new(
        $"check that the pool {desired.Pool} with the GUID {desired.PoolGuid} is imported",
        Script.Looking(ZfsShell.PoolIs(desired.Pool, desired.PoolGuid)))
    {
        WhenItFails = "the pool has to be imported first: run up for the ZfsPool",
    };

    /// <summary>The one thing that brings back a destroyed file system: the whole pool as it was at the checkpoint.</summary>
    public static Step Checkpoint(string pool, string poolGuid, ImmutableArray<string> devices) => new(
        $"zpool checkpoint {pool} ({WayBack(pool, poolGuid, devices)}; zpool checkpoint -d {pool} lets go of it and frees the space)",
        Timed(Shell.Lines(ZfsShell.PoolIs(pool, poolGuid), Shell.Of($"zpool checkpoint {pool}"))));

    public static string WayBack(string pool, string poolGuid, ImmutableArray<string> devices) =>
        $"from the bootstrap card, zpool export {pool} and zpool import {string.Concat(devices.Select(path => $"-d {path} "))}--rewind-to-checkpoint {poolGuid} go back to it, with all of the pool";

    /// <summary>Destroys, after a last look at everything in and below it.</summary>
    public static Step Destroy(string name, string guid, string contents, string device) => new(
        $"zfs destroy -r {name}",
        Timed(Shell.Lines(
            ZfsShell.DatasetIs(name, guid),
            MountGuard.HoldsNoWayIn(name, DeviceAddress.LoginOf(device)),
            Recheck.That(ZfsShell.Contents(name), contents),
            Shell.Of($"zfs destroy -r {name}"))))
    {
        Rechecks = true,
        WhenItFails = "what ZFS refuses to destroy is in use, held (zfs holds) or has clones; the rest of it may be gone, and the checkpoint brings it back",
    };

    private static string Format(ZfsDatasetArgs desired) => desired.KeyFormat == ZfsKeyFormat.Hex ? "hex" : "passphrase";

    /// <summary>ZFS reads one line. Some commands ask twice only at a terminal.</summary>
    private static Payload Key(string key) => Payload.Secret(key + "\n", key);

    private static Script Timed(Shell text) => Script.Of(text) with { Deadline = ZfsShell.Deadline };
}
