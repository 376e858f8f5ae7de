using System.Text;

namespace Provisioner.Provider.Inspection;

/// <summary>An inspection's answer, cut at its boundary lines.</summary>
internal sealed class Sections
{
    // No device has so many disks, mounts, networks or files; what would be compared with each other stays quick so.
    private const int MostLines = 20_000;

    private readonly Dictionary<string, string> _parts;

    private Sections(Dictionary<string, string> parts) => _parts = parts;

    /// <summary>A part's text without the line break that ends it; empty when the device said nothing.</summary>
    public string this[string name] => _parts.GetValueOrDefault(name, "");

    /// <summary>Every part's name, in the order in which they came.</summary>
    public IEnumerable<string> Names => _parts.Keys;

    /// <summary>A part's lines that are not empty.</summary>
    /// <exception cref="FormatException">There are more than any device has.</exception>
    public string[] Lines(string name) => this[name].Split('\n', MostLines + 1, StringSplitOptions.RemoveEmptyEntries) is { Length: <= MostLines } lines
        ? lines
        : throw new FormatException($"the part \"{name}\" of the device's answer has more than {MostLines} lines");

    /// <summary>A part's first line, or null when there is none.</summary>
    public string? First(string name) => this[name].AsSpan().TrimStart('\n') is { Length: > 0 } text && (text.IndexOf('\n') is >= 0 and var end ? text[..end] : text).Trim() is { Length: > 0 } first ? first.ToString() : null;

    /// <summary>A part of lines of the form name=value; quotes around a value are taken off, as os-release writes them.</summary>
    public Dictionary<string, string> Values(string name)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in Lines(name))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                values[line[..equals]] = line[(equals + 1)..].Trim().Trim('"', '\'');
            }
        }

        return values;
    }

    /// <summary>Cuts an answer; whatever comes before the first boundary is a login shell's own chatter.</summary>
    /// <exception cref="FormatException">The answer breaks off before its end.</exception>
    public static Sections Parse(string answer, string word)
    {
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);

        // No command prints a NUL in a text, but a device tree ends its texts with one; and none may get into a script.
        var pieces = ("\n" + answer.Replace("\0", string.Empty, StringComparison.Ordinal)).Split($"\n--{word} ", MostLines, StringSplitOptions.None);
        foreach (var piece in pieces[1..])
        {
            var (name, body) = piece.Split('\n', 2) is [var head, var tail] ? (head, tail) : (piece, "");
            parts[name] = body;
        }

        return parts.ContainsKey("end")
            ? new Sections(parts)
            : throw new FormatException($"the device's answer breaks off after {Encoding.UTF8.GetByteCount(answer)} bytes");
    }

    /// <summary>Bytes from hex; null for anything else.</summary>
    public static byte[]? Bytes(string hex)
    {
        try
        {
            return Convert.FromHexString(hex);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Text from hex, as UTF-8.</summary>
    public static string Text(string hex) => Bytes(hex) is { } bytes ? Encoding.UTF8.GetString(bytes) : "";
}
