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
        ".nix", ".cs", ".py", ".js", ".mjs", ".ts", ".go", ".rs", ".c", ".h", ".cc", ".cpp", ".java", ".kt", ".rb", ".lua", ".pl", ".hs", ".swift", ".el", ".lisp", ".scm", ".clj", ".janet", ".php", ".dart", ".scala", ".zig", ".ml", ".ex", ".exs",
        ".tf", ".tofu", ".tfvars", ".hcl", ".jsonnet", ".libsonnet", ".cue", ".dhall", ".kts", ".fs", ".r",
    };

    private static readonly HashSet<string> ProseExtensions = new(StringComparer.OrdinalIgnoreCase) { ".md", ".markdown", ".rst", ".org", ".adoc", ".txt" };

    // There a name and a value have a colon between them.
    private static readonly HashSet<string> ColonExtensions = new(StringComparer.OrdinalIgnoreCase) { ".yaml", ".yml", ".json", ".json5" };

    private readonly string _name;
    private readonly bool _isNix;
    private bool _isCode;
    private readonly bool _isProse;
    private readonly bool _isNetrc;
    private readonly string _sign;
    private readonly EncryptedText _encrypted = new();
    private readonly List<SecretHit> _found = [];
    private int _line;
    private int _contextUntil;
    private int _valueFrom;
    private int _valueIndent;
    private string _valueName = string.Empty;
    private bool _valueIsPlain;
    private int _keyFrom;
    private int _keyUntil;
    private StringBuilder? _keyBody;
    private bool _inNixText;
    private bool _inFence;
    private int _texts;
    private string _onlyText = string.Empty;

    private SecretScanner(string path)
    {
        var extension = Path.GetExtension(path);
        _name = Path.GetFileName(path);
        _isNix = path.EndsWith(".nix", StringComparison.OrdinalIgnoreCase);
        _isCode = CodeExtensions.Contains(extension);
        _isProse = ProseExtensions.Contains(extension) || _name.StartsWith("README", StringComparison.OrdinalIgnoreCase);
        _isNetrc = _name.Contains("netrc", StringComparison.OrdinalIgnoreCase);
        _sign = ColonExtensions.Contains(extension) ? ":" : "=";
    }

    /// <summary>Where secrets are, in the order of the file's lines.</summary>
    /// <param name="content">Read to its end.</param>
    /// <param name="path">The file's name tells what an unquoted text means.</param>
    public static IReadOnlyList<SecretHit> Scan(Stream content, string path)
    {
        var scanner = new SecretScanner(path);
        using var reader = new StreamReader(content, Encoding.Latin1, detectEncodingFromByteOrderMarks: true, 64 * 1024, leaveOpen: true);
        foreach (var line in Lines(reader))
        {
            scanner._line += line.IsNew ? 1 : 0;
            scanner.Read(scanner._encrypted.InClear(line.Text, scanner._line, line.IsNew));
        }

        scanner.EndKey();
        scanner.ReadOnlyText();
        return [.. scanner._found.DistinctBy(hit => (hit.Kind, hit.Line))];
    }

    private bool IsProse => _isProse && !_inFence;

    private void Read(string line)
    {
        if (line.AsSpan().Trim().Length > 0 && ++_texts == 1)
        {
            _onlyText = line.Trim();
            _isCode |= SecretPatterns.Interpreter().IsMatch(line);
        }

        if (_valueFrom == 0 && _keyFrom == 0 && _keyBody is null && !SecretPatterns.MayMatter(line))
        {
            Follow(line);
            return;
        }

        var before = _found.Count;
        ReadKeys(line);
        ReadNextLine(line);
        if (SecretPatterns.WifiContext().IsMatch(line))
        {
            _contextUntil = _line + ContextReach;
        }

        ReadTokens(line);

        // The key that a tunnel's two ends share has the name that a network's key has too.
        if (!_found.Exists(hit => hit.Line == _line && hit.Kind == SecretKind.WireGuardKey))
        {
            ReadWifi(line);
        }

        if (_found.Count == before)
        {
            ReadOther(line);
        }

        Follow(line);
    }

    private void ReadWifi(string line)
    {
        var text = IsProse ? line.Replace("**", string.Empty, StringComparison.Ordinal) : line;
        var match = SecretPatterns.WifiKey().Match(text);
        if (!match.Success && _line <= _contextUntil)
        {
            match = SecretPatterns.Password().Match(text);
        }

        if (match.Success && (IsProse && !IsInCode(text, match) ? Sentence(match) : Assigned(text, match)))
        {
            return;
        }

        if (SecretPatterns.WifiCommand().Match(line) is { Success: true } command)
        {
            AddWifi("the command's password", command.Groups["value"].Value.Trim('"', '\''), _line);
        }

        if (IsProse && SecretPatterns.WifiSentence().Match(text) is { Success: true } told)
        {
            Sentence(told);
        }
    }

    /// <summary>A setting: a name, a sign and what it is set to.</summary>
    private bool Assigned(string line, Match match)
    {
        var rest = Within(line, match, out var ends);
        var isPlain = !_isCode || _inNixText || IsProse;
        var value = ValueReader.Literal(rest, !isPlain, out var continues).TrimEnd('\\', ',');
        if (!continues)
        {
            return AddWifi(match.Groups["name"].Value, value, _line);
        }

        if (!ends && match.Groups["sign"].Value == (isPlain ? ":" : "="))
        {
            (_valueFrom, _valueIndent, _valueName) = (_line, Indent(line), match.Groups["name"].Value);
            _valueIsPlain = isPlain || rest.Trim() == "''";
        }

        return false;
    }

    /// <summary>What a sentence has behind a name: a text between quotes as it is, a word if it does not look like one.</summary>
    private bool Sentence(Match match)
    {
        var (name, value) = (match.Groups["name"].Value, match.Groups["value"].Value.Trim());
        if (value.Length > 1 && value[0] is '`' or '"' or '\'' && value.IndexOf(value[0], 1) is var end and > 1)
        {
            return AddWifi(name, value[1..end], _line);
        }

        var words = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 0 && (words.Length == 1 || words[0].Any(char.IsAsciiDigit) || match.Groups["sign"].Value == "=")
            && Add(SecretKind.WifiPassword, _line, SecretValue.OfProse(name, words[0]), words[0]);
    }

    /// <summary>A value that begins on the line after its name.</summary>
    private void ReadNextLine(string line)
    {
        if (_valueFrom == 0 || line.Trim().Length == 0)
        {
            return;
        }

        var (from, text) = (_valueFrom, line.Trim().TrimEnd(';', ','));
        _valueFrom = 0;

        // Where the indent says what belongs to what, the next name is no value.
        if (_isCode || (Indent(line) > _valueIndent && !SecretPatterns.NextName().IsMatch(line)))
        {
            AddWifi(_valueName, ValueReader.Literal(text, !_valueIsPlain, out _), from);
        }
    }

    private void ReadTokens(string line)
    {
        foreach (Match token in TokenPatterns.ServiceToken().Matches(line))
        {
            if (token.Groups["body"].Value is var body && body.Distinct().Count() > 4 && !token.Value.Contains("EXAMPLE", StringComparison.OrdinalIgnoreCase))
            {
                Add(
                    SecretKind.Token,
                    _line,
                    SecretPatterns.Alphabet().IsMatch(body)
                        ? (SecretCertainty.Possible, "it has the form of what just one service gives out, but is a row of keys, as examples have them")
                        : (SecretCertainty.Certain, "it has the form of what just one service gives out"),
                    token.Value);
            }
        }

        if (TokenPatterns.SignedToken().Match(line) is { Success: true } signed)
        {
            Add(SecretKind.Token, _line, (SecretCertainty.Likely, "it has the form of a signed token"), signed.Value);
        }

        var login = TokenPatterns.Netrc().Match(line);
        if (!login.Success && _isNetrc)
        {
            login = TokenPatterns.NetrcPassword().Match(line);
        }

        if (login.Success && !IsProse)
        {
            AddOther(login.Groups["value"].Value, "a login of netrc has it behind password");
        }

        if (TokenPatterns.Address().Match(line) is { Success: true } address)
        {
            AddOther(address.Groups["value"].Value, "an address has it between the user and the host");
        }
    }

    private void AddOther(string value, string reason)
    {
        if (value.Length > 1 && !Placeholder.Is(value))
        {
            var doubt = Placeholder.Doubt(value);
            Add(SecretKind.Password, _line, doubt is null ? (SecretCertainty.Likely, reason) : (SecretCertainty.Possible, doubt), value);
        }
    }

    /// <summary>Passwords and tokens of what is no network.</summary>
    private void ReadOther(string line)
    {
        var match = TokenPatterns.Named().Match(line);
        if (!match.Success || match.Groups["sign"].Value != _sign || (IsProse && !IsInCode(line, match)) || match.Groups["value"].Value.StartsWith('='))
        {
            return;
        }

        var isPlain = !_isCode || _inNixText;
        var value = ValueReader.Literal(Within(line, match, out _), !isPlain, out _).TrimEnd('\\', ',');
        var name = match.Groups["name"].Value;
        var isPassword = name.StartsWith("pass", StringComparison.OrdinalIgnoreCase);
        Add(isPassword ? SecretKind.Password : SecretKind.Token, _line, SecretValue.OfOther(name, value, isData: _isNix || !_isCode), value);
    }

    /// <summary>A file with one line, whose name says what that is.</summary>
    private void ReadOnlyText()
    {
        if (_texts != 1 || _found.Count > 0 || _isCode || _isProse || _onlyText.Any(char.IsWhiteSpace) || _onlyText.Length is < 8 or > 256)
        {
            return;
        }

        if (SecretPatterns.Assignment().Match(_onlyText) is { Success: true } pair && Placeholder.Is(pair.Groups["value"].Value))
        {
            return;
        }

        if (SecretPatterns.BareWireGuardKey().IsMatch(_onlyText))
        {
            if (SecretPatterns.TunnelKeyFile().IsMatch(_name))
            {
                Add(SecretKind.WireGuardKey, 1, (SecretCertainty.Likely, "it is 32 bytes, alone in a file of that name"), _onlyText);
            }
        }
        else if (SecretPatterns.PasswordFile().Match(_name) is { Success: true } name)
        {
            var word = name.Value.ToUpperInvariant();
            var kind = word is "TOKEN" ? SecretKind.Token : word is "SECRET" || word.StartsWith("PASS", StringComparison.Ordinal) ? SecretKind.Password : SecretKind.WifiPassword;
            Add(kind, 1, SecretValue.OfFile(_onlyText, isPassword: word is not ("SECRET" or "TOKEN")), _onlyText);
        }
    }

    /// <summary>
    /// The value; where quotes are around both name and value, as in a shell, up to the closing one, and in a sentence up to the
    /// end of what is set as code.
    /// </summary>
    private static string Within(string line, Match pair, out bool ends)
    {
        var value = pair.Groups["value"].Value;
        ends = false;
        var open = '\0';
        foreach (var c in line.AsSpan(0, pair.Index))
        {
            open = c is not ('"' or '\'' or '`') ? open : open == '\0' ? c : open == c ? '\0' : open;
        }

        // The quote in front of a name that is closed behind it is the name's own: "psk": "…".
        if (open == '\0' || pair.Groups["closed"].Value.Contains(open, StringComparison.Ordinal) || value.IndexOf(open, StringComparison.Ordinal) is not (var end and >= 0))
        {
            return value;
        }

        ends = true;
        return value[..end];
    }

    private static bool IsInCode(string line, Match pair) => line.AsSpan(0, pair.Index).Count('`') % 2 == 1;

    private static int Indent(string line) => line.Length - line.AsSpan().TrimStart().Length;

    private void ReadKeys(string line)
    {
        ReadKeyBody(line);
        if (SecretPatterns.PrivateKeyBegin().Match(line) is { Success: true } begin)
        {
            EndKey();
            if (SecretPatterns.Base64Line().IsMatch(begin.Groups["rest"].Value))
            {
                BeginKey(_line, begin.Groups["rest"].Value);
            }
            else
            {
                (_keyFrom, _keyUntil) = (_line, _line + 6);
            }
        }
        else if (_keyBody is null && SecretPatterns.BareOpenSshKey().IsMatch(line))
        {
            BeginKey(_line, line);
        }

        foreach (Match armour in SecretPatterns.EncodedArmour().Matches(line))
        {
            if (Encoding.ASCII.GetString(Convert.FromBase64String(armour.Value[..48])).Contains("PRIVATE KEY", StringComparison.Ordinal))
            {
                Add(SecretKind.PrivateKey, _line, (SecretCertainty.Certain, "it is a private key's text in base64"), armour.Value);
            }
        }

        AddIf(SecretPatterns.PuttyKey().Match(line), SecretKind.PrivateKey, "it is the first line of PuTTY's files of keys", line);
        if (SecretPatterns.AgeKey().Match(line) is { Success: true } age && age.Value[16..].Distinct().Count() > 1)
        {
            AddIf(age, SecretKind.AgeKey, "only an identity of age begins like that", age.Value);
        }

        if (SecretPatterns.WireGuardKey().Match(line) is { Success: true } tunnel && tunnel.Groups["key"].Value[..^2].Distinct().Count() > 4)
        {
            AddIf(tunnel, SecretKind.WireGuardKey, "32 bytes stand behind a name that only a secret key has", tunnel.Groups["key"].Value);
        }

        AddIf(SecretPatterns.NixSigningKey().Match(line), SecretKind.NixSigningKey, "a name and 64 bytes are what nix key generate-secret makes; a public key has 32", line);
    }

    private void ReadKeyBody(string line)
    {
        if (_keyBody is not null)
        {
            if (SecretPatterns.Base64Line().IsMatch(line))
            {
                _keyBody.Append(line.Trim());
            }
            else
            {
                EndKey();
            }
        }

        if (_keyFrom > 0)
        {
            if (SecretPatterns.Base64Line().IsMatch(line))
            {
                BeginKey(_keyFrom, line);
                _keyFrom = 0;
            }
            else if (_line > _keyUntil || !SecretPatterns.KeyHead().IsMatch(line))
            {
                // A program that knows the words of a key's first line is no key.
                _keyFrom = 0;
            }
        }
    }

    private void BeginKey(int line, string body)
    {
        if (body.AsSpan().Trim().Length > 0 && body.Where(char.IsAsciiLetterOrDigit).Distinct().Count() > 2
            && Add(SecretKind.PrivateKey, line, (SecretCertainty.Certain, "a private key's body stands there"), body.Trim()))
        {
            _keyBody = new StringBuilder(body.Trim());
        }
    }

    /// <summary>The key is all of its lines: the first one is the same in most.</summary>
    private void EndKey()
    {
        if (_keyBody is not null && _found.FindLastIndex(hit => hit.Kind == SecretKind.PrivateKey) is var at and >= 0)
        {
            _found[at] = _found[at] with { Content = _keyBody.ToString() };
        }

        _keyBody = null;
    }

    /// <summary>What the line changes for the next one.</summary>
    private void Follow(string line)
    {
        FollowNixText(line);
        _inFence ^= _isProse && SecretPatterns.Fence().IsMatch(line);
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

    private bool AddWifi(string name, string value, int line) => Add(SecretKind.WifiPassword, line, SecretValue.OfWifi(name, value.Trim()), value.Trim());

    private void AddIf(Match match, SecretKind kind, string reason, string content)
    {
        if (match.Success)
        {
            Add(kind, _line, (SecretCertainty.Certain, reason), content);
        }
    }

    private bool Add(SecretKind kind, int line, (SecretCertainty Certainty, string Reason)? verdict, string content)
    {
        if (verdict is not { } sure)
        {
            return false;
        }

        _found.Add(new SecretHit(kind, line, sure.Certainty, sure.Reason) { Content = content });
        return true;
    }

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
