using System.Text;
using System.Text.Json;

namespace Pulumi.Wire.Redaction;

/// <summary>The texts in which a secret may come back from a program, a tool or a log, sorted by the way in which a text is read to find them.</summary>
internal sealed class SecretForms
{
    /// <summary>What is found of a long one: shorter pieces stand in other texts as well.</summary>
    private const int Fragment = 20;

    // Fewer hexadecimal digits, or characters without their blanks, are found in dates and prose too.
    public const int ShortestHex = 12;
    private const int ShortestSqueezed = 8;

    // A line of a longer secret that could stand in anybody's text is no secret by itself.
    private const int ShortestLine = 8;

    // Shorter ones tell nothing.
    private const int ShortestBase64 = 6;

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>As it is.</summary>
    public FragmentIndex Plain { get; } = new();

    /// <summary>Without white space.</summary>
    public FragmentIndex Squeezed { get; } = new();

    /// <summary>In base64, at each of its three phases.</summary>
    public FragmentIndex Base64 { get; } = new();

    /// <summary>In hexadecimal digits.</summary>
    public FragmentIndex Hex { get; } = new();

    /// <summary>Adds a secret and its lines.</summary>
    public void Add(string secret)
    {
        var trimmed = secret.Trim();
        AddText(secret, isWhole: true);
        AddText(trimmed, isWhole: true);
        if (TextView.Of(trimmed).Cleaned() is { } clean)
        {
            AddText(Encoding.UTF8.GetString(clean.Bytes), isWhole: true);
        }

        foreach (var line in trimmed.Split('\n').Select(line => line.Trim()).Where(line => line.Length != trimmed.Length && IsTelling(line)))
        {
            AddText(line, isWhole: false);
        }
    }

    /// <summary>Not the frame of a key or the headings of a file, which are the same in all of them.</summary>
    private static bool IsTelling(string line) =>
        line.Length >= ShortestLine && !line.StartsWith("-----", StringComparison.Ordinal) && !(line[0] == '[' && line[^1] == ']');

    private void AddText(string text, bool isWhole)
    {
        if (Encoding.UTF8.GetByteCount(text) < Redactor.Fewest || !_known.Add(text))
        {
            return;
        }

        AddPlain(text);
        if (text.Contains(' ', StringComparison.Ordinal))
        {
            // As forms of web pages send it.
            AddPlain(text.Replace(' ', '+'));
        }

        if (text.Contains('\'', StringComparison.Ordinal))
        {
            // As a shell's word.
            AddPlain(text.Replace("'", "'\\''", StringComparison.Ordinal));
        }

        AddEncodings(text);
        if (isWhole && JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString() is var json && json != text)
        {
            AddEncodings(json);
        }
    }

    private void AddPlain(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Plain.Add(bytes, FragmentOf(text, bytes.Length));
        var squeezed = string.Concat(text.EnumerateRunes().Where(rune => !Rune.IsWhiteSpace(rune)).Select(rune => rune.ToString()));
        if (squeezed.Length >= ShortestSqueezed)
        {
            bytes = Encoding.UTF8.GetBytes(squeezed);
            Squeezed.Add(bytes, FragmentOf(squeezed == text ? text : text + " ", bytes.Length));
        }
    }

    private void AddEncodings(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var phase = 0; phase < 3; phase++)
        {
            if (Base64Core(bytes, phase) is { Length: >= ShortestBase64 } core)
            {
                AddEncoded(core.Length < ShortestSqueezed ? Plain : Base64, core);
            }
        }

        var hex = Convert.ToHexStringLower(bytes);
        if (hex.Length >= ShortestHex)
        {
            AddEncoded(Hex, hex);
        }
        else
        {
            AddEncoded(Plain, hex);
            AddEncoded(Plain, hex.ToUpperInvariant());
        }
    }

    private static void AddEncoded(FragmentIndex index, string text) => index.Add(Encoding.ASCII.GetBytes(text), Math.Min(text.Length, Fragment));

    /// <summary>Of a word of random letters a piece is found; of a sentence or a line of a file half of it, for its words stand elsewhere too.</summary>
    private static int FragmentOf(string text, int length) =>
        text.Contains('\n', StringComparison.Ordinal) ? length
        : text.All(character => char.IsAsciiLetterOrDigit(character) || character is '+' or '/' or '=' or '-' or '_') ? Math.Min(length, Math.Clamp((length + 1) / 2, 16, Fragment))
        : Math.Min(length, Math.Max(16, (length + 1) / 2));

    /// <summary>The part of a base64 text that depends on the secret alone, when it begins at this phase of a group of three bytes.</summary>
    private static string Base64Core(byte[] bytes, int phase)
    {
        var padded = new byte[phase + bytes.Length];
        bytes.CopyTo(padded, phase);
        var text = Convert.ToBase64String(padded).TrimEnd('=');
        var start = phase switch { 0 => 0, 1 => 2, _ => 3 };
        var end = padded.Length % 3 == 0 ? text.Length : text.Length - 1;
        return start < end ? text[start..end] : string.Empty;
    }
}
