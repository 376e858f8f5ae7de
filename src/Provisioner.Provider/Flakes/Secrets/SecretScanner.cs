using System.Text;
using System.Text.RegularExpressions;

namespace Provisioner.Provider.Flakes.Secrets;

/// <summary>
/// Reads a file line by line and tells where secrets are. Memory stays bounded whatever the file is: a line counts up to
/// 16 Ki characters, longer ones come in pieces.
/// </summary>
internal sealed class SecretScanner
{
    // A block that describes a network is shorter than this.
    private const int ContextReach = 15;
    private const int LongestLine = 16 * 1024;

    private static readonly HashSet<string> CodeExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".nix", ".cs", ".py", ".js", ".mjs", ".ts", ".go", ".rs", ".c", ".h", ".cc", ".cpp", ".java", ".kt", ".rb", ".lua", ".pl", ".hs", ".swift",
    };

    private readonly bool _isNix;
    private readonly bool _isCode;
    private readonly bool _isProse;
    private readonly List<(SecretKind Kind, int Line)> _found = [];
    private int _line;
    private int _contextUntil;
    private int _valueFrom;
    private bool _valueIsPlain;
    private int _keyFrom;
    private int _keyUntil;
    private bool _inNixText;

    private SecretScanner(string path)
    {
        _isNix = path.EndsWith(".nix", StringComparison.OrdinalIgnoreCase);
        _isCode = CodeExtensions.Contains(Path.GetExtension(path));
        _isProse = Path.GetExtension(path).ToUpperInvariant() is ".MD" or ".RST" or ".ORG" or ".ADOC" or ".TXT";
    }

    /// <summary>Where secrets are, in the order of the file's lines.</summary>
    /// <param name="content">Read to its end.</param>
    /// <param name="path">The file's name tells what an unquoted text means.</param>
    public static IReadOnlyList<(SecretKind Kind, int Line)> Scan(Stream content, string path)
    {
        var scanner = new SecretScanner(path);
        using var reader = new StreamReader(content, Encoding.Latin1, detectEncodingFromByteOrderMarks: true, 64 * 1024, leaveOpen: true);
        foreach (var line in Lines(reader))
        {
            scanner._line += line.IsNew ? 1 : 0;
            scanner.Read(line.Text);
        }

        return [.. scanner._found.Distinct()];
    }

    private void Read(string line)
    {
        if (_valueFrom == 0 && _keyFrom == 0 && !SecretPatterns.MayMatter(line))
        {
            FollowNixText(line);
            return;
        }

        ReadKeys(line);
        if (_valueFrom > 0 && line.Trim().Length > 0)
        {
            var from = _valueFrom;
            _valueFrom = 0;

            if (Real(ValueReader.Literal(line.Trim().TrimEnd(';', ','), !_valueIsPlain, out _)))
            {
                Add(SecretKind.WifiPassword, from);
            }
        }

        if (SecretPatterns.WifiContext().IsMatch(line))
        {
            _contextUntil = _line + ContextReach;
        }

        ReadWifi(line);
        FollowNixText(line);
    }

    private void ReadWifi(string line)
    {
        var match = SecretPatterns.WifiKey().Match(line);
        if (!match.Success && _line <= _contextUntil)
        {
            match = SecretPatterns.Password().Match(line);
        }

        if (match.Success)
        {
            var rest = Within(line, match);
            var isPlain = !_isCode || _inNixText;
            var value = ValueReader.Literal(rest, !isPlain, out var continues);
            if (continues && match.Groups["sign"].Value == (isPlain ? ":" : "="))
            {
                (_valueFrom, _valueIsPlain) = (_line, isPlain || rest.Trim() == "''");
            }
            else if (Real(value.TrimEnd('\\', ',')) && !(_isProse && value.Count(' '.Equals) > 2))
            {
                Add(SecretKind.WifiPassword, _line);
                return;
            }
        }

        if (SecretPatterns.WifiCommand().Match(line) is { Success: true } command && Real(command.Groups["value"].Value.Trim('"', '\'')))
        {
            Add(SecretKind.WifiPassword, _line);
        }
    }

    /// <summary>The value; where a shell's quotes are around both name and value, up to the closing one.</summary>
    private static string Within(string line, Match pair)
    {
        var value = pair.Groups["value"].Value;
        var isQuoted = pair.Index > 0 && line[pair.Index - 1] is '"' or '\'' && pair.Groups["closed"].Length == 0;
        return isQuoted && value.IndexOf(line[pair.Index - 1], StringComparison.Ordinal) is var end and >= 0 ? value[..end] : value;
    }

    private void ReadKeys(string line)
    {
        if (_keyFrom > 0)
        {
            if (SecretPatterns.Base64Line().IsMatch(line))
            {
                Add(SecretKind.PrivateKey, _keyFrom);
                _keyFrom = 0;
            }
            else if (_line > _keyUntil || !SecretPatterns.KeyHead().IsMatch(line))
            {
                // A program that knows the words of a key's first line is no key.
                _keyFrom = 0;
            }
        }

        if (SecretPatterns.PrivateKeyBegin().Match(line) is { Success: true } begin)
        {
            if (SecretPatterns.Base64Line().IsMatch(begin.Groups["rest"].Value))
            {
                Add(SecretKind.PrivateKey, _line);
            }
            else
            {
                (_keyFrom, _keyUntil) = (_line, _line + 6);
            }
        }

        AddIf(SecretPatterns.PuttyKey().IsMatch(line), SecretKind.PrivateKey);
        AddIf(SecretPatterns.AgeKey().IsMatch(line), SecretKind.AgeKey);
        AddIf(SecretPatterns.WireGuardKey().IsMatch(line), SecretKind.WireGuardKey);
        AddIf(SecretPatterns.NixSigningKey().IsMatch(line), SecretKind.NixSigningKey);
    }

    /// <summary>Whether the next line stands within a Nix text of several lines: what is written there is no Nix.</summary>
    private void FollowNixText(string line)
    {
        if (!_isNix)
        {
            return;
        }

        for (var at = line.IndexOf("''", StringComparison.Ordinal); at >= 0; at = line.IndexOf("''", at, StringComparison.Ordinal))
        {
            var escapes = _inNixText && at + 2 < line.Length && line[at + 2] is '$' or '\'' or '\\';
            _inNixText ^= !escapes;
            at += escapes ? 3 : 2;
            if (at >= line.Length)
            {
                break;
            }
        }
    }

    private static bool Real(string value) => value.Trim() is { Length: > 1 } text && !Placeholder.Is(text);

    private void AddIf(bool found, SecretKind kind)
    {
        if (found)
        {
            Add(kind, _line);
        }
    }

    private void Add(SecretKind kind, int line) => _found.Add((kind, line));

    private static IEnumerable<(string Text, bool IsNew)> Lines(StreamReader reader)
    {
        var buffer = new char[16 * 1024];
        var line = new StringBuilder();
        var isNew = true;
        while (reader.Read(buffer, 0, buffer.Length) is var count and > 0)
        {
            for (var from = 0; from < count;)
            {
                var length = buffer.AsSpan(from, count - from).IndexOfAny('\n', '\0');
                var piece = length < 0 ? count - from : length;
                line.Append(buffer, from, piece);
                from += piece + 1;
                if (length >= 0 || line.Length >= LongestLine)
                {
                    yield return (line.ToString().TrimEnd('\r'), isNew);
                    isNew = length >= 0;
                    line.Clear();
                }
            }
        }

        if (line.Length > 0)
        {
            yield return (line.ToString().TrimEnd('\r'), isNew);
        }
    }
}
