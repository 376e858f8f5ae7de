using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Provisioner.Provider.Resources.WifiProfile;

namespace Provisioner.Provider.Inspection;

/// <summary>Reads the part of an inspection that tells of NetworkManager's profile files.</summary>
internal static class ProfileParser
{
    private const string Part = "profiles ";

    public static ImmutableArray<ProfileFile> Parse(Sections sections) =>
        [.. sections.Names.Where(name => name.StartsWith(Part, StringComparison.Ordinal)).SelectMany(name => Folder(name[Part.Length..], sections.Lines(name)))];

    /// <summary>
    /// A folder's lines: <c>names HEX</c>, each name ended by a NUL; for each file <c>stat MODE UID GID SIZE</c>; <c>read</c> with
    /// the numbers of the files that could be read; of these <c>keys HEX</c>, a line "/" before each file's keys; and for each
    /// <c>secret DIGEST</c>.
    /// </summary>
    private static ProfileFile[] Folder(string folder, string[] lines)
    {
        string[][] Of(string kind) => [.. lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(words => words is [var first, ..] && first == kind).Select(words => words[1..])];
        var names = Of("names") is [[var hex]] ? Sections.Text(hex).Split('\0')[..^1] : [];
        var status = Of("stat");
        var files = names.Select((name, index) => File($"{folder}/{name}", status.Length == names.Length ? status[index] : [])).ToArray();
        var read = Of("read") is [var numbers] ? numbers : [];
        var keys = Of("keys") is [[var content]] ? Groups(Encoding.Latin1.GetString(Sections.Bytes(content) ?? [])) : [];
        var secrets = Of("secret");
        for (var i = 0; i < Math.Min(read.Length, Math.Min(keys.Count, secrets.Length)); i++)
        {
            if (int.TryParse(read[i], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < files.Length && secrets[i] is [var digest, ..])
            {
                files[number] = WithKeys(files[number], keys[i]) with { SecretDigest = digest };
            }
        }

        return files;
    }

    /// <summary>Lines, cut at those that are "/" alone, which no key can be.</summary>
    private static List<List<string>> Groups(string content)
    {
        var groups = new List<List<string>>();
        foreach (var line in content.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line == "/")
            {
                groups.Add([]);
            }
            else if (groups.Count > 0)
            {
                groups[^1].Add(line);
            }
        }

        return groups;
    }

    private static ProfileFile File(string path, string[] status)
    {
        var known = status.Length == 4;
        return new ProfileFile(
            path,
            known && int.TryParse(status[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var mode) ? mode : null,
            known ? Number(status[1]) : -1,
            known ? Number(status[2]) : -1,
            known ? Number(status[3]) : 0,
            ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal),
            ImmutableSortedSet.Create<string>(StringComparer.Ordinal),
            null);
    }

    /// <summary>Keeps bytes exact where they matter, in the network's name; everything else is text for people.</summary>
    private static ProfileFile WithKeys(ProfileFile file, List<string> lines)
    {
        foreach (var line in lines)
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                file = file with { OtherKeys = file.OtherKeys.Add(Canonical(line)) };
                continue;
            }

            var key = Canonical(line[..equals]);
            var value = Encoding.Latin1.GetBytes(line[(equals + 1)..]);
            file = file with
            {
                Values = file.Values.SetItem(key, Encoding.UTF8.GetString(value)),
                Ssid = key == "wifi.ssid" ? Keyfile.ReadSsid(value) : file.Ssid,
            };
        }

        return file;
    }

    /// <summary>NetworkManager knows two of its sections by older names, too.</summary>
    private static string Canonical(string key) => key
        .Replace("802-11-wireless-security.", "wifi-security.", StringComparison.Ordinal)
        .Replace("802-11-wireless.", "wifi.", StringComparison.Ordinal);

    private static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : -1;
}
