using System.Globalization;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.WifiProfile;

/// <summary>What is wrong with a profile on the device, beyond the values of its inputs, in words that say why it matters.</summary>
internal static class DriftTexts
{
    public static IEnumerable<PropertyChange> Of(WifiProfileState actual)
    {
        var path = actual.Situation.TargetRoot + actual.Path;
        foreach (var (about, found) in actual.Drift)
        {
            switch (about)
            {
                case "file" when found == "missing":
                    yield return Change(about, found, path, "without it the device does not know the network");
                    break;
                case "file":
                    yield return Change(about, found, $"a regular file {path}", "NetworkManager reads only a regular file of root's, and a link may lead anywhere");
                    break;
                case "mode":
                    yield return Change(about, found, "0600", IsOpen(found) ? "NetworkManager ignores a profile that others may open" : "the profile's mode was changed on the device");
                    break;
                case "owner":
                    yield return Change(about, found, "0:0", "NetworkManager ignores a profile that is not root's");
                    break;
                case "id":
                    yield return Change(about, found, actual.Name, "changed on the device");
                    break;
                case "uuid":
                    yield return Change(about, found, actual.Uuid, "changed on the device: to NetworkManager it is another profile now");
                    break;
                case "ssid":
                    yield return Change("ssid", found, actual.Ssid, "changed on the device: the profile is for another network now");
                    break;
                case "settings":
                    yield return Change(about, found, "as written", "settings that were added or changed on the device");
                    break;
                case "loaded":
                    yield return Change(about, found, "yes", "NetworkManager has not read the profile since it was written");
                    break;
                case "connectedThrough":
                    yield return Change(about, found, actual.Name, "the device is not connected through this profile yet");
                    break;
                case "unconfirmed":
                    yield return Change(about, found, "none", "a change was begun and never confirmed, so the device is going back, or was restarted in between");
                    break;
                case "shadowedBy":
                    foreach (var shadow in actual.ShadowedBy)
                    {
                        yield return Change(about, $"{shadow.File} (priority {shadow.Priority.ToString(CultureInfo.InvariantCulture)})", "none", shadow.SameUuid
                            ? $"it has the same UUID, and NetworkManager takes it instead of {path}"
                            : $"it is for the same network, and NetworkManager prefers it to {path} (priority {actual.Priority.ToString(CultureInfo.InvariantCulture)})");
                    }

                    break;
            }
        }
    }

    private static bool IsOpen(string mode) => mode.Length >= 2 && mode[^2..] != "00";

    private static PropertyChange Change(string path, string found, string wanted, string because) =>
        new(path, ChangeKind.Update, found, wanted) { Because = because };
}
