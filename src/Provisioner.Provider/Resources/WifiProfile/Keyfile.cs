using System.Globalization;
using System.Text;

namespace Provisioner.Provider.Resources.WifiProfile;

/// <summary>What the keyfile of one WiFi network says.</summary>
/// <param name="Name">The connection's id, and its file's name without the ending.</param>
/// <param name="Uuid">Fixed for the life of the profile.</param>
/// <param name="Ssid">The network.</param>
/// <param name="KeyManagement">wpa-psk, sae, or null for an open network.</param>
/// <param name="Key">The derived key or, for sae, the password; null for an open network.</param>
/// <param name="Priority">Which of several networks in range NetworkManager prefers: the higher one.</param>
/// <param name="Hidden">Whether the network does not announce its name.</param>
/// <param name="InterfaceName">The only interface to use, or null for any.</param>
internal sealed record ProfileContent(
    string Name, Guid Uuid, Ssid Ssid, string? KeyManagement, string? Key, int Priority, bool Hidden, string? InterfaceName)
{
    /// <summary>The only band to use.</summary>
    public WifiBand Band { get; init; }

    /// <summary>The only access point to use, or null for any.</summary>
    public string? Bssid { get; init; }

    /// <summary>Whether the radio sleeps.</summary>
    public WifiPowersave Powersave { get; init; }

    /// <summary>The settings of IPv4; null for those of the network.</summary>
    public WifiIp? Ipv4 { get; init; }

    /// <summary>The settings of IPv6; null for those of the network.</summary>
    public WifiIp? Ipv6 { get; init; }

    /// <summary>Never the key.</summary>
    public override string ToString() => $"WiFi profile {Name} ({Uuid})";
}

/// <summary>
/// NetworkManager's keyfile format, written byte for byte as its own writer does (nmcli --offline is the oracle of the
/// tests), so that a file that NetworkManager rewrites unchanged does not look like drift.
/// </summary>
internal static class Keyfile
{
    /// <summary>The whole file, UTF-8.</summary>
    public static byte[] Write(ProfileContent profile)
    {
        var text = new StringBuilder();
        foreach (var section in Entries(profile).GroupBy(entry => entry.Section))
        {
            text.Append(text.Length == 0 ? "" : "\n").Append('[').Append(section.Key).Append("]\n");
            foreach (var (_, key, value) in section)
            {
                text.Append(key).Append('=').Append(value).Append('\n');
            }
        }

        // NetworkManager writes the empty section [proxy], too.
        return Encoding.UTF8.GetBytes(text.Append("\n[proxy]\n").ToString());
    }

    /// <summary>Sections, keys and values as they stand in the file, in NetworkManager's order.</summary>
    public static IEnumerable<(string Section, string Key, string Value)> Entries(ProfileContent profile)
    {
        yield return ("connection", "id", EscapeString(profile.Name));
        yield return ("connection", "uuid", profile.Uuid.ToString("D"));
        yield return ("connection", "type", "wifi");
        if (profile.Priority != 0)
        {
            yield return ("connection", "autoconnect-priority", profile.Priority.ToString(CultureInfo.InvariantCulture));
        }

        if (profile.InterfaceName is { } interfaceName)
        {
            yield return ("connection", "interface-name", EscapeString(interfaceName));
        }

        if (profile.Band != WifiBand.Any)
        {
            yield return ("wifi", "band", ProfileWishes.Word(profile.Band));
        }

        if (profile.Bssid is { } bssid)
        {
            yield return ("wifi", "bssid", bssid.ToUpperInvariant());
        }

        if (profile.Hidden)
        {
            yield return ("wifi", "hidden", "true");
        }

        yield return ("wifi", "mode", "infrastructure");
        if (profile.Powersave != WifiPowersave.Default)
        {
            yield return ("wifi", "powersave", ((int)profile.Powersave).ToString(CultureInfo.InvariantCulture));
        }

        yield return ("wifi", "ssid", EscapeSsid(profile.Ssid));
        if (profile.KeyManagement is { } keyManagement)
        {
            yield return ("wifi-security", "key-mgmt", keyManagement);
            yield return ("wifi-security", "psk", EscapeString(profile.Key ?? ""));
        }

        foreach (var entry in IpSettings.Entries("ipv4", profile.Ipv4).Concat(IpSettings.Entries("ipv6", profile.Ipv6)))
        {
            yield return entry;
        }
    }

    /// <summary>GKeyFile's escaping of a text: backslash, line breaks, and blanks where a reader would strip them (at the start).</summary>
    public static string EscapeString(string value)
    {
        var escaped = new StringBuilder(value.Length + 8);
        var leading = true;
        foreach (var c in value)
        {
            escaped.Append(c switch
            {
                ' ' when leading => "\\s",
                '\t' when leading => "\\t",
                '\n' => "\\n",
                '\r' => "\\r",
                '\\' => "\\\\",
                _ => c,
            });
            leading = leading && c is ' ' or '\t';
        }

        return escaped.ToString();
    }

    /// <summary>
    /// A network's name: printable ASCII as text, in which each semicolon gets a backslash (else "1;2" would read as two
    /// bytes), and anything else as decimal bytes.
    /// </summary>
    public static string EscapeSsid(Ssid ssid)
    {
        var text = new StringBuilder();
        foreach (var value in ssid.Bytes)
        {
            if (value is < 0x20 or > 0x7e)
            {
                return Decimals(ssid.Bytes);
            }

            text.Append(value == ';' ? "\\;" : (char)value);
        }

        return EscapeString(text.ToString());
    }

    /// <summary>The network's name that a value in a file stands for, or null when NetworkManager would refuse it too.</summary>
    public static Ssid? ReadSsid(ReadOnlySpan<byte> value)
    {
        var unescaped = Unescape(value);
        if (unescaped is null || unescaped.Length == 0)
        {
            return null;
        }

        var bytes = ReadDecimals(unescaped) ?? WithoutBackslashBeforeSemicolon(unescaped);
        return bytes.Length is 0 or > Ssid.MaximumBytes ? null : Ssid.FromBytes(bytes);
    }

    /// <summary>Undoes GKeyFile's escaping; null for an escape it does not know.</summary>
    public static byte[]? Unescape(ReadOnlySpan<byte> value)
    {
        var bytes = new List<byte>(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] != '\\')
            {
                bytes.Add(value[i]);
                continue;
            }

            i++;
            var next = i < value.Length ? (char)value[i] : '\0';
            switch (next)
            {
                case 's': bytes.Add((byte)' '); break;
                case 'n': bytes.Add((byte)'\n'); break;
                case 't': bytes.Add((byte)'\t'); break;
                case 'r': bytes.Add((byte)'\r'); break;
                case '\\': bytes.Add((byte)'\\'); break;
                case '\0': return null;

                // NetworkManager reads an unknown escape as the two characters; "\;" relies on it.
                default: bytes.AddRange([(byte)'\\', value[i]]); break;
            }
        }

        return [.. bytes];
    }

    private static string Decimals(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (var value in bytes)
        {
            text.Append(value.ToString(CultureInfo.InvariantCulture)).Append(';');
        }

        return text.ToString();
    }

    /// <summary>"72;111;" as two bytes; a list without a semicolon at its end is text to NetworkManager.</summary>
    private static byte[]? ReadDecimals(ReadOnlySpan<byte> text)
    {
        if (text[^1] != ';')
        {
            return null;
        }

        var bytes = new List<byte>();
        foreach (var item in Encoding.Latin1.GetString(text[..^1]).Split(';'))
        {
            if (!byte.TryParse(item, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            {
                return null;
            }

            bytes.Add(value);
        }

        return [.. bytes];
    }

    private static byte[] WithoutBackslashBeforeSemicolon(byte[] text)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 >= text.Length || text[i + 1] != ';')
            {
                bytes.Add(text[i]);
            }
        }

        return [.. bytes];
    }
}
