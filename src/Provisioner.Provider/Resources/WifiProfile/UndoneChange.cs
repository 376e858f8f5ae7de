using System.Text.RegularExpressions;

namespace Provisioner.Provider.Resources.WifiProfile;

/// <summary>The last change that a device undid by itself, as it noted it: nobody may have been there to hear of it.</summary>
/// <param name="Profile">The name of the profile that was changed.</param>
/// <param name="Begun">When, by the device's clock, as ISO 8601 in UTC.</param>
/// <param name="Why">The reason.</param>
internal sealed partial record UndoneChange(string Profile, string Begun, string Why)
{
    /// <summary>Reads the watchdog's note; null for none, and for one that says something else.</summary>
    public static UndoneChange? Read(string? outcome) => outcome is not null && Note().Match(outcome) is { Success: true } note
        ? new UndoneChange(note.Groups["profile"].Value, note.Groups["begun"].Value, note.Groups["why"].Value)
        : null;

    // Written by WatchdogScripts.
    [GeneratedRegex("^[0-9a-f-]{36}, profile (?<profile>.*), at (?<begun>[0-9TZ:-]+) went back: (?<why>.*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Note();
}
