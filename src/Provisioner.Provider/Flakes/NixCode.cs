using System.Text;

namespace Provisioner.Provider.Flakes;

/// <summary>A Nix file taken apart as far as it takes to tell its code from its texts: https://nix.dev/manual/nix/latest/language/string-literals.</summary>
/// <param name="Code">The file with every comment and every literal text blank, line for line; what <c>${…}</c> puts into a text is code.</param>
/// <param name="Texts">The literal texts, each with the line that it begins on, from 1, and without what is put into it.</param>
internal sealed record NixCode(string Code, IReadOnlyList<(int Line, string Text)> Texts)
{
    public static NixCode Of(string source)
    {
        var reading = new Reading(source);
        while (reading.Next())
        {
        }

        return reading.Result();
    }

    private sealed class Reading(string source)
    {
        private readonly StringBuilder _code = new(source.Length);
        private readonly List<(int, string)> _texts = [];
        private readonly StringBuilder _text = new();

        // What ends the text that the reading is in, and how many braces stand open in the code of a ${…}; the outermost code has neither.
        private readonly Stack<(string? End, int Braces)> _outer = new();
        private (string? End, int Braces) _here;
        private int _at;
        private int _line = 1;
        private int _begun = 1;

        private ReadOnlySpan<char> Rest => source.AsSpan(_at);

        public bool Next()
        {
            if (_at == source.Length)
            {
                return false;
            }

            if (_here.End is { } end)
            {
                InText(end);
            }
            else
            {
                InCode();
            }

            return true;
        }

        public NixCode Result()
        {
            Flush();
            return new NixCode(_code.ToString(), _texts);
        }

        private void InCode()
        {
            var rest = Rest;
            if (rest[0] == '#')
            {
                Blank(Length(rest.IndexOf('\n'), 0));
            }
            else if (rest.StartsWith("/*"))
            {
                Blank(Length(rest.IndexOf("*/"), 2));
            }
            else if (rest[0] == '"' || rest.StartsWith("''"))
            {
                _outer.Push(_here);
                _here = (rest[0] == '"' ? "\"" : "''", 0);
                _begun = _line;
                Blank(_here.End!.Length);
            }
            else if (rest[0] == '}' && _here.Braces == 0 && _outer.Count > 0)
            {
                _here = _outer.Pop();
                _begun = _line;
                Blank(1);
            }
            else
            {
                _here.Braces += rest[0] switch { '{' => 1, '}' => -1, _ => 0 };
                _line += rest[0] == '\n' ? 1 : 0;
                _code.Append(rest[0]);
                _at++;
            }
        }

        private void InText(string end)
        {
            var rest = Rest;
            if (Escaped(rest, end) is var length and > 0)
            {
                length = Math.Min(length, rest.Length);
                _text.Append(rest[..length]);
                Blank(length);
            }
            else if (rest.StartsWith("${"))
            {
                Flush();
                _outer.Push(_here);
                _here = (null, 0);
                Blank(2);
            }
            else if (rest.StartsWith(end))
            {
                Flush();
                _here = _outer.Pop();
                Blank(end.Length);
            }
            else
            {
                _text.Append(rest[0]);
                Blank(1);
            }
        }

        /// <summary>The length of what stands for itself in a text; 0 for anything else.</summary>
        private static int Escaped(ReadOnlySpan<char> rest, string end) => end == "\""
            ? rest[0] == '\\' || rest.StartsWith("$$") ? 2 : 0
            : rest.StartsWith("''\\") ? 4 : rest.StartsWith("'''") || rest.StartsWith("''$") ? 3 : rest.StartsWith("$$") ? 2 : 0;

        private int Length(int found, int more) => found < 0 ? source.Length - _at : found + more;

        private void Blank(int length)
        {
            foreach (var character in source.AsSpan(_at, length))
            {
                _line += character == '\n' ? 1 : 0;
                _code.Append(character == '\n' ? '\n' : ' ');
            }

            _at += length;
        }

        private void Flush()
        {
            if (_text.Length > 0)
            {
                _texts.Add((_begun, _text.ToString()));
                _text.Clear();
            }
        }
    }
}
