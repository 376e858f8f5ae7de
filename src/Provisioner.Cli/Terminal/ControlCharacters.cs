using System.Globalization;
using System.Text;

namespace Provisioner.Cli.Terminal;

/// <summary>
/// Text from a device, a plugin or a program may hold what a terminal acts on: escape sequences, carriage returns,
/// marks that turn the reading direction. It is shown as \u escapes, so that nothing is hidden and nothing happens.
/// </summary>
internal static class ControlCharacters
{
    /// <summary>A text of one line: tabs are blanks, everything else that is not printed is escaped.</summary>
    public static string Neutralise(string text)
    {
        if (!NeedsWork(text))
        {
            return text;
        }

        var result = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == '\t')
            {
                result.Append("    ");
            }
            else if (IsActive(rune))
            {
                result.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            }
            else
            {
                result.Append(rune.ToString());
            }
        }

        return result.ToString();
    }

    /// <summary>The lines of a text; a carriage return ends one too, as progress output means it.</summary>
    public static string[] Lines(string text) =>
        text.ReplaceLineEndings("\n").Replace('\r', '\n').TrimEnd('\n').Split('\n');

    /// <summary>Whether a terminal would act on it, or a reader be misled by it.</summary>
    public static bool IsActive(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x200E or 0x200F or 0x061C or 0xFEFF;

    private static bool NeedsWork(string text)
    {
        foreach (var character in text)
        {
            if (character is < ' ' or > '~')
            {
                return true;
            }
        }

        return false;
    }
}
