using System.Collections.Immutable;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Resources.Zfs;

namespace Provisioner.Provider.Resources.ZfsDataset;

/// <summary>What differs between a file system that is wanted and the one that is there. Pure.</summary>
internal static class DatasetDrift
{
    public static IEnumerable<PropertyChange> Changes(ZfsDatasetArgs desired, ZfsDatasetState actual)
    {
        var situation = actual.Situation;
        if (actual.Device != desired.Device)
        {
            yield return new PropertyChange("device", ChangeKind.Update, actual.Device, desired.Device);
        }

        if (actual.PoolGuid != desired.PoolGuid)
        {
            yield return new PropertyChange("poolGuid", ChangeKind.Update, actual.PoolGuid, desired.PoolGuid) { Replaces = true, Because = "a file system cannot go to another pool: a new one is made there, and this one stays where it is" };
            yield break;
        }

        if (situation.Blocked is { } why)
        {
            yield return new PropertyChange("pool", ChangeKind.Update, "not to be used", desired.Pool) { Because = why };
            yield break;
        }

        if (!situation.PoolImported && actual.Guid.Length > 0)
        {
            foreach (var change in Installation(desired, actual))
            {
                yield return change;
            }

            yield return new PropertyChange("pool", ChangeKind.Update, "not imported", desired.Pool) { Because = "what differs in it can be told when it is imported" };
            yield break;
        }

        if (situation.Missing)
        {
            yield return actual.Guid.Length == 0
                ? new PropertyChange("name", ChangeKind.Add, null, DatasetObserver.FullName(desired))
                : new PropertyChange("name", ChangeKind.Update, "missing", DatasetObserver.FullName(desired)) { Because = "somebody has destroyed it; a new one is made, and it is empty" };
            yield break;
        }

        if ((situation.FoundAs ?? (actual.Name == DatasetObserver.FullName(desired) ? null : actual.Name)) is { } name)
        {
            yield return new PropertyChange("name", ChangeKind.Update, name, DatasetObserver.FullName(desired))
            {
                Because = situation.FoundAs is not null && actual.Name == DatasetObserver.FullName(desired) ? "somebody has renamed it on the device; its GUID tells that it is the same" : null,
            };
        }

        foreach (var change in Fixed(desired, actual).UnionBy(Installation(desired, actual), change => change.Path).Concat(Key(desired, actual))
            .Concat(FileSystemProperties.Changes("properties", desired.Properties, actual.Properties, situation.Inherited, actual.Drift, actual.UserProperties)))
        {
            yield return change;
        }
    }

    /// <summary>What only a new file system can have.</summary>
    public static IEnumerable<PropertyChange> Fixed(ZfsDatasetArgs desired, ZfsDatasetState actual)
    {
        PropertyChange Of(string path, string? found, string wanted) =>
            new(path, ChangeKind.Update, found ?? "not known", wanted) { Replaces = true, Because = "only a new file system can have it; the one that is there is renamed and kept" };
        if (actual.Situation.IsVolume)
        {
            yield return Of("name", "a volume", "a file system");
            yield break;
        }

        var wanted = desired.Encryption is null or "off" ? "off" : desired.Encryption;
        var isOwn = actual.Situation.EncryptionRoot == (actual.Situation.FoundAs ?? actual.Name);
        var found = actual.Encryption != "off" && isOwn ? actual.Encryption : "off";
        if (wanted == "on" ? found == "off" : !ZfsValues.Same("encryption", wanted, found))
        {
            yield return Of("encryption", found, wanted);
        }

        foreach (var (name, value) in desired.Properties.Where(pair => FileSystemProperties.Fixed.Contains(pair.Key)))
        {
            if (!ZfsValues.Same(name, value, actual.Situation.Fixed.GetValueOrDefault(name)))
            {
                yield return Of(PropertyPath.Append("properties", name), actual.Situation.Fixed.GetValueOrDefault(name), value);
            }
        }

        foreach (var change in Installation(desired, actual).Where(change => change.Replaces))
        {
            yield return change;
        }
    }

    /// <summary>Another installation begins with an empty file system, unless this one is to be kept.</summary>
    public static IEnumerable<PropertyChange> Installation(ZfsDatasetArgs desired, ZfsDatasetState actual) =>
        desired.Installation is not { } wanted || wanted == actual.Installation ? [] :
        [
            new PropertyChange("installation", ChangeKind.Update, actual.Installation ?? "none", wanted)
            {
                Replaces = !desired.Keep,
                Because = desired.Keep ? "it is kept, with all that is in it" : "another installation begins with an empty file system; the one that is there is renamed and kept",
            },
        ];

    private static IEnumerable<PropertyChange> Key(ZfsDatasetArgs desired, ZfsDatasetState actual)
    {
        if (desired.Key is null || actual.Situation.EncryptionRoot != (actual.Situation.FoundAs ?? actual.Name))
        {
            yield break;
        }

        if (actual.KeyStatus == "unavailable")
        {
            yield return new PropertyChange("keyStatus", ChangeKind.Update, "unavailable", "available") { Because = "the key is not loaded, so that nothing in it can be read" };
        }

        if (actual.Key != desired.Key)
        {
            yield return new PropertyChange("key", actual.Key is null ? ChangeKind.Add : ChangeKind.Update, actual.Key is null ? null : "[secret]", "[secret]")
            {
                Because = actual.Key is null ? "it was encrypted before it was adopted; whether the key fits is tried" : null,
            };
        }
    }
}
