using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace Provisioner.Provider.Images;

/// <summary>Where the parts of an image's system lie: NixOS keeps them behind the system's store path, others where Linux always has.</summary>
/// <param name="Name">For people.</param>
/// <param name="Root">The system's store path; empty for others than NixOS.</param>
/// <param name="Units">Folders with systemd's units.</param>
/// <param name="Modules">Folder with one folder for each kernel's modules.</param>
/// <param name="Firmware">Folders with firmware for devices.</param>
/// <param name="Programs">Folders with programs.</param>
/// <param name="SshdConfig">sshd's configuration files.</param>
internal sealed partial record SystemTree(
    string Name,
    string Root,
    ImmutableArray<string> Units,
    string Modules,
    ImmutableArray<string> Firmware,
    ImmutableArray<string> Programs,
    ImmutableArray<string> SshdConfig)
{
    /// <summary>Finds the system; null when there is none.</summary>
    public static SystemTree? Of(Ext4Reader files, FirmwareVolume? firmware)
    {
        if (files.Find("/nix/store") is not null)
        {
            // What the boot menu starts is the system; without a menu, a store with one system in it is clear enough.
            var menu = files.Text("/boot/extlinux/extlinux.conf") + "\n" + firmware?.Text("extlinux/extlinux.conf") + "\n" + firmware?.Text("cmdline.txt");
            var started = Init().Match(menu) is { Success: true } match ? match.Groups["path"].Value : null;
            var system = started ?? files.Names("/nix/store").Where(name => SystemName().IsMatch(name)).Select(name => "/nix/store/" + name).Order(StringComparer.Ordinal).FirstOrDefault();
            if (system is not null && files.Find(system) is not null)
            {
                return new SystemTree(
                    "NixOS", system, [$"{system}/etc/systemd/system"], $"{system}/kernel-modules/lib/modules", [$"{system}/firmware"], [$"{system}/sw/bin"], [$"{system}/etc/ssh/sshd_config"]);
            }
        }

        // A store alone is no NixOS: others have Nix, too.
        return files.Find("/etc/os-release") is null && files.Find("/usr/lib/os-release") is null ? null : new SystemTree(
            "Linux",
            string.Empty,
            ["/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"],
            files.Find("/usr/lib/modules") is null ? "/lib/modules" : "/usr/lib/modules",
            ["/usr/lib/firmware", "/lib/firmware"],
            ["/usr/sbin", "/usr/bin", "/sbin", "/bin"],
            ["/etc/ssh/sshd_config", .. files.Names("/etc/ssh/sshd_config.d").Order(StringComparer.Ordinal).Select(name => "/etc/ssh/sshd_config.d/" + name)]);
    }

    /// <summary>A unit's text; null when there is none.</summary>
    public string? Unit(Ext4Reader files, string name) =>
        Units.Select(folder => files.Read($"{folder}/{name}", 1 << 20)).FirstOrDefault(found => found is not null) is { } text ? Encoding.UTF8.GetString(text) : null;

    /// <summary>Whether some target starts the unit.</summary>
    public bool IsWanted(Ext4Reader files, string name) =>
        Units.Any(folder => files.Names(folder).Any(entry => (entry.EndsWith(".wants", StringComparison.Ordinal) || entry.EndsWith(".requires", StringComparison.Ordinal)) && files.FindLink($"{folder}/{entry}/{name}") is not null));

    [GeneratedRegex(@"\binit=(?<path>/nix/store/[^/\s]+)/init\b")]
    private static partial Regex Init();

    [GeneratedRegex("^[a-z0-9]{32}-nixos-system-")]
    private static partial Regex SystemName();
}
