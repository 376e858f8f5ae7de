using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Provisioner.Engine.Projects.Yaml;

/// <summary>What a scalar means, and how to write one that means it: the rules of go-yaml v3, so that both engines hand the same value to a program.</summary>
internal static partial class YamlScalars
{
    public static StackValue.Scalar Resolve(YamlScalarNode node) =>
        node.Style is ScalarStyle.Plain or ScalarStyle.Any ? Resolve(node.Value ?? string.Empty) : new(node.Value ?? string.Empty, ScalarKind.Text);

    /// <summary>The meaning of a scalar without quotes.</summary>
    public static StackValue.Scalar Resolve(string plain)
    {
        switch (plain)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return new(string.Empty, ScalarKind.Null);
            case "true" or "True" or "TRUE":
                return new("true", ScalarKind.Boolean);
            case "false" or "False" or "FALSE":
                return new("false", ScalarKind.Boolean);
        }

        if (!char.IsAsciiDigit(plain[0]) && plain[0] is not ('-' or '+' or '.'))
        {
            return new(plain, ScalarKind.Text);
        }

        var digits = plain.Replace("_", string.Empty, StringComparison.Ordinal);
        return Integer(digits) is { } integer ? new(integer, ScalarKind.Integer)
            : Float().IsMatch(digits) && double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real)
                ? new(JsonNumber.Format(real), ScalarKind.Float)
                : new(plain, ScalarKind.Text);
    }

    /// <summary>The scalar as it is written into a file; quoted where it would otherwise mean something else.</summary>
    public static string Write(StackValue.Scalar scalar) => scalar.Kind switch
    {
        ScalarKind.Null => "null",
        ScalarKind.Text => WriteText(scalar.Text),
        _ => scalar.Text,
    };

    /// <summary>A text as a key or a value on one line.</summary>
    public static string WriteText(string text) =>
        PlainText().IsMatch(text) && Resolve(text).Kind == ScalarKind.Text && !OldBoolean().IsMatch(text) && !Date().IsMatch(text)
            ? text
            : Quote(text);

    private static string Quote(string text)
    {
        var result = new System.Text.StringBuilder("\"", text.Length + 2);
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' => result.Append("\\\""),
                '\\' => result.Append("\\\\"),
                '\n' => result.Append("\\n"),
                '\r' => result.Append("\\r"),
                '\t' => result.Append("\\t"),
                < ' ' or '\u007f' or (>= '\u0080' and <= '\u00a0') or '\u2028' or '\u2029' or '\ufeff' or '\ufffe' or '\uffff' =>
                    result.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => result.Append(character),
            };
        }

        return result.Append('"').ToString();
    }

    // A leading zero means octal there, as in Go's source text.
    private static string? Integer(string digits)
    {
        var negative = digits.StartsWith('-');
        var magnitude = digits.AsSpan(digits[0] is '-' or '+' ? 1 : 0);
        if (magnitude.IsEmpty)
        {
            return null;
        }

        var letter = magnitude.Length > 1 && magnitude[0] == '0' ? char.ToLowerInvariant(magnitude[1]) : ' ';
        var (prefix, radix) = letter switch
        {
            'x' => (2, 16u),
            'o' => (2, 8u),
            'b' => (2, 2u),
            ' ' => (0, 10u),
            _ => (1, 8u),
        };
        return ParseUnsigned(magnitude[prefix..], radix) is not { } value ? null
            : !negative ? value.ToString(CultureInfo.InvariantCulture)
            : value <= 1UL + long.MaxValue ? (value == 0 ? "0" : $"-{value.ToString(CultureInfo.InvariantCulture)}")
            : null;
    }

    private static ulong? ParseUnsigned(ReadOnlySpan<char> digits, uint radix)
    {
        UInt128 value = 0;
        foreach (var digit in digits)
        {
            var worth = char.IsAsciiHexDigit(digit) ? (uint)Convert.ToInt32(digit.ToString(), 16) : uint.MaxValue;
            if (worth >= radix || (value = (value * radix) + worth) > ulong.MaxValue)
            {
                return null;
            }
        }

        return digits.IsEmpty ? null : (ulong)value;
    }

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Float();

    // Narrower than YAML: whatever is not plainly harmless is quoted.
    [GeneratedRegex(@"^[A-Za-z0-9_/](([A-Za-z0-9_/.+=@~,$^();&%*!?\[\]{}'-]|:(?=\S)| (?=[^ #:]))*[A-Za-z0-9_/.+=@~$^();&%*!?'-])?\z")]
    private static partial Regex PlainText();

    [GeneratedRegex(@"^(y|yes|n|no|on|off)\z", RegexOptions.IgnoreCase)]
    private static partial Regex OldBoolean();

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")]
    private static partial Regex Date();
}
