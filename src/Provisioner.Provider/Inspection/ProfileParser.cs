using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Provisioner.Provider.Resources.WifiProfile;

namespace Provisioner.Provider.Inspection;

/// <summary>Reads the part of an inspection that tells of NetworkManager's profile files.</summary>
internal static class ProfileParser
{
    /// <summary>
    /// Lines: <c>file HEXPATH HEXMODE UID GID SIZE</c>, and then, for a file that could be read, <c>keys HEX</c> with one
    /// key=value or key on a line, and <c>secret DIGEST</c>.
    /// </summary>
    public static ImmutableArray<ProfileFile> Parse(IEnumerable<string> lines)
    {
        var files = ImmutableArray.CreateBuilder<ProfileFile>();
        foreach (var words in lines.Select(line => line.TrimEnd().Split(' ')))
        {
            if (words is ["file", var path, ..])
            {
                files.Add(File(Sections.Text(path), words[2..]));
            }
            else if (files.Count > 0 && words is [var kind, var content])
            {
                files[^1] = kind switch
                {
                    "keys" => WithKeys(files[^1], Sections.Bytes(content) ?? []),
                    "secret" => files[^1] with { SecretDigest = content },
                    _ => files[^1],
                };
            }
        }

        return files.ToImmutable();
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
    private static ProfileFile WithKeys(ProfileFile file, byte[] content)
    {
        foreach (var line in Encoding.Latin1.GetString(content).Split('\n', StringSplitOptions.RemoveEmptyEntries))
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
