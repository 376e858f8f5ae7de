using System.Buffers;
using System.Globalization;
using System.Text;

namespace Pulumi.Wire.Redaction;

/// <summary>A text in one of the ways in which somebody may read it, as UTF-8, with the place in the text itself that each byte comes from.</summary>
internal sealed class TextView
{
    private const byte Escape = 0x1B;
    private const byte Bell = 0x07;
    private const byte Gap = (byte)'.';

    private static readonly (string Name, byte Character)[] Entities =
        [("&amp;", (byte)'&'), ("&lt;", (byte)'<'), ("&gt;", (byte)'>'), ("&quot;", (byte)'"'), ("&apos;", (byte)'\'')];

    private static readonly SearchValues<byte> Blanks = SearchValues.Create("\t\n\v\f\r "u8);
    private static readonly SearchValues<byte> Printable = SearchValues.Create([(byte)'\t', (byte)'\n', .. Enumerable.Range(' ', '~' - ' ' + 1).Select(value => (byte)value)]);

    private readonly byte[] _bytes;

    // Null where byte and character have the same place, as in the texts that come most often.
    private readonly int[]? _starts;
    private readonly int[]? _ends;

    private TextView(byte[] bytes, int[]? starts, int[]? ends) => (_bytes, _starts, _ends) = (bytes, starts, ends);

    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The text as it is.</summary>
    public static TextView Of(string text)
    {
        if (Ascii.IsValid(text))
        {
            return new TextView(Encoding.ASCII.GetBytes(text), null, null);
        }

        var made = new Maker(text.Length);
        Span<byte> utf8 = stackalloc byte[4];
        for (var at = 0; at < text.Length;)
        {
            Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length);
            made.Add(utf8[..rune.EncodeToUtf8(utf8)], at, at + length);
            at += length;
        }

        return made.Made();
    }

    /// <summary>Where bytes of this view stand in the text: the first character, and the one behind the last.</summary>
    public (int Start, int End) Source(int at, int length) => (StartOf(at), EndOf(at + length - 1));

    /// <summary>As a terminal shows it: without its sequences, control characters, and characters that have no width. Null where it is the same.</summary>
    public TextView? Cleaned()
    {
        if (!_bytes.AsSpan().ContainsAnyExcept(Printable))
        {
            return null;
        }

        var made = new Maker(_bytes.Length);
        for (var at = 0; at < _bytes.Length;)
        {
            if (_bytes[at] == Escape)
            {
                at += SequenceLength(at);
                continue;
            }

            Rune.DecodeFromUtf8(_bytes.AsSpan(at), out var rune, out var length);
            if (rune.Value is '\n' or '\t' || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format))
            {
                Copy(made, at, length);
            }

            at += length;
        }

        return Changed(made);
    }

    /// <summary>With the escapes of JSON, C and shells read. Null where there are none.</summary>
    public TextView? Unescaped()
    {
        if (!_bytes.Contains((byte)'\\'))
        {
            return null;
        }

        var made = new Maker(_bytes.Length);
        Span<byte> utf8 = stackalloc byte[4];
        for (var at = 0; at < _bytes.Length;)
        {
            if (_bytes[at] != '\\' || at + 1 == _bytes.Length)
            {
                Copy(made, at++, 1);
                continue;
            }

            var length = ReadEscape(at, utf8, out var written);
            made.Add(utf8[..written], StartOf(at), EndOf(at + length - 1));
            at += length;
        }

        return Changed(made);
    }

    /// <summary>With the escapes of URLs and of XML read. Null where there are none.</summary>
    public TextView? Decoded()
    {
        if (_bytes.AsSpan().IndexOfAny((byte)'%', (byte)'&') < 0)
        {
            return null;
        }

        var made = new Maker(_bytes.Length);
        Span<byte> utf8 = stackalloc byte[4];
        for (var at = 0; at < _bytes.Length;)
        {
            if (_bytes[at] == '%' && Hex(at + 1, 2) is { } value)
            {
                made.Add([(byte)value], StartOf(at), EndOf(at + 2));
                at += 3;
            }
            else if (_bytes[at] == '&' && ReadEntity(at, utf8, out var written) is > 0 and var length)
            {
                made.Add(utf8[..written], StartOf(at), EndOf(at + length - 1));
                at += length;
            }
            else
            {
                Copy(made, at++, 1);
            }
        }

        return Changed(made);
    }

    /// <summary>Without white space, as a text that was broken into lines is put together again.</summary>
    public TextView Squeezed()
    {
        if (!_bytes.AsSpan().ContainsAny(Blanks) && Ascii.IsValid(_bytes))
        {
            return this;
        }

        var made = new Maker(_bytes.Length);
        for (var at = 0; at < _bytes.Length;)
        {
            Rune.DecodeFromUtf8(_bytes.AsSpan(at), out var rune, out var length);
            if (!Rune.IsWhiteSpace(rune))
            {
                Copy(made, at, length);
            }

            at += length;
        }

        return made.Made();
    }

    /// <summary>Of a squeezed view: with the alphabet of base64url written as that of base64.</summary>
    public TextView AsBase64()
    {
        if (!_bytes.AsSpan().ContainsAny((byte)'-', (byte)'_'))
        {
            return this;
        }

        var bytes = _bytes.ToArray();
        bytes.AsSpan().Replace((byte)'-', (byte)'+');
        bytes.AsSpan().Replace((byte)'_', (byte)'/');
        return new TextView(bytes, _starts, _ends);
    }

    /// <summary>The digits of hexadecimal bytes, whatever stands between them; a gap where there is other text.</summary>
    /// <param name="shortest">Where no run of digits is as long as this there is nothing to be seen: null.</param>
    public TextView? AsHex(int shortest)
    {
        if (!HasHexRun(shortest))
        {
            return null;
        }

        var made = new Maker(_bytes.Length);
        for (var at = 0; at < _bytes.Length; at++)
        {
            var character = _bytes[at];
            if (character is (byte)'x' or (byte)'X' && at > 0 && _bytes[at - 1] == '0' && made.Last == '0')
            {
                made.DropLast();
            }
            else if (char.IsAsciiHexDigit((char)character))
            {
                made.Add([(byte)char.ToLowerInvariant((char)character)], StartOf(at), EndOf(at));
            }
            else if (IsForeign(character) && made.Last != Gap)
            {
                made.Add([Gap], StartOf(at), EndOf(at));
            }
        }

        return made.Made();
    }

    private bool HasHexRun(int shortest)
    {
        var run = 0;
        foreach (var character in _bytes)
        {
            if (char.IsAsciiHexDigit((char)character))
            {
                if (++run == shortest)
                {
                    return true;
                }
            }
            else if (IsForeign(character))
            {
                run = 0;
            }
        }

        return false;
    }

    /// <summary>No digit, and nothing that is written between bytes, or before them: <c>0x</c>, <c>\x</c>, <c>\u</c>.</summary>
    private static bool IsForeign(byte character) => char.IsAsciiLetter((char)character) && character is not ((byte)'x' or (byte)'X' or (byte)'u');

    private int StartOf(int at) => _starts is null ? at : _starts[at];

    private int EndOf(int at) => _ends is null ? at + 1 : _ends[at];

    /// <summary>ECMA-48: control sequences, commands of the operating system, and the short ones.</summary>
    private int SequenceLength(int at)
    {
        var next = at + 1;
        if (next == _bytes.Length)
        {
            return 1;
        }

        switch (_bytes[next])
        {
            case (byte)'[':
                next++;
                while (next < _bytes.Length && _bytes[next] is >= (byte)' ' and <= (byte)'?')
                {
                    next++;
                }

                // One that is not whole is shown, but for its first character.
                return next < _bytes.Length && _bytes[next] is >= (byte)'@' and <= (byte)'~' ? next + 1 - at : 1;
            case (byte)']':
                while (next < _bytes.Length && _bytes[next] is not (Bell or Escape))
                {
                    next++;
                }

                return next == _bytes.Length ? next - at
                    : _bytes[next] == Bell ? next + 1 - at
                    : next + 1 < _bytes.Length && _bytes[next + 1] == '\\' ? next + 2 - at
                    : next - at;
            case >= (byte)'@' and <= (byte)'_':
                return 2;
            default:
                return 1;
        }
    }

    /// <returns>How many bytes the escape at this place has.</returns>
    private int ReadEscape(int at, Span<byte> utf8, out int written)
    {
        var letter = _bytes[at + 1];
        if (letter == 'u' && Hex(at + 2, 4) is { } unit)
        {
            var isPair = char.IsHighSurrogate((char)unit) && at + 7 < _bytes.Length && _bytes[at + 6] == '\\' && _bytes[at + 7] == 'u';
            if (isPair && Hex(at + 8, 4) is { } low && char.IsLowSurrogate((char)low))
            {
                written = new Rune((char)unit, (char)low).EncodeToUtf8(utf8);
                return 12;
            }

            written = (Rune.TryCreate((char)unit, out var rune) ? rune : Rune.ReplacementChar).EncodeToUtf8(utf8);
            return 6;
        }

        if (letter == 'x' && Hex(at + 2, 2) is { } value)
        {
            (utf8[0], written) = ((byte)value, 1);
            return 4;
        }

        if (letter is >= (byte)'0' and <= (byte)'3' && Octal(at + 2) is { } second && Octal(at + 3) is { } third)
        {
            (utf8[0], written) = ((byte)(((letter - '0') << 6) | (second << 3) | third), 1);
            return 4;
        }

        (utf8[0], written) = ((char)letter switch
        {
            'n' => (byte)'\n',
            'r' => (byte)'\r',
            't' => (byte)'\t',
            'b' => (byte)'\b',
            'f' => (byte)'\f',
            'v' => (byte)'\v',
            'a' => Bell,
            'e' => Escape,
            '0' => (byte)0,
            _ => letter,
        }, 1);
        return 2;
    }

    /// <returns>How many bytes the reference at this place has; 0 for none.</returns>
    private int ReadEntity(int at, Span<byte> utf8, out int written)
    {
        var rest = _bytes.AsSpan(at);
        foreach (var (name, character) in Entities)
        {
            if (Ascii.Equals(rest[..Math.Min(name.Length, rest.Length)], name))
            {
                (utf8[0], written) = (character, 1);
                return name.Length;
            }
        }

        written = 0;
        var end = rest[..Math.Min(rest.Length, 10)].IndexOf((byte)';');
        if (end < 3 || rest[1] != '#')
        {
            return 0;
        }

        var digits = Encoding.ASCII.GetString(rest[2..end]);
        var isHex = digits[0] is 'x' or 'X';
        if (!int.TryParse(isHex ? digits.AsSpan(1) : digits, isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var code)
            || !Rune.TryCreate(code, out var rune))
        {
            return 0;
        }

        written = rune.EncodeToUtf8(utf8);
        return end + 1;
    }

    private int? Hex(int at, int digits) =>
        at + digits <= _bytes.Length && int.TryParse(_bytes.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : null;

    private int? Octal(int at) => at < _bytes.Length && _bytes[at] is >= (byte)'0' and <= (byte)'7' ? _bytes[at] - '0' : null;

    private void Copy(Maker to, int at, int length)
    {
        for (var index = at; index < at + length; index++)
        {
            to.Add([_bytes[index]], StartOf(index), EndOf(index));
        }
    }

    private TextView? Changed(Maker made) => made.Count == _bytes.Length ? null : made.Made();

    private sealed class Maker(int capacity)
    {
        private readonly List<byte> _bytes = new(capacity);
        private readonly List<int> _starts = new(capacity);
        private readonly List<int> _ends = new(capacity);

        public int Count => _bytes.Count;

        /// <summary>The byte that was added last, or 0.</summary>
        public byte Last => _bytes.Count == 0 ? (byte)0 : _bytes[^1];

        public void Add(ReadOnlySpan<byte> bytes, int start, int end)
        {
            foreach (var value in bytes)
            {
                _bytes.Add(value);
                _starts.Add(start);
                _ends.Add(end);
            }
        }

        public void DropLast()
        {
            _bytes.RemoveAt(_bytes.Count - 1);
            _starts.RemoveAt(_starts.Count - 1);
            _ends.RemoveAt(_ends.Count - 1);
        }

        public TextView Made() => new([.. _bytes], [.. _starts], [.. _ends]);
    }
}
