using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Resources.WifiProfile;

/// <summary>A change of the way in, made on the device by the device, which goes back by itself unless it is confirmed.</summary>
/// <param name="Profile">The name of the profile, for people.</param>
/// <param name="Path">The keyfile to write or remove.</param>
/// <param name="ConnectTo">The profile to be connected through afterwards.</param>
/// <param name="MoveAside">A volatile file with the same UUID that hides the keyfile, or null.</param>
/// <param name="GoBackAfter">How long the device waits for us.</param>
internal sealed record WatchedChange(string Profile, string Path, Guid ConnectTo, string? MoveAside, TimeSpan GoBackAfter)
{
    /// <summary>The interface to connect on, so that NetworkManager does not take another radio for it; null to leave it to it.</summary>
    public string? Interface { get; init; }

    /// <summary>The address that the device will have; null where it stays the same, or is not known.</summary>
    public string? NewAddress { get; init; }

    /// <summary>Whether the device is named by a name, which may lead to the new address as well.</summary>
    public bool IsNamed { get; init; }
}

/// <summary>
/// The watchdog: four steps that are armed before anything changes. What the device needs to go back lies in a folder of
/// root's on its disk. The deadline is kept by systemd, or by a process of its own where there is none. Should the power fail
/// in between, a second copy of the profile as it was, with the lowest priority, is what NetworkManager falls back on after
/// the restart; the next inspection then reports the change as unconfirmed.
/// </summary>
internal static class Watchdog
{
    public const string Folder = "/var/lib/provisioner/watchdog";

    /// <summary>The file name of the second copy, which exists only while a change is not confirmed.</summary>
    public const string FallbackFile = "provisioner-before-change.nmconnection";

    /// <summary>What the last step exits with when the device went back; the reason is on stderr.</summary>
    public const int WentBack = 21;

    /// <summary>How long the device may take for going back, beyond the deadline.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(90);

    /// <summary>Writes the keyfile and connects through it.</summary>
    public static IEnumerable<Step> Write(WatchedChange change, Payload keyfile) =>
        Steps(change, $"write {change.Path} (0600 root:root, from stdin) and connect through \"{change.Profile}\", detached", WatchdogScripts.Change(keyfile));

    /// <summary>Connects through another profile and removes the keyfile.</summary>
    public static IEnumerable<Step> Remove(WatchedChange change, string other) =>
        Steps(change, $"connect through \"{other}\" and remove {change.Path}, detached", WatchdogScripts.Change(null));

    /// <summary>Ends a change that was begun and never confirmed, by letting the device go back.</summary>
    public static Step Settle(string unconfirmed) => new(
        $"let the device undo a change that was begun and never confirmed ({unconfirmed})",
        Script.Of(WatchdogScripts.Settle) with { Idempotent = true, Deadline = Grace * 2, DialPatience = Grace })
    {
        WhenItFails = "the device may be restoring its connection; run the preview again in two minutes",
    };

    private static IEnumerable<Step> Steps(WatchedChange change, string sentence, Script script)
    {
        var seconds = (long)change.GoBackAfter.TotalSeconds;
        yield return new Step(
            $"arm a watchdog on the device: unless we come back within {seconds} s, it returns to the profile and the connection it has now",
            WatchdogScripts.Arm(change));
        yield return new Step(sentence, script)
        {
            WhenItFails = $"the device goes back by itself within {seconds} s",
        };

        // It has the old address until it has changed, and again once it has gone back.
        yield return new Step(
            "wait until the device has connected, or has gone back",
            Script.Looking(WatchdogScripts.Wait((long)(change.GoBackAfter + Grace).TotalSeconds)) with
            {
                Hosts = change.NewAddress is { } address ? [address, address, DeviceAddress.Own] : [],
                FreshLink = change.NewAddress is not null,
                Deadline = change.GoBackAfter + (Grace * 2),
                DialPatience = change.GoBackAfter + Grace,
            })
        {
            WhenItFails = $"the device goes back by itself within {seconds} s; run the preview then",
        };
        yield return new Step(
            $"come back over a new connection{(change.NewAddress is { } to ? $" at {to}" : "")}, and disarm the watchdog",
            Script.Of(WatchdogScripts.Confirm(change.ConnectTo)) with
            {
                Hosts = change.NewAddress is not { } at ? [] : change.IsNamed ? [at, DeviceAddress.Own] : [at],
                FreshLink = true,
                Idempotent = true,
                Deadline = Grace * 2,
                DialPatience = change.GoBackAfter + Grace,
            })
        {
            WhenItFails = $"unless it was confirmed, the device goes back by itself {seconds} s after the change began; check the password and that the network is in reach, then run up again",
        };
    }
}
