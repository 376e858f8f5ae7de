using System.Globalization;
using System.Text.RegularExpressions;

namespace Provisioner.VirtualPi.Machine;

/// <summary>What the guest says on the serial line once its sshd is up.</summary>
/// <param name="Uptime">Of the guest's kernel.</param>
/// <param name="HostKey">The host key; the serial line is the owner's alone, so it can be believed.</param>
internal sealed partial record ReadyLine(TimeSpan Uptime, SshHostKey HostKey)
{
    /// <summary>The last such line in the text; null when there is none.</summary>
    public static ReadyLine? Find(string text)
    {
        var match = Pattern().Matches(text).LastOrDefault();
        return match is null
            ? null
            : new ReadyLine(
                TimeSpan.FromSeconds(double.Parse(match.Groups["uptime"].ValueSpan, CultureInfo.InvariantCulture)),
                SshHostKey.Parse($"{match.Groups["kind"].Value} {match.Groups["key"].Value}"));
    }

    [GeneratedRegex(@"virtual-pi ready: uptime=(?<uptime>[0-9.]+) hostkey=(?<kind>[a-z0-9-]+),(?<key>[A-Za-z0-9+/=]+)\r?\n", RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
