using System.Collections.Immutable;
using System.Globalization;
using Provisioner.Provider.Inspection;

namespace Provisioner.Provider.Systems;

/// <summary>Reads what <see cref="SystemScript"/> printed. Pure; a part that is odd costs that part alone.</summary>
internal static class SystemParser
{
    public static SystemFacts Parse(Sections sections)
    {
        var now = sections.Values("system-now");
        return new SystemFacts
        {
            Running = System(sections, "system running"),
            Target = System(sections, "system target"),
            Current = now.GetValueOrDefault("running"),
            Booted = now.GetValueOrDefault("booted"),
            Built = now.GetValueOrDefault("built"),
            RetiredCard = now.GetValueOrDefault("retired-card"),
            FromCard = now.GetValueOrDefault("from-card"),
            Cards = sections.Values("cards").ToImmutableDictionary(StringComparer.Ordinal),
            Unconfirmed = now.GetValueOrDefault("going-back") ?? now.GetValueOrDefault("armed"),
            Room = Room(sections.Lines("room")),
            Mounts = sections.Lines("mounts").Select(line => line.Split(' ')).Where(fields => fields.Length > 2 && fields[2] is not ("rootfs" or "autofs"))
                .Aggregate(ImmutableDictionary<string, string>.Empty, (known, fields) => known.SetItem(fields[1], fields[0])),
            BootOrder = BootOrder(sections.Lines("boot-order")),
            Tools = [.. sections.Lines("system-tools")],
        };
    }

    private static NixosFacts? System(Sections sections, string name)
    {
        if (!sections.Names.Contains(name))
        {
            return null;
        }

        var values = sections.Values(name);
        var made = values.GetValueOrDefault("made")?.Split(' ') ?? [];
        return new NixosFacts
        {
            Generation = Number(values.GetValueOrDefault("generation")),
            Generations = DeviceFactsParser.Integer(values.GetValueOrDefault("generations", "")) ?? 0,
            Profile = values.GetValueOrDefault("profile") is { Length: > 0 } profile ? profile : null,
            IsNixos = values.ContainsKey("nixos"),
            HostKey = values.GetValueOrDefault("host-key"),
            HostId = values.GetValueOrDefault("host-id") is { Length: 8 } id ? id : null,
            HasExtlinux = values.ContainsKey("extlinux"),
            HasFirmware = values.ContainsKey("firmware"),
            MadeFrom = made.Length == 2 ? made[0] : null,
            Made = made.Length == 2 ? made[1] : null,
        };
    }

    /// <summary>The 12 of <c>system-12-link</c>.</summary>
    private static int Number(string? link) => link?.Split('-') is [.., var number, "link"] ? DeviceFactsParser.Integer(number) ?? 0 : 0;

    /// <summary>df -Pk: the fourth column is what is free, in KiB, the last one where it is mounted.</summary>
    private static ImmutableDictionary<string, long> Room(IEnumerable<string> lines) => lines
        .Select(line => line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries))
        .Where(fields => fields.Length == 6 && long.TryParse(fields[3], NumberStyles.None, CultureInfo.InvariantCulture, out var free) && free <= long.MaxValue / 1024)
        .Aggregate(ImmutableDictionary<string, long>.Empty, (known, fields) => known.SetItem(fields[5], long.Parse(fields[3], CultureInfo.InvariantCulture) * 1024));

    private static uint? BootOrder(IEnumerable<string> lines) =>
        lines.FirstOrDefault(line => line.StartsWith("BOOT_ORDER=0x", StringComparison.OrdinalIgnoreCase)) is { } line
        && uint.TryParse(line.AsSpan(13).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var order)
            ? order
            : null;
}
