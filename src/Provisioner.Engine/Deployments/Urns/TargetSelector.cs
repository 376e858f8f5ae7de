using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace Provisioner.Engine.Deployments.Urns;

/// <summary>Resources chosen by URN or glob: <c>*</c> stands for anything within a part, <c>**</c> for anything.</summary>
internal sealed class TargetSelector
{
    private readonly ImmutableArray<Regex> _patterns;

    public TargetSelector(IEnumerable<string> patterns) => _patterns = [.. patterns.Select(Compile)];

    /// <summary>Nothing was chosen, which where targets are asked for means everything.</summary>
    public bool IsEmpty => _patterns.IsEmpty;

    /// <summary>Whether one of the patterns names the URN.</summary>
    public bool Names(string urn) => _patterns.Any(pattern => pattern.IsMatch(urn));

    /// <summary>Whether the URN is to be worked on: named, or nothing was named.</summary>
    public bool Includes(string urn) => IsEmpty || Names(urn);

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
