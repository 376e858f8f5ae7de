using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Provisioner.Engine.Projects.Yaml;

/// <summary>Where nodes and lines end in a text; the parser puts the end of a block behind the comments that follow it.</summary>
internal static class YamlEnds
{
    /// <summary>The position behind a node's last character.</summary>
    public static int Of(string text, YamlNode node) => node switch
    {
        YamlScalarNode { Style: ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted } => (int)node.End.Index,
        YamlScalarNode => Trim(text, (int)node.Start.Index, (int)node.End.Index),
        YamlMappingNode { Style: MappingStyle.Flow } map => Closing(text, map, map.Children.Count == 0 ? null : map.Children.Last().Value),
        YamlSequenceNode { Style: SequenceStyle.Flow } list => Closing(text, list, list.Children.LastOrDefault()),
        YamlMappingNode { Children.Count: > 0 } map => Of(text, map.Children.Last().Value),
        YamlSequenceNode { Children.Count: > 0 } list => Of(text, list.Children[^1]),
        _ => (int)node.End.Index,
    };

    /// <summary>The position of the line break behind a position, or the text's end.</summary>
    public static int LineEnd(string text, int position) =>
        position >= text.Length || text.IndexOf('\n', position) is var at && at < 0 ? text.Length : text.IndexOf('\n', position);

    /// <summary>The position of the first character of the line that a position is in.</summary>
    public static int LineStart(string text, int position) => position == 0 ? 0 : text.LastIndexOf('\n', position - 1) + 1;

    private static int Trim(string text, int start, int end)
    {
        end = Math.Min(end, text.Length);
        while (end > start && char.IsWhiteSpace(text[end - 1]))
        {
            end--;
        }

        return end;
    }

    // Between the last item and the bracket there are blanks, a comma and comments only.
    private static int Closing(string text, YamlNode collection, YamlNode? last)
    {
        var bracket = collection is YamlMappingNode ? '}' : ']';
        var at = last is null ? (int)collection.Start.Index + 1 : Of(text, last);
        while (at < text.Length && text[at] != bracket)
        {
            at = text[at] == '#' ? LineEnd(text, at) : at + 1;
        }

        return Math.Min(at + 1, text.Length);
    }
}
