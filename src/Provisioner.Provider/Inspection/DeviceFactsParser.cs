using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Provisioner.Provider.Systems;

namespace Provisioner.Provider.Inspection;

/// <summary>Reads an inspection's answer. Pure; a part that is missing or odd costs that part alone.</summary>
internal static class DeviceFactsParser
{
    /// <param name="answer">What <see cref="InspectionScript"/> wrote to stdout.</param>
    /// <param name="word">The boundary word it was given.</param>
    /// <param name="digestKey">The digest key it was given.</param>
    /// <exception cref="FormatException">The answer breaks off before its end, or has more in it than a device has.</exception>
    public static DeviceFacts Parse(string answer, string word, DigestKey digestKey)
    {
        var sections = Sections.Parse(answer, word);
        var os = Os(sections);
        var disks = DiskParser.Parse(sections);
        var mounts = Mounts(sections);
        var zfs = ZfsParser.Parse(sections);
        var boot = BootParser.Parse(sections, mounts, os, disks, zfs);
        var system = SystemParser.Parse(sections);
        return new DeviceFacts
        {
            Account = Account(sections["account"]),
            HostName = sections.First("hostname") ?? "",
            BootId = sections.First("boot-id") ?? "",
            MachineId = sections.First("machine-id"),
            Uptime = TimeSpan.FromSeconds(Number(sections["uptime"].Split(' ')[0]) ?? 0),
            Clock = DateTimeOffset.FromUnixTimeSeconds((long)(Number(sections["clock"]) ?? 0)),
            Os = os,
            Board = Board(sections.Lines("model")),
            Memory = Memory(sections.Lines("memory")),
            Boot = boot,
            Disks = disks,
            Mounts = mounts,
            Vdevs = DiskParser.Vdevs(sections["vdevs"]),
            Zfs = zfs,
            Kexec = Kexec(sections),
            Network = NetworkParser.Parse(sections),
            Profiles = ProfileParser.Parse(sections),
            Watchdog = new WatchdogFacts(sections.First("armed"), sections.First("going-back"), sections.First("outcome")),
            ZfsModule = sections.First("zfs"),

            // What somebody's disk at /mnt holds, such as the copy of a system, is not the one that is being made.
            System = boot.TargetMounted || mounts.All(mount => mount.Target != SystemScript.Target) ? system : system with { Target = null },
            Tools = [.. sections.Lines("tools")],
            DigestKey = digestKey,
        };
    }

    internal static int? Integer(string text) => int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static double? Number(string text) =>
        double.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value is >= 0 and < 1e11 ? value : null;

    /// <summary>The output of id: <c>uid=0(root) gid=…</c>.</summary>
    private static Account Account(string text)
    {
        var parts = text.Split('=', '(', ')');
        return parts is ["uid", var id, var name, ..] ? new Account(Integer(id) ?? -1, name) : new Account(-1, "");
    }

    private static OperatingSystemFacts Os(Sections sections)
    {
        var release = sections.Values("os-release");
        var (kernel, architecture) = sections.First("kernel")?.Split(' ') is [var version, var machine] ? (version, machine) : ("", "");
        return new OperatingSystemFacts(
            release.GetValueOrDefault("ID", "linux"),
            release.GetValueOrDefault("VERSION_ID", ""),
            release.GetValueOrDefault("PRETTY_NAME", release.GetValueOrDefault("NAME", "Linux")),
            release.GetValueOrDefault("VARIANT_ID"),
            sections.First("nixos") == "yes" || release.GetValueOrDefault("ID") == "nixos",
            kernel,
            architecture);
    }

    private static BoardFacts Board(string[] lines)
    {
        string? At(int index) => lines.Length > index && lines[index].Trim() is { Length: > 0 } text ? text : null;
        return new BoardFacts(At(1), At(2), At(0) ?? "none");
    }

    private static MemoryFacts Memory(string[] lines)
    {
        long Of(string name) => lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
            && long.TryParse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes)
                ? Math.Min(kilobytes, long.MaxValue / 1024) * 1024
                : 0;
        return new MemoryFacts(Of("MemTotal:"), Of("MemAvailable:"));
    }

    private static ImmutableArray<MountFacts> Mounts(Sections sections) =>
    [
        .. sections.Lines("mounts").Select(line => line.Split(' ')).Where(fields => fields.Length > 2)
            .Select(fields => new MountFacts(Unescape(fields[0]), Unescape(fields[1]), fields[2]) { Options = fields.Length > 3 ? fields[3] : "" }),
    ];

    /// <summary>The kernel writes a blank as \040; other such characters likewise.</summary>
    private static string Unescape(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            if (text.AsSpan(index) is ['\\', >= '0' and <= '3' and var high, >= '0' and <= '7' and var middle, >= '0' and <= '7' and var low, ..])
            {
                result.Append((char)(((high - '0') << 6) | ((middle - '0') << 3) | (low - '0')));
                index += 3;
            }
            else
            {
                result.Append(text[index]);
            }
        }

        return result.ToString();
    }

    private static KexecFacts Kexec(Sections sections)
    {
        var values = sections.Values("kexec");
        return new KexecFacts(
            values.ContainsKey("loaded-file"),
            values.GetValueOrDefault("disabled") == "1",
            values.GetValueOrDefault("enable-method"),
            [.. values.Keys.Where(key => key.StartsWith("CONFIG_", StringComparison.Ordinal)).Order(StringComparer.Ordinal)]);
    }
}
