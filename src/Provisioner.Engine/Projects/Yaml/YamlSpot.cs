using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Provisioner.Engine.Projects.Yaml;

/// <summary>A node of a YAML text with what stands around it.</summary>
internal sealed class YamlSpot
{
    private readonly string _text;
    private readonly YamlNode? _parent;
    private readonly YamlNode? _key;

    private YamlSpot(string text, YamlNode node, YamlNode? parent, YamlNode? key, int depth)
    {
        _text = text;
        Node = node;
        _parent = parent;
        _key = key;
        Depth = depth;
    }

    public YamlNode Node { get; }

    /// <summary>How many segments of the path lead here; what is left does not exist.</summary>
    public int Depth { get; }

    private int Indent => (int)Node.Start.Column - 1;

    public static YamlSpot Find(string text, YamlNode root, ReadOnlySpan<object> path)
    {
        var spot = new YamlSpot(text, root, null, null, 0);
        foreach (var segment in path)
        {
            if (spot.Child(segment) is not var (key, child))
            {
                break;
            }

            spot = new YamlSpot(text, child, spot.Node, key, spot.Depth + 1);
        }

        return spot;
    }

    /// <summary>The text with another value here.</summary>
    public string Replace(StackValue value)
    {
        var (start, end) = ((int)Node.Start.Index, YamlEnds.Of(_text, Node));
        if (_parent is null)
        {
            return $"{_text[..start]}{YamlBlock.Below(value, -2)}{_text[end..]}";
        }

        if (IsFlow(_parent))
        {
            return $"{_text[..start]}{YamlBlock.Flow(value)}{_text[end..]}";
        }

        if (value is StackValue.Secure secure && Child(YamlValues.SecureKey) is var (secureKey, ciphertext)
            && ((YamlMappingNode)Node).Children.Count == 1)
        {
            return new YamlSpot(_text, ciphertext, Node, secureKey, Depth + 1).Replace(StackValue.OfText(secure.Ciphertext));
        }

        var indicator = Indicator();
        var lineEnd = YamlEnds.LineEnd(_text, end);
        var indicatorLineEnd = YamlEnds.LineEnd(_text, indicator);
        var sameLine = start <= indicatorLineEnd;
        // A comment at the end of the key's line stays there.
        var comment = (sameLine ? end < indicatorLineEnd ? _text[end..indicatorLineEnd] : string.Empty : _text[(indicator + 1)..indicatorLineEnd]).TrimEnd();
        if (_key is null)
        {
            var item = YamlBlock.Item(value, indicator - YamlEnds.LineStart(_text, indicator)).TrimStart(' ');
            return $"{_text[..indicator]}{item}{(YamlBlock.Inline(value) is null ? string.Empty : comment)}{_text[lineEnd..]}";
        }

        return YamlBlock.Inline(value) is { } inline
            ? $"{_text[..(indicator + 1)]} {inline}{comment}{_text[lineEnd..]}"
            : $"{_text[..(indicator + 1)]}{comment}\n{YamlBlock.Below(value, (int)_key.Start.Column - 1)}{_text[lineEnd..]}";
    }

    /// <summary>The text with a further entry or item here, or null where this is no mapping or list that has some.</summary>
    public string? Insert(object segment, StackValue value)
    {
        switch (Node, segment)
        {
            case (YamlMappingNode { Children.Count: > 0 } map, string key):
                var entryEnd = YamlEnds.Of(_text, map.Children.Last().Value);
                return IsFlow(map)
                    ? _text.Insert(entryEnd, $", {YamlBlock.FlowEntry(key, value)}")
                    : _text.Insert(YamlEnds.LineEnd(_text, entryEnd), $"\n{YamlBlock.Entry(key, value, Indent)}");
            case (YamlSequenceNode { Children.Count: > 0 } list, int):
                var itemEnd = YamlEnds.Of(_text, list.Children[^1]);
                return IsFlow(list)
                    ? _text.Insert(itemEnd, $", {YamlBlock.Flow(value)}")
                    : _text.Insert(YamlEnds.LineEnd(_text, itemEnd), $"\n{YamlBlock.Item(value, Indent)}");
            default:
                return null;
        }
    }

    /// <summary>The text without one entry or item that stands here.</summary>
    /// <param name="value">What this node means.</param>
    public string Remove(object segment, StackValue value)
    {
        if (IsFlow(Node))
        {
            return $"{_text[..(int)Node.Start.Index]}{YamlBlock.Flow(value.Remove([segment], string.Empty))}{_text[YamlEnds.Of(_text, Node)..]}";
        }

        if (Count == 1)
        {
            return Replace(value.Remove([segment], string.Empty));
        }

        var (key, child) = Child(segment)!.Value;
        var start = key is not null ? (int)key.Start.Index : new YamlSpot(_text, child, Node, null, 0).Indicator();
        var lineStart = YamlEnds.LineStart(_text, start);
        if (_text.AsSpan(lineStart, start - lineStart).IsWhiteSpace())
        {
            var lineEnd = YamlEnds.LineEnd(_text, YamlEnds.Of(_text, child));
            return lineEnd < _text.Length ? _text.Remove(lineStart, lineEnd + 1 - lineStart) : _text[..lineStart];
        }

        // It stands behind a dash: the next one moves up to there.
        var next = ((YamlMappingNode)Node).Children.SkipWhile(pair => pair.Key != key).Skip(1).First().Key;
        return _text.Remove(start, (int)next.Start.Index - start);
    }

    private int Count => Node switch
    {
        YamlMappingNode map => map.Children.Count,
        YamlSequenceNode list => list.Children.Count,
        _ => 0,
    };

    private static bool IsFlow(YamlNode node) => node is YamlMappingNode { Style: MappingStyle.Flow } or YamlSequenceNode { Style: SequenceStyle.Flow };

    private (YamlNode? Key, YamlNode Child)? Child(object segment) => (Node, segment) switch
    {
        (YamlMappingNode map, string name) when map.Children.FirstOrDefault(pair => pair.Key is YamlScalarNode key && key.Value == name) is { Key: { } key } pair =>
            (key, pair.Value),
        (YamlSequenceNode list, int index) when index < list.Children.Count => (null, list.Children[index]),
        _ => null,
    };

    // Where the colon behind the key, or the dash before the item, stands.
    private int Indicator()
    {
        if (_key is not null)
        {
            return _text.IndexOf(':', YamlEnds.Of(_text, _key));
        }

        var at = (int)Node.Start.Index - 1;
        while (at > 0 && _text[at] != '-')
        {
            at--;
        }

        return at;
    }
}
