using System.Globalization;
using Provisioner.Cli.Terminal;
using Provisioner.VirtualPi;

namespace Provisioner.Cli.Commands.Pi;

/// <summary>A machine's status for a person.</summary>
internal static class PiStatusLines
{
    public static IEnumerable<StyledLine> Of(PiStatus status)
    {
        yield return new StyledLine(
            new Piece(status.Name, Tone.Bold),
            ": ",
            status.Power switch
            {
                PiPower.On => new Piece("on" + (status.Uptime is { } uptime ? $" for {Display.SummaryLines.Duration(uptime)}" : string.Empty), Tone.Create),
                PiPower.Off => new Piece("off", Tone.Delete),
                _ => new Piece("there is no such machine; `provision pi start` makes it", Tone.Faint),
            });
        if (status.Power == PiPower.Absent)
        {
            yield break;
        }

        foreach (var (label, value) in Facts(status))
        {
            yield return $"    {label,-10}{value}";
        }
    }

    private static IEnumerable<(string Label, string Value)> Facts(PiStatus status)
    {
        yield return ("host", status.HostName ?? "unknown");
        yield return ("host key", status.HostKeyFingerprint ?? "not known before the first start");
        yield return ("ssh", Invariant($"127.0.0.1:{status.WifiPort} over the WiFi, 127.0.0.1:{status.ServicePort} past it; key {status.KeyFile}"));
        yield return ("WiFi", $"{status.Ssid ?? "none"}{(status.RadioOn ? string.Empty : " (the access point is off)")}");
        foreach (var disk in status.Disks)
        {
            yield return ("disk", Invariant($"{disk.Disk.Serial} {disk.Disk.Vendor} {disk.Disk.Product}, {disk.Disk.Bytes >> 30} GiB, {(disk.Plugged ? "plugged in" : "unplugged")}"));
        }

        if (status.Boot is { } boot)
        {
            yield return ("booted", boot.Medium switch
            {
                PiBootMedium.Card => $"from the card ({boot.Text})",
                PiBootMedium.Usb => $"from USB ({boot.Text})",
                _ => boot.Text,
            });
        }

        if (status.Acceleration is { } acceleration)
        {
            yield return ("runs with", acceleration.ToString().ToUpperInvariant());
        }

        yield return ("folder", status.Folder);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
