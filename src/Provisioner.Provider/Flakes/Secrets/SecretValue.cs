using System.Text.RegularExpressions;

namespace Provisioner.Provider.Flakes.Secrets;

/// <summary>How sure it is that a text behind a name is a secret.</summary>
internal static partial class SecretValue
{
    // WPA takes from 8 to 63 characters.
    private const int ShortestPassphrase = 8;
    private const int ShortestRandom = 16;
    private const int LongestPassword = 64;

    /// <summary>What a device joins a network with; null for no secret.</summary>
    /// <param name="name">What stands in front of it.</param>
    /// <param name="value">The text.</param>
    public static (SecretCertainty Certainty, string Reason)? OfWifi(string name, string value)
    {
        if (!IsText(value))
        {
            return null;
        }

        if (Hex().IsMatch(value))
        {
            return (SecretCertainty.Certain, $"64 hex digits stand behind {name}, the very key of a network");
        }

        if (Placeholder.Doubt(value) is { } doubt)
        {
            return (SecretCertainty.Possible, doubt);
        }

        return value.Length < ShortestPassphrase && Passphrase().IsMatch(name)
            ? (SecretCertainty.Possible, $"a text stands behind {name}, but WPA takes no password of less than {ShortestPassphrase} characters")
            : (SecretCertainty.Likely, $"a text stands behind {name} that is neither a reference nor what examples say");
    }

    /// <summary>What opens anything else; null for no secret.</summary>
    /// <param name="name">What stands in front of it.</param>
    /// <param name="value">The text.</param>
    /// <param name="isData">Whether it is a setting and no text of a program: there, "password" is mostly a word on the screen.</param>
    public static (SecretCertainty Certainty, string Reason)? OfOther(string name, string value, bool isData)
    {
        if (!IsText(value) || value.Any(char.IsWhiteSpace) || Placeholder.Doubt(value) is not null)
        {
            return null;
        }

        if (IsRandom(value))
        {
            return (SecretCertainty.Likely, $"what stands behind {name} looks like made by chance");
        }

        return isData && value.Length <= LongestPassword && !Expression().IsMatch(value) && name.StartsWith("pass", StringComparison.OrdinalIgnoreCase) ? (SecretCertainty.Possible, $"a text stands behind {name}") : null;
    }

    /// <summary>The only line of a file whose name says password; null for no secret.</summary>
    public static (SecretCertainty Certainty, string Reason)? OfFile(string value, bool isPassword) =>
        !IsText(value) ? null
        : Placeholder.Doubt(value) is { } doubt ? (SecretCertainty.Possible, doubt)
        : (isPassword || IsRandom(value) ? SecretCertainty.Likely : SecretCertainty.Possible, "it is the only line of a file of that name");

    /// <summary>A word in a sentence, which nobody put between quotes; null for no secret.</summary>
    public static (SecretCertainty Certainty, string Reason)? OfProse(string name, string word)
    {
        word = word.Trim('*', '.', ',', ';', '(', ')');
        if (OfWifi(name, word) is not { } verdict || verdict.Certainty != SecretCertainty.Likely)
        {
            return word.Length >= ShortestPassphrase ? OfWifi(name, word) : null;
        }

        return word.Any(char.IsAsciiDigit) && word.Any(char.IsLetter) ? verdict
            : word.Length >= ShortestPassphrase ? (SecretCertainty.Possible, $"a word stands behind {name}, in a sentence")
            : null;
    }

    /// <summary>Whether a text looks like made by chance, as tokens and generated passwords are.</summary>
    public static bool IsRandom(string value) =>
        value.Length is >= ShortestRandom and <= 256 && Token().IsMatch(value) && value.Any(char.IsAsciiDigit) && value.Any(char.IsAsciiLetter)
            && !value.Contains("://", StringComparison.Ordinal) && Entropy(value) > 3.3;

    /// <summary>Whether it is any text, and no stand-in for one, also when what a line has behind it is left out.</summary>
    private static bool IsText(string value)
    {
        // A quote that was opened on a line above ends the value here: …\nPSK=password" | agenix -e wifi.age
        var isOdd = value.Count('"') % 2 == 1 && value[0] != '"';
        return value.Length > 1
            && !Placeholder.Is(value) && !Placeholder.Is(Comment().Replace(value, string.Empty)) && !Placeholder.Is(Escapes().Replace(value, string.Empty))
            && !(isOdd && Placeholder.Is(value[..value.IndexOf('"', StringComparison.Ordinal)]));
    }

    private static double Entropy(string value) =>
        -value.GroupBy(c => c).Select(group => (double)group.Count() / value.Length).Sum(share => share * Math.Log2(share));

    [GeneratedRegex("^[0-9A-Fa-f]{64}$")]
    private static partial Regex Hex();

    [GeneratedRegex("psk|passphrase|pre-?shared", RegexOptions.IgnoreCase)]
    private static partial Regex Passphrase();

    [GeneratedRegex(@"^[\w+/=~!@#$%^&*.-]+$")]
    private static partial Regex Token();

    [GeneratedRegex(@"(?:\\[nrt""'])+$")]
    private static partial Regex Escapes();

    /// <summary>A name within a program, or a call.</summary>
    [GeneratedRegex(@"^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+(?:\(.*)?$")]
    private static partial Regex Expression();

    [GeneratedRegex(@"\s+(?:#|//).*$")]
    private static partial Regex Comment();
}
