using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Provisioner.Engine.Deployments.Properties;

/// <summary>One step of a path: a property, an item, or any of either.</summary>
internal abstract record PathSegment
{
    private PathSegment()
    {
    }

    public sealed record Key(string Name) : PathSegment;

    public sealed record Index(int Position) : PathSegment;

    public sealed record Any : PathSegment;
}

/// <summary>A place in a tree of properties, as options and detailed diffs name it: <c>a.b[0].c</c>, <c>a["odd.key"]</c>, <c>a[*]</c>, <c>*</c>.</summary>
internal sealed class PropertyPath
{
    private PropertyPath(ImmutableArray<PathSegment> segments) => Segments = segments;

    public ImmutableArray<PathSegment> Segments { get; }

    /// <exception cref="FormatException">It is no path.</exception>
    public static PropertyPath Parse(string text)
    {
        var segments = ImmutableArray.CreateBuilder<PathSegment>();
        var position = 0;
        while (position < text.Length)
        {
            switch (text[position])
            {
                case '.' when position > 0 && position + 1 < text.Length:
                    position++;
                    segments.Add(ReadName(text, ref position));
                    break;
                case '[':
                    segments.Add(ReadBracket(text, ref position));
                    break;
                default:
                    if (position > 0)
                    {
                        throw Malformed(text);
                    }

                    segments.Add(ReadName(text, ref position));
                    break;
            }
        }

        return segments.Count > 0 ? new PropertyPath(segments.ToImmutable()) : throw Malformed(text);
    }

    /// <summary>The path, or null when the text is none.</summary>
    public static PropertyPath? TryParse(string text)
    {
        try
        {
            return Parse(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Adds a property's name to the text of a path.</summary>
    public static string Append(string path, string key) =>
        key.Length > 0 && key.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '$')
            ? path.Length == 0 ? key : $"{path}.{key}"
            : $"{path}[\"{key.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"]";

    /// <summary>Whether this path is the other's, or leads to something that the other lies in.</summary>
    public bool Contains(PropertyPath other) =>
        Segments.Length <= other.Segments.Length && Segments.Zip(other.Segments).All(pair => pair.First is PathSegment.Any || pair.First == pair.Second);

    private static PathSegment ReadName(string text, ref int position)
    {
        var start = position;
        while (position < text.Length && text[position] is not ('.' or '['))
        {
            position++;
        }

        var name = text[start..position];
        return name.Length == 0 ? throw Malformed(text) : name == "*" ? new PathSegment.Any() : new PathSegment.Key(name);
    }

    private static PathSegment ReadBracket(string text, ref int position)
    {
        position++;
        if (position < text.Length && text[position] == '"')
        {
            return ReadQuoted(text, ref position);
        }

        var end = text.IndexOf(']', position);
        var inner = end < 0 ? throw Malformed(text) : text[position..end];
        position = end + 1;
        if (inner == "*")
        {
            return new PathSegment.Any();
        }

        return int.TryParse(inner, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? new PathSegment.Index(index) : throw Malformed(text);
    }

    private static PathSegment.Key ReadQuoted(string text, ref int position)
    {
        var name = new StringBuilder();
        for (position++; position < text.Length && text[position] != '"'; position++)
        {
            if (text[position] == '\\' && position + 1 < text.Length)
            {
                position++;
            }

            name.Append(text[position]);
        }

        if (position + 1 >= text.Length || text[position + 1] != ']')
        {
            throw Malformed(text);
        }

        position += 2;
        return new PathSegment.Key(name.ToString());
    }

    private static FormatException Malformed(string text) =>
        new($"\"{text}\" is no property path; one looks like a.b[0], a[\"odd.key\"] or a[*].");
}
