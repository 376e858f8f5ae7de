using Provisioner.VirtualPi.Building;

namespace Provisioner.VirtualPi.Machine;

/// <summary>
/// What the simulated hardware (radio, house router, service port) brings into whatever system the machine boots: SMBIOS strings
/// that systemd takes for credentials. It makes units of some (systemd-debug-generator(8)) and leaves the scripts below
/// /run/credentials/@system. So nothing of it is on the card or the SSD.
/// </summary>
internal static class HardwareDrivers
{
    private const string Hardware = "Guest/Hardware/";

    /// <summary>Writes a file for each string.</summary>
    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, content) in Credentials())
        {
            File.WriteAllText(Path.Combine(folder, name), $"io.systemd.credential.binary:{name}={Convert.ToBase64String(content)}");
        }
    }

    /// <summary>The files, always in the same order; none for a card of the time when they were on the card itself.</summary>
    public static IReadOnlyList<string> Files(string folder) =>
        Directory.Exists(folder) ? [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)] : [];

    internal static IEnumerable<(string Name, byte[] Content)> Credentials() =>
        Embedded.Names(Hardware).Select(path => (NameOf(path[Hardware.Length..]), Embedded.Content(path)));

    private static string NameOf(string path) => path.Split('/') switch
    {
        ["Units", var unit] => $"systemd.extra-unit.{unit}",
        ["DropIns", var unit] => $"systemd.unit-dropin.{unit}",
        ["Scripts", var script] => $"virtual-pi.{script}",
        _ => throw new InvalidOperationException($"Of {Hardware}{path} it is not known what it is."),
    };
}
