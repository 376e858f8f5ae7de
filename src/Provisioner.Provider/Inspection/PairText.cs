using System.Globalization;
using System.Text;

namespace Provisioner.Provider.Inspection;

/// <summary>A line of <c>NAME="value"</c> pairs, as lsblk -P and blkid -p write them.</summary>
internal sealed class PairText
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public static PairText Empty { get; } = new();

    /// <summary>A value; null when it is not there or empty.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>False where the line ends within a value.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>A partition's number; 0 when it is not told.</summary>
    public int Integer(string name) => int.TryParse(this[name], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;

    public long? Number(string name) => long.TryParse(this[name], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    public static PairText Read(string line)
    {
        var result = new PairText();
        var at = 0;
        while (line.IndexOf("=\"", at, StringComparison.Ordinal) is var equals and >= 0)
        {
            var name = line[at..equals].TrimStart(' ', ':');
            var bytes = new List<byte>();
            at = equals + 2;
            while (at < line.Length && line[at] != '"')
            {
                at += Unescape(line.AsSpan(at), bytes);
            }

            result.IsWhole &= at < line.Length;
            at = Math.Min(at + 1, line.Length);
            if (Encoding.UTF8.GetString([.. bytes]).Trim(' ') is { Length: > 0 } value)
            {
                result._values.TryAdd(name, value);
            }
        }

        return result;
    }

    /// <summary>One character, or an escaped one: <c>\x2f</c> is a byte, <c>\"</c> is what stands behind the stroke.</summary>
    private static int Unescape(ReadOnlySpan<char> text, List<byte> bytes)
    {
        if (text is ['\\', 'x', var high, var low, ..] && char.IsAsciiHexDigit(high) && char.IsAsciiHexDigit(low))
        {
            bytes.Add(byte.Parse(text[2..4], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            return 4;
        }

        var skip = text is ['\\', _, ..] ? 1 : 0;
        var length = skip + (char.IsHighSurrogate(text[skip]) && skip + 1 < text.Length ? 2 : 1);
        bytes.AddRange(Encoding.UTF8.GetBytes(text[skip..length].ToString()));
        return length;
    }
}
