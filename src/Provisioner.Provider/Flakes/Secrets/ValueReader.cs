using System.Text.RegularExpressions;

namespace Provisioner.Provider.Flakes.Secrets;

/// <summary>What stands behind the sign of an assignment: a literal, something that is computed, or nothing yet.</summary>
internal static partial class ValueReader
{
    /// <summary>The literal; empty for none. <paramref name="continues"/>: it stands on the next line.</summary>
    /// <param name="rest">The line from behind the sign.</param>
    /// <param name="isCode">Whether an unquoted text is an expression and no value.</param>
    /// <param name="continues">Whether the value begins on the next line.</param>
    public static string Literal(string rest, bool isCode, out bool continues)
    {
        rest = isCode ? Wrapper().Replace(rest.TrimStart(), string.Empty) : rest.Trim();
        continues = rest is "" or "|" or ">" or "|-" or ">-" or "\"\"\"" || (isCode && rest == "''");
        if (continues)
        {
            return string.Empty;
        }

        if (Quoted().Match(rest) is { Success: true } quoted)
        {
            return quoted.Groups["text"].Value;
        }

        return isCode ? string.Empty : rest;
    }

    // lib.mkForce "x" is as literal as "x".
    [GeneratedRegex(@"^(?:(?:lib\.)?mk(?:Force|Default|Before|After|Override\s+\d+)\s+|\(\s*)+")]
    private static partial Regex Wrapper();

    [GeneratedRegex(@"^(?:''(?<text>.+?)(?:''|$)|""(?<text>(?:[^""\\]|\\.)*)(?:""|$)|'(?<text>[^']*)(?:'|$))")]
    private static partial Regex Quoted();
}
