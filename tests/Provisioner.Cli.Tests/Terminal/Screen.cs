using System.Globalization;
using System.Text.RegularExpressions;

namespace Provisioner.Cli.Tests.Terminal;

/// <summary>A terminal, as far as the live view uses one: what stands on it after some output, from the first line ever written.</summary>
internal sealed partial class Screen(int width)
{
    private readonly List<char[]> _lines = [];
    private int _row;
    private int _column;

    public bool CursorIsVisible { get; private set; } = true;

    /// <summary>The cursor keys send what shells and editors expect that have not asked for anything else.</summary>
    public bool CursorKeysAreNormal { get; private set; } = true;

    public string Text => string.Join('\n', _lines.Select(line => new string(line).TrimEnd())).TrimEnd('\n') + "\n";

    public Screen Show(string output)
    {
        for (var position = 0; position < output.Length; position++)
        {
            if (output[position] == '\e')
            {
                var sequence = Sequence().Match(output, position);
                sequence.Success.ShouldBeTrue($"not a sequence: {output.Substring(position, Math.Min(10, output.Length - position))}");
                Act(sequence.Groups["arguments"].Value, sequence.Groups["final"].Value[0]);
                position += sequence.Length - 1;
            }
            else
            {
                Put(output[position]);
            }
        }

        return this;
    }

    private void Put(char character)
    {
        switch (character)
        {
            case '\r':
                _column = 0;
                break;
            case '\n':
                // The line discipline of a terminal adds the carriage return.
                (_row, _column) = (_row + 1, 0);
                break;
            default:
                if (_column == width)
                {
                    (_row, _column) = (_row + 1, 0);
                }

                Line()[_column++] = character;
                break;
        }
    }

    private char[] Line()
    {
        while (_lines.Count <= _row)
        {
            _lines.Add([.. Enumerable.Repeat(' ', width)]);
        }

        return _lines[_row];
    }

    private void Act(string arguments, char final)
    {
        switch (final)
        {
            case 'A':
                _row = Math.Max(0, _row - int.Parse(arguments, CultureInfo.InvariantCulture));
                break;
            case 'K':
                Array.Fill(Line(), ' ', _column, width - _column);
                break;
            case 'J':
                Array.Fill(Line(), ' ', _column, width - _column);
                _lines.RemoveRange(_row + 1, _lines.Count - _row - 1);
                break;
            case 'h' or 'l' when arguments == "?1":
                CursorKeysAreNormal = final == 'l';
                break;
            case '=' or '>':
                break;
            case 'h' or 'l' when arguments == "?25":
                CursorIsVisible = final == 'h';
                break;
            case 'm':
            case 'h' or 'l' when arguments == "?2026":
                break;
            default:
                throw new InvalidOperationException($"this terminal does not know ESC[{arguments}{final}");
        }
    }

    [GeneratedRegex(@"\G\e\[(?<arguments>[?0-9;]*)(?<final>[A-Za-z])|\G\e(?<arguments>)(?<final>[=>])")]
    private static partial Regex Sequence();
}
