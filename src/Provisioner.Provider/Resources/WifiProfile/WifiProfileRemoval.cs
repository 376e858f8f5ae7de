using System.Collections.Immutable;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.WifiProfile;

/// <summary>
/// What deleting a profile takes. The device must stay within reach, so a profile in use is removed only when there is
/// another way back, and then under the watchdog; otherwise it is left where it is, with a word about it.
/// </summary>
internal static class WifiProfileRemoval
{
    /// <summary>A profile that is to stay is left without a look at the device, which may be gone for good; null for others.</summary>
    public static WifiProfilePlan? PlanUnseen(WifiProfileArgs desired) =>
        desired.OnDelete == WifiDeletion.Keep ? Leave($"{desired.PathOf()} stays on the device, as onDelete says") : null;

    public static WifiProfilePlan Plan(WifiProfileArgs desired, WifiProfileState actual)
    {
        var path = actual.Situation.TargetRoot + actual.Path;
        if (actual.Drift.TryGetValue("file", out var file))
        {
            return file == "missing" ? new WifiProfilePlan() : Leave($"{path} stays on the device: it is {file}, and so not what was written");
        }

        if (actual.Drift.TryGetValue("uuid", out var uuid))
        {
            return Leave($"{path} stays on the device: its UUID is {uuid}, so it is somebody else's profile now");
        }

        if (!actual.Situation.Live || actual.ActiveUuid != actual.Uuid || actual.Situation.OtherWayIn)
        {
            return Gone(path, [.. Unconfirmed(actual), ProfileScripts.Remove(path, actual.Situation.Live)]);
        }

        if (actual.Situation is not { OtherUuid: { } other, OtherName: { } name })
        {
            return Leave($"{path} stays on the device: it is the only way back to it. Give the device another network first, or remove the file yourself when you are beside it");
        }

        var change = new WatchedChange(actual.Name, path, Guid.Parse(other), null, TimeSpan.FromSeconds(desired.RollbackAfter)) { Interface = actual.Situation.OtherInterface };
        return Gone(path, [.. Unconfirmed(actual), .. Watchdog.Remove(change, name)]);
    }

    private static IEnumerable<Step> Unconfirmed(WifiProfileState actual) =>
        actual.Drift.TryGetValue("unconfirmed", out var change) ? [Watchdog.Settle(change)] : [];

    private static WifiProfilePlan Gone(string path, ImmutableArray<Step> steps) => new()
    {
        Changes = [new PropertyChange("file", ChangeKind.Delete, path)],
        Steps = steps,
    };

    private static WifiProfilePlan Leave(string why) => new() { Warnings = [why] };
}
