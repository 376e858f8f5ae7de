using System.Text;

namespace Provisioner.Provider.Inspection;

/// <summary>An inspection's answer, cut at its boundary lines.</summary>
internal sealed class Sections
{
    private readonly Dictionary<string, string> _parts;

    private Sections(Dictionary<string, string> parts) => _parts = parts;

    /// <summary>A part's text without the line break that ends it; empty when the device said nothing.</summary>
    public string this[string name] => _parts.GetValueOrDefault(name, "");

    /// <summary>Every part's name, in the order in which they came.</summary>
    public IEnumerable<string> Names => _parts.Keys;

    /// <summary>A part's lines that are not empty.</summary>
    public string[] Lines(string name) => this[name].Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>A part's first line, or null when there is none.</summary>
    public string? First(string name) => Lines(name) is [var first, ..] && first.Trim().Length > 0 ? first.Trim() : null;

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
        var pieces = ("\n" + answer).Split($"\n--{word} ");
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
