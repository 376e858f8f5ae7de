using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Systems;

namespace Provisioner.Provider.Resources.WifiProfile;

/// <summary>What to do about a profile.</summary>
internal sealed record WifiProfilePlan : ResourcePlan
{
    /// <summary>Whether the device is to be connected through the profile afterwards.</summary>
    public bool Connects { get; init; }

    /// <summary>Why the profile is written and not tried; null where it is tried, or nothing that a connection is made of is written.</summary>
    public string? NotTried { get; init; }
}

/// <summary>Makes the plan from inputs and state. Pure.</summary>
internal static class WifiProfilePlanner
{
    // What the connection itself is made of: when it changes, a connection in use has to be made anew.
    private static readonly ImmutableHashSet<string> OfTheConnection =
    [
        "uuid", "ssid", "hidden", "interfaceName", "security", "password", "settings", "unconfirmed", "band", "bssid", "powersave",
        .. IpSettings.Read("ipv4", (WifiIp?)null).Keys, .. IpSettings.Read("ipv6", (WifiIp?)null).Keys,
    ];

    // What rewriting the file mends.
    private static readonly ImmutableHashSet<string> InTheFile = OfTheConnection.Union(["device", "file", "mode", "owner", "id", "name", "priority"]);

    public static WifiProfilePlan Plan(WifiProfileArgs desired, WifiProfileState? actual)
    {
        if (actual is null)
        {
            return PlanBlind(desired);
        }

        // It was looked at as a profile of the card, and is now to be one of the system that will be mounted.
        if (desired.OfSystem && actual.Situation is { FromCard: true, TargetRoot: "" })
        {
            actual = actual with
            {
                ShadowedBy = [],
                Drift = ImmutableSortedDictionary<string, string>.Empty.Add("file", "missing"),
                Situation = actual.Situation with { TargetRoot = SystemScript.Target, Live = false, Fleeting = null },
            };
        }

        var wished = desired.StateOf();
        ImmutableArray<PropertyChange> changes = [.. Compare(wished, actual)];
        if (changes.IsEmpty)
        {
            return new WifiProfilePlan();
        }

        if (changes.Any(change => change.Replaces))
        {
            return new WifiProfilePlan { Changes = changes };
        }

        var paths = changes.Select(change => change.Path).ToImmutableHashSet();
        var connects = Connects(desired, actual, paths);
        var notTried = connects ? null : NotTried(desired, actual, paths);
        return new WifiProfilePlan
        {
            Changes = changes,
            Connects = connects,
            NotTried = notTried,
            Steps = [.. Steps(desired, wished, actual, paths, connects)],
            Warnings =
            [
                .. connects && actual.WentBack is { } undone ? [$"the device went back by itself from the last change of this profile, {undone}"] : Array.Empty<string>(),
                .. actual.Situation.Fleeting is { } why ? [$"the profile will be gone after the device's next start: {why}; with raspi-config, switch the overlay file system off, restart, and run up again"] : Array.Empty<string>(),
                .. connects ? ComeBack.Warnings(wished, actual, paths) : [],
                .. notTried is null ? [] : new[] { $"{actual.Situation.TargetRoot}{wished.Path}: written but not tried: {notTried}" },
            ],
        };
    }

    /// <summary>Whether a profile of this priority may take the place of the connection in use.</summary>
    public static bool MayTakeOver(WifiProfileState actual, int priority) =>
        actual.Situation is { Live: true, Hindrance: null }
        && (!actual.Situation.Occupied || actual.Situation.SameNetwork || actual.Situation.ActivePriority < priority);

    /// <summary>What an update does when the device has never been seen: a preview without the device.</summary>
    private static WifiProfilePlan PlanBlind(WifiProfileArgs desired) => new()
    {
        Changes = [new PropertyChange("file", ChangeKind.Add, null, desired.PathOf())],
        Steps = [ProfileScripts.Write((desired.OfSystem ? SystemScript.Target : "") + desired.PathOf(), Content(desired.StateOf()), reload: !desired.OfSystem)],
        Warnings = desired.OfSystem ? [] : ["the device has not been seen yet; whether it would be connected through the profile, under a watchdog, is known once it answers"],
    };

    private static bool Connects(WifiProfileArgs desired, WifiProfileState actual, ImmutableHashSet<string> paths)
    {
        if (!actual.Situation.Live)
        {
            return false;
        }

        return actual.ActiveUuid == actual.Uuid
            ? paths.Overlaps(OfTheConnection)
            : MayTakeOver(actual, desired.Priority);
    }

    /// <summary>Why what is written is not tried, where a connection is made of it.</summary>
    private static string? NotTried(WifiProfileArgs desired, WifiProfileState actual, ImmutableHashSet<string> paths) =>
        actual.Situation.TargetRoot.Length > 0 || !paths.Overlaps(OfTheConnection.Add("file")) || (actual.Situation.Live && actual.ActiveUuid == actual.Uuid) ? null
        : actual.Situation.Hindrance
        ?? (MayTakeOver(actual, desired.Priority) ? null
            : $"another connection, whose priority is not lower ({Word(actual.Situation.ActivePriority)}), is in use on {actual.Situation.Interface}");

    private static IEnumerable<Step> Steps(
        WifiProfileArgs desired, WifiProfileState wished, WifiProfileState actual, ImmutableHashSet<string> paths, bool connects)
    {
        var path = actual.Situation.TargetRoot + wished.Path;
        var live = actual.Situation.Live;
        var hiding = actual.ShadowedBy.Where(shadow => shadow.SameUuid).Select(shadow => shadow.File).ToImmutableArray();
        if (actual.Drift.TryGetValue("unconfirmed", out var unconfirmed))
        {
            yield return Watchdog.Settle(unconfirmed);
        }

        if (connects)
        {
            // The watchdog can bring back one hidden file; more than one is against all odds, and is moved beforehand.
            foreach (var file in hiding.Skip(1))
            {
                yield return ProfileScripts.MoveAside(file);
            }

            var change = new WatchedChange(wished.Name, path, Guid.Parse(wished.Uuid), hiding.FirstOrDefault(), TimeSpan.FromSeconds(desired.RollbackAfter))
            {
                Interface = wished.InterfaceName ?? actual.Situation.Interface,
                NewAddress = ComeBack.Address(wished, actual),
                IsNamed = ComeBack.IsNamed(wished.Device),
            };
            foreach (var step in Watchdog.Write(change, Content(wished)))
            {
                yield return step;
            }
        }
        else
        {
            if (paths.Overlaps(InTheFile))
            {
                yield return ProfileScripts.Write(path, Content(wished), live);
            }
            else if (paths.Contains("loaded"))
            {
                yield return ProfileScripts.Reload();
            }

            foreach (var file in hiding)
            {
                yield return ProfileScripts.MoveAside(file);
            }
        }

        foreach (var other in actual.ShadowedBy.Where(shadow => !shadow.SameUuid))
        {
            yield return ProfileScripts.Yield(other, live);
        }
    }

    private static Payload Content(WifiProfileState wished) =>
        wished.Key is { } key
            ? Payload.Secret(Encoding.UTF8.GetString(Keyfile.Write(wished.ContentOf())), key)
            : Payload.Plain(Encoding.UTF8.GetString(Keyfile.Write(wished.ContentOf())));

    private static IEnumerable<PropertyChange> Compare(WifiProfileState wished, WifiProfileState actual)
    {
        PropertyChange? Of(string path, string? old, string? wanted, string? because = null) =>
            old == wanted ? null : new PropertyChange(path, old is null ? ChangeKind.Add : wanted is null ? ChangeKind.Delete : ChangeKind.Update, old, wanted) { Because = because };

        // A setting that was changed on the device counts as it is there, with a word on where the change came from.
        PropertyChange? Setting(string path, string? written, string? wanted) => actual.Drift.TryGetValue(path, out var found)
            ? Of(path, found, wanted ?? "none", "changed on the device")
            : Of(path, written, wanted);

        IEnumerable<PropertyChange?> Ip(string section, WifiIp? written, WifiIp? wanted)
        {
            var before = IpSettings.Read(section, written);
            return IpSettings.Read(section, wanted).Select(setting => Setting(setting.Key, before[setting.Key], setting.Value));
        }

        PropertyChange?[] changes =
        [
            Of("device", actual.Device, wished.Device),
            Replacing(Of("name", actual.Name, wished.Name)),
            Replacing(Of("ssid", actual.Ssid, wished.Ssid)),
            Setting("security", Word(actual.Security), Word(wished.Security)),
            Setting("priority", Word(actual.Priority), Word(wished.Priority)),
            Setting("hidden", Word(actual.Hidden), Word(wished.Hidden)),
            Setting("interfaceName", actual.InterfaceName ?? "any", wished.InterfaceName ?? "any"),
            Setting("band", ProfileWishes.Word(actual.Band), ProfileWishes.Word(wished.Band)),
            Setting("bssid", actual.Bssid ?? "any", wished.Bssid ?? "any"),
            Setting("powersave", ProfileWishes.Word(actual.Powersave), ProfileWishes.Word(wished.Powersave)),
            .. Ip("ipv4", actual.Ipv4, wished.Ipv4),
            .. Ip("ipv6", actual.Ipv6, wished.Ipv6),
            Password(wished, actual),
            .. DriftTexts.Of(actual),
        ];
        return changes.OfType<PropertyChange>();
    }

    private static PropertyChange? Replacing(PropertyChange? change) => change is null ? null : change with { Replaces = true };

    private static PropertyChange? Password(WifiProfileState wished, WifiProfileState actual)
    {
        if (actual.Drift.TryGetValue("password", out var found))
        {
            return new PropertyChange("password", ChangeKind.Update, found, "[secret]") { Because = "the password in the profile on the device differs" };
        }

        return wished.Key == actual.Key ? null : new PropertyChange(
            "password",
            actual.Key is null ? ChangeKind.Add : wished.Key is null ? ChangeKind.Delete : ChangeKind.Update,
            actual.Key is null ? null : "[secret]",
            wished.Key is null ? null : "[secret]");
    }

    private static string Word(WifiSecurity security) => ProfileWishes.KeyManagement(security) ?? "open";

    private static string Word(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Word(bool value) => value ? "true" : "false";
}
