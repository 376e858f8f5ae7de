using System.Collections.Immutable;
using System.Text;
using Provisioner.Provider.Resources.WifiProfile;

namespace Provisioner.Provider.Inspection;

/// <summary>Reads what NetworkManager, iw and ip say of the network.</summary>
internal static class NetworkParser
{
    public static NetworkFacts Parse(Sections sections)
    {
        return new NetworkFacts(
            sections.First("nm-running") == "yes",
            sections.Lines("regulatory")
                .Select(line => line.Split(' ', ':'))
                .FirstOrDefault(words => words is ["country", _, ..])?[1],
            OurInterface(sections),
            [.. sections.Lines("nm-devices").Select(Fields).Where(fields => fields.Length >= 4).Select(Device).Select(device => WithRadio(device, sections))],
            [.. sections.Lines("nm-connections").Select(Fields).Where(fields => fields.Length >= 8).SelectMany(Connection)],
            [.. sections.Lines("nm-scan").Select(Fields).Where(fields => fields.Length >= 4).SelectMany(Seen)])
        {
            OurAddress = OurAddress(sections) is { } ours ? WithoutMapping(ours) : null,
            WifiSwitchedOff = sections.Lines("nm-radio").Select(Fields).Any(fields => fields is [_, "disabled", ..]),
        };
    }

    /// <summary>One line of <c>nmcli -t</c>: fields between colons, in which a backslash makes the next character plain.</summary>
    public static string[] Fields(string line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        for (var i = 0; i < line.Length; i++)
        {
            switch (line[i])
            {
                case '\\' when i + 1 < line.Length:
                    field.Append(line[++i]);
                    break;
                case ':':
                    fields.Add(field.ToString());
                    field.Clear();
                    break;
                default:
                    field.Append(line[i]);
                    break;
            }
        }

        fields.Add(field.ToString());
        return [.. fields];
    }

    private static NetworkDevice Device(string[] fields) =>
        new(fields[0], fields[1], fields[2].Split(' ')[0], Guid.TryParse(fields[3], out var uuid) ? uuid : null);

    /// <summary><c>iw dev</c> says of each interface, on lines below its own, of what type it is; <c>rfkill</c> has <c>NAME SOFT HARD</c>.</summary>
    private static NetworkDevice WithRadio(NetworkDevice device, Sections sections)
    {
        var blocks = sections.Lines("rfkill").Select(line => line.Split(' ')).Where(words => words.Length == 3 && words[0] == device.Name).ToList();
        return device with
        {
            Mode = sections.Lines("iw").Select(line => line.Trim())
                .SkipWhile(line => line != $"Interface {device.Name}").Skip(1)
                .TakeWhile(line => !line.StartsWith("Interface ", StringComparison.Ordinal) && !line.StartsWith("phy#", StringComparison.Ordinal))
                .FirstOrDefault(line => line.StartsWith("type ", StringComparison.Ordinal))?["type ".Length..],
            IsSoftBlocked = blocks.Any(words => words[1] == "1"),
            IsHardBlocked = blocks.Any(words => words[2] == "1"),
        };
    }

    private static IEnumerable<NetworkConnection> Connection(string[] fields)
    {
        if (Guid.TryParse(fields[0], out var uuid))
        {
            yield return new NetworkConnection(
                uuid, fields[1], fields[2] == "yes", DeviceFactsParser.Integer(fields[3]) ?? 0,
                fields[4] == "yes" && fields[6] is "activated" or "", fields[5], string.Join(':', fields[7..]));
        }
    }

    /// <summary>A network that hides its name has an empty one here.</summary>
    private static IEnumerable<AccessPoint> Seen(string[] fields)
    {
        if (Sections.Bytes(fields[1]) is { Length: > 0 and <= Ssid.MaximumBytes } ssid)
        {
            yield return new AccessPoint(Ssid.FromBytes(ssid), DeviceFactsParser.Integer(fields[2]) ?? 0, fields[3]);
        }
    }

    /// <summary>
    /// sshd says which of the device's addresses we came to, a link-local one with its interface; <c>ip -o addr</c> says which
    /// interface has it.
    /// </summary>
    private static string? OurInterface(Sections sections)
    {
        if (OurAddress(sections) is not { } address)
        {
            return null;
        }

        if (address.Split('%') is [_, var zone])
        {
            return zone;
        }

        address = WithoutMapping(address);
        return sections.Lines("addresses")
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(words => words.Length > 3 && words[3].Split('/')[0] == address)?[1];
    }

    private static string? OurAddress(Sections sections) => sections.First("ssh")?.Split(' ') is [_, _, var address, ..] ? address : null;

    /// <summary>An IPv4 address that a socket of both versions has.</summary>
    private static string WithoutMapping(string address)
    {
        const string Mapped = "::ffff:";
        return address.StartsWith(Mapped, StringComparison.Ordinal) && address.Contains('.', StringComparison.Ordinal) ? address[Mapped.Length..] : address;
    }
}
