using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Systems;

namespace Provisioner.Provider.Resources.WifiProfile;

/// <summary>Compares what was written with what an inspection found. Pure.</summary>
internal static class ProfileObserver
{
    // NetworkManager writes these itself, or they mean nothing for a profile of one network.
    private static readonly ImmutableHashSet<string> Ignored = ["connection.timestamp", "wifi.seen-bssids", "wifi-security.psk"];

    private static readonly ImmutableDictionary<string, string> Names = new Dictionary<string, string>
    {
        ["connection.id"] = "id",
        ["connection.uuid"] = "uuid",
        ["connection.autoconnect-priority"] = "priority",
        ["connection.interface-name"] = "interfaceName",
        ["wifi.ssid"] = "ssid",
        ["wifi.hidden"] = "hidden",
        ["wifi.band"] = "band",
        ["wifi.bssid"] = "bssid",
        ["wifi.powersave"] = "powersave",
        ["wifi-security.key-mgmt"] = "security",
    }.ToImmutableDictionary();

    /// <param name="desired">The inputs.</param>
    /// <param name="written">What the state says was written last; null when nothing was, and what is there is to be adopted.</param>
    /// <param name="facts">The inspection.</param>
    public static WifiProfileState Observe(WifiProfileArgs desired, WifiProfileState? written, DeviceFacts facts)
    {
        var state = (written ?? desired.StateOf()) with { Device = desired.Device };
        var root = desired.OfSystem && facts.Boot.Incarnation == Incarnation.Bootstrap ? SystemScript.Target : facts.Boot.TargetRoot;
        var file = facts.Profiles.FirstOrDefault(profile => profile.Path == root + state.Path);
        var uuid = Guid.Parse(state.Uuid);
        var live = root.Length == 0 && facts.Network.ManagerRunning;
        var situation = SituationFinder.Find(state, facts, root, live);
        var shadows = Shadows(state, facts, root, live);
        var active = WaysIn.Wifi(uuid, facts);
        state = state with
        {
            ActiveUuid = active?.Uuid.ToString("D"),
            ConnectedThrough = active is null ? null : SituationFinder.NameOf(active, facts),
            ShadowedBy = shadows,
            WentBack = live && UndoneChange.Read(facts.Watchdog.Outcome) is { } undone && undone.Profile == state.Name ? $"begun at {undone.Begun}: {undone.Why}" : null,
            NotTried = live && active?.Uuid == uuid ? null : state.NotTried,
            Situation = situation,
        };

        var drift = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (file is null)
        {
            drift["file"] = "missing";
        }
        else
        {
            CompareFile(file, drift);
            CompareContent(file, state, desired, facts.DigestKey, drift);
            if (live && drift.Count == 0 && shadows.IsEmpty && !facts.Network.Connections.Any(connection => connection.Uuid == uuid))
            {
                drift["loaded"] = "no";
            }
        }

        if (!shadows.IsEmpty)
        {
            drift["shadowedBy"] = string.Join(", ", shadows.Select(shadow => shadow.File));
        }

        if (live && (facts.Watchdog.Armed ?? facts.Watchdog.GoingBack) is { } unconfirmed)
        {
            drift["unconfirmed"] = unconfirmed;
        }

        // Only a new resource insists on being in use; later, who is in range decides, and that is no drift.
        if (written is null && drift.Count == 0 && situation.Live && active?.Uuid != uuid && WifiProfilePlanner.MayTakeOver(state, state.Priority))
        {
            drift["connectedThrough"] = state.ConnectedThrough ?? "nothing";
        }

        return state with { Drift = drift.ToImmutableSortedDictionary(StringComparer.Ordinal) };
    }

    private static void CompareFile(ProfileFile file, SortedDictionary<string, string> drift)
    {
        if (!file.IsRegular)
        {
            drift["file"] = file.IsSymbolicLink ? "a symbolic link" : "not a regular file";
            return;
        }

        if (file.Permissions != 0x180)
        {
            drift["mode"] = Convert.ToString(file.Permissions, 8).PadLeft(4, '0');
        }

        if (file.UserId != 0 || file.GroupId != 0)
        {
            drift["owner"] = string.Create(CultureInfo.InvariantCulture, $"{file.UserId}:{file.GroupId}");
        }
    }

    private static void CompareContent(ProfileFile file, WifiProfileState state, WifiProfileArgs desired, DigestKey digestKey, SortedDictionary<string, string> drift)
    {
        if (file.SecretDigest is null)
        {
            return;
        }

        var expected = Keyfile.Entries(state.ContentOf()).ToDictionary(entry => $"{entry.Section}.{entry.Key}", entry => entry.Value, StringComparer.Ordinal);
        var settings = new List<string>();
        foreach (var key in expected.Keys.Union(file.Values.Keys, StringComparer.Ordinal).Where(key => !Ignored.Contains(key) && !IpSettings.Knows(key)).Order(StringComparer.Ordinal))
        {
            var found = file.Values.GetValueOrDefault(key);
            if (found == expected.GetValueOrDefault(key) || (found is "" && !expected.ContainsKey(key)) || IsTheSame(key, found, expected.GetValueOrDefault(key), file, state))
            {
                continue;
            }

            if (Names.TryGetValue(key, out var name))
            {
                drift[name] = found is null ? Absent(name) : name == "powersave" ? PowersaveOf(found) : found;
            }
            else
            {
                settings.Add(found is null ? $"{key} is missing" : $"{key}={found}");
            }
        }

        foreach (var section in new[] { "ipv4", "ipv6" })
        {
            var wanted = IpSettings.Read(section, expected);
            foreach (var (name, found) in IpSettings.Read(section, file.Values).Where(setting => setting.Value != wanted[setting.Key]))
            {
                drift[name] = found;
            }
        }

        settings.AddRange(file.OtherKeys.Where(key => !Ignored.Contains(key)));
        if (settings.Count > 0)
        {
            drift["settings"] = string.Join(", ", settings);
        }

        if (!drift.ContainsKey("security") && SecretDrift(file, state, desired, digestKey) is { } secret)
        {
            drift["password"] = secret;
        }
    }

    /// <summary>The same bytes may be written in several ways, and so may a few settings.</summary>
    private static bool IsTheSame(string key, string? found, string? wanted, ProfileFile file, WifiProfileState state) => key switch
    {
        "wifi.ssid" => file.Ssid is { } ssid && ssid.Equals(state.ContentOf().Ssid),
        "wifi.bssid" => string.Equals(found, wanted, StringComparison.OrdinalIgnoreCase),
        "wifi.powersave" => (found ?? "0") == (wanted ?? "0"),
        "connection.autoconnect" => wanted is null && found is "true" or "yes" or "1",
        _ => false,
    };

    private static string PowersaveOf(string number) => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && Enum.IsDefined((WifiPowersave)value)
        ? ProfileWishes.Word((WifiPowersave)value)
        : number;

    private static string Absent(string name) => name switch
    {
        "priority" => "0",
        "hidden" => "false",
        "security" => "open",
        "band" or "bssid" => "any",
        "powersave" => "default",
        "interfaceName" => "any",
        _ => "none",
    };

    private static string? SecretDrift(ProfileFile file, WifiProfileState state, WifiProfileArgs desired, DigestKey digestKey)
    {
        bool Holds(string? secret) => file.SecretDigest == digestKey.Digest(Encoding.UTF8.GetBytes(Keyfile.EscapeString(secret ?? "")));
        return Holds(state.Key) ? null
            : !file.OtherKeys.Contains("wifi-security.psk") ? "none"
            : state.Security == WifiSecurity.WpaPsk && Holds(desired.Password) ? "the password itself, in clear"
            : "another one";
    }

    /// <summary>
    /// Profiles that make ours not count: one with our UUID (NetworkManager reads /run before /etc, and takes one file for a
    /// UUID), or one for the same network that it prefers or may prefer.
    /// </summary>
    private static ImmutableArray<ShadowingProfile> Shadows(WifiProfileState state, DeviceFacts facts, string root, bool live)
    {
        var content = state.ContentOf();
        return
        [
            .. facts.Profiles
                .Where(other => other.Path != root + state.Path && other.IsAccepted && InRoot(other.Path, root))
                .Where(other => !other.Path.EndsWith(Watchdog.FallbackFile, StringComparison.Ordinal))
                .Select(other => (Profile: other, Same: other.Uuid == content.Uuid))
                .Where(pair => pair.Same ? Hides(pair.Profile.Path) : Competes(pair.Profile, content))
                .Select(pair => new ShadowingProfile
                {
                    File = pair.Profile.Path,
                    Uuid = (pair.Profile.Uuid ?? LoadedAs(pair.Profile, facts, live))?.ToString("D"),
                    Priority = pair.Profile.Priority,
                    SameUuid = pair.Same,
                }),
        ];
    }

    // /usr/lib comes last in NetworkManager's order, so a file there never hides one in /etc.
    private static bool Hides(string path) => !path.Contains("/usr/lib/", StringComparison.Ordinal);

    private static bool Competes(ProfileFile other, ProfileContent ours) =>
        other is { IsWifi: true, IsAccessPoint: false, AutoConnect: true }
        && ours.Ssid.Equals(other.Ssid)
        && other.Priority >= ours.Priority
        && (ours.InterfaceName is null || other.Values.GetValueOrDefault("connection.interface-name") is null or "" || other.Values["connection.interface-name"] == ours.InterfaceName);

    private static bool InRoot(string path, string root) => root.Length > 0
        ? path.StartsWith(root + "/", StringComparison.Ordinal)
        : !path.StartsWith("/mnt/", StringComparison.Ordinal);

    private static Guid? LoadedAs(ProfileFile profile, DeviceFacts facts, bool live) =>
        live ? facts.Network.Connections.FirstOrDefault(connection => connection.FileName == profile.Path)?.Uuid : null;
}
