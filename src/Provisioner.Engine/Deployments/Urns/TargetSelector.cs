using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace Provisioner.Engine.Deployments.Urns;

/// <summary>Resources chosen by URN or glob: <c>*</c> stands for anything within a part, <c>**</c> for anything.</summary>
internal sealed class TargetSelector
{
    private readonly ImmutableArray<(string Text, Regex Regex)> _patterns;

    public TargetSelector(IEnumerable<string> patterns) => _patterns = [.. patterns.Select(pattern => (pattern, Compile(pattern)))];

    /// <summary>Nothing was named.</summary>
    public bool IsEmpty => _patterns.IsEmpty;

    /// <summary>Whether one of the patterns names the URN.</summary>
    public bool Names(string urn) => _patterns.Any(pattern => pattern.Regex.IsMatch(urn));

    /// <summary>The patterns that name none of the URNs: most likely misspelled.</summary>
    public IEnumerable<string> Unmatched(IReadOnlyCollection<string> urns) =>
        _patterns.Where(pattern => !urns.Any(pattern.Regex.IsMatch)).Select(pattern => pattern.Text);

    private static Regex Compile(string pattern)
    {
        var text = new StringBuilder("^");
        for (var index = 0; index < pattern.Length; index++)
        {
            if (pattern[index] != '*')
            {
                text.Append(Regex.Escape(pattern[index].ToString()));
            }
            else if (index + 1 < pattern.Length && pattern[index + 1] == '*')
            {
                text.Append(".*");
                index++;
            }
            else
            {
                text.Append("[^:]*");
            }
        }

        return new Regex(text.Append('$').ToString(), RegexOptions.CultureInvariant | RegexOptions.Singleline);
    }
}
