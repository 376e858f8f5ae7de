using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Pulumi.Wire;

namespace Provisioner.CommandProvider.Local;

/// <summary>
/// The patterns of <c>assetPaths</c> and <c>archivePaths</c>, which are those of github.com/gobwas/glob with a slash as separator:
/// <c>*</c> and <c>?</c> stop at a slash, <c>**</c> does not; <c>[abc]</c>, <c>[!abc]</c>, <c>[a-z]</c>, <c>{one,two}</c>, and a
/// backslash before a character that is meant itself. They are followed in order, and one with <c>!</c> in front takes out.
/// </summary>
internal static class Globs
{
    /// <summary>Why the patterns cannot be followed; null when they can.</summary>
    public static string? Problem(ImmutableArray<string>? patterns)
    {
        foreach (var pattern in patterns ?? [])
        {
            try
            {
                _ = Pattern(pattern);
            }
            catch (FormatException failure)
            {
                return $"the pattern \"{pattern}\" cannot be followed: {failure.Message}";
            }
        }

        return null;
    }

    /// <summary>The files that the patterns choose, each with its hash, by their path from the folder.</summary>
    public static PropertyMap Assets(string folder, ImmutableArray<string> patterns) =>
        PropertyMap.Of(Matches(folder, patterns).Select(path => KeyValuePair.Create<string, PropertyValue>(path, AssetContent.WithHash(new PropertyValue.Asset(new AssetSource.Path(Path.Join(folder, path)), string.Empty), folder))));

    /// <summary>The same files as one archive.</summary>
    public static PropertyValue.Archive Archive(string folder, ImmutableArray<string> patterns) =>
        AssetContent.WithHash(new PropertyValue.Archive(new ArchiveSource.Assets(Assets(folder, patterns)), string.Empty), folder);

    /// <summary>Paths from the folder, with slashes. Folders are none, nor links to folders.</summary>
    public static ImmutableArray<string> Matches(string folder, ImmutableArray<string> patterns)
    {
        var rules = patterns.Select(pattern => (Rule: Pattern(pattern), TakesOut: pattern.StartsWith('!'))).ToList();
        return [.. AssetContent.FilesBelow(folder).Where(path => rules.Aggregate(false, (chosen, rule) => rule.Rule.IsMatch(path) ? !rule.TakesOut : chosen))];
    }

    private static Regex Pattern(string pattern)
    {
        var text = pattern.StartsWith('!') ? pattern[1..] : pattern;
        var regex = new StringBuilder("^(?:");
        var depth = 0;
        for (var index = 0; index < text.Length; index++)
        {
            switch (text[index])
            {
                case '*' when index + 1 < text.Length && text[index + 1] == '*':
                    index++;
                    regex.Append(".*");
                    break;
                case '*':
                    regex.Append("[^/]*");
                    break;
                case '?':
                    regex.Append("[^/]");
                    break;
                case '[':
                    index = Choice(text, index, regex);
                    break;
                case '{':
                    depth++;
                    regex.Append("(?:");
                    break;
                case '}' when depth > 0:
                    depth--;
                    regex.Append(')');
                    break;
                case ',' when depth > 0:
                    regex.Append('|');
                    break;
                case '\\' when index + 1 == text.Length:
                    throw new FormatException("nothing follows its last backslash");
                case '\\':
                    regex.Append(Regex.Escape(text[++index].ToString()));
                    break;
                default:
                    regex.Append(Regex.Escape(text[index].ToString()));
                    break;
            }
        }

        return depth == 0
            ? new Regex(regex.Append(")\\z").ToString(), RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)
            : throw new FormatException("a { in it is not closed");
    }

    /// <summary>One character of a set; returns where the set ends.</summary>
    private static int Choice(string text, int start, StringBuilder regex)
    {
        var end = text.IndexOf(']', start + 1);
        if (end < 0 || end == start + 1 || text[start..end] == "[!")
        {
            throw new FormatException("a [ in it is not closed, or chooses nothing");
        }

        var isNot = text[start + 1] == '!';
        var set = text[(start + (isNot ? 2 : 1))..end];
        var isRange = set.Length == 3 && set[1] == '-';
        if (isRange && set[0] > set[2])
        {
            throw new FormatException($"nothing lies between {set[0]} and {set[2]}");
        }

        regex.Append(isNot ? "[^" : "[")
            .Append(isRange ? $"{Escaped(set[0])}-{Escaped(set[2])}" : string.Concat(set.Select(Escaped)))
            .Append(']');
        return end;
    }

    private static string Escaped(char character) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
}
