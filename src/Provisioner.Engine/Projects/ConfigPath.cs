using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Provisioner.Engine.Projects;

/// <summary>Where a value stands in the configuration: a key, and a way into its lists and mappings.</summary>
/// <param name="Key">The key at the top.</param>
/// <param name="Segments">A <see cref="string"/> for a mapping's key, an <see cref="int"/> for a list's index; empty for the whole value.</param>
public sealed record ConfigPath(ConfigKey Key, ImmutableArray<object> Segments)
{
    // Each is a level of the file, which has the configuration's own above them.
    private const int MostSegments = Yaml.BoundedYaml.MostLevels - 3;

    public ConfigPath(ConfigKey key)
        : this(key, [])
    {
    }

    /// <summary>What a person typed after <c>config get</c>.</summary>
    /// <param name="isPath">Whether <c>--path</c> was given: <c>a.b[0].c</c>, <c>["odd.key"]</c>; otherwise the name is taken as it is.</param>
    /// <exception cref="ConfigurationException">It is no key, or no path.</exception>
    public static ConfigPath Parse(string text, string project, bool isPath)
    {
        // Quoted parts of a path may hold colons, so only what stands before the first bracket can name the namespace.
        var bracket = isPath ? text.IndexOf('[', StringComparison.Ordinal) : -1;
        var head = bracket < 0 ? text : text[..bracket];
        var split = head.LastIndexOf(':') + 1;
        var key = ConfigKey.TryParse(head[..split] + (bracket == 0 || split == head.Length ? "x" : head[split..]), project)
            ?? throw new ConfigurationException($"\"{text}\" is no configuration key. Write `name`, or `package:name` for another package's.");
        if (!isPath)
        {
            return new ConfigPath(key);
        }

        var segments = Split(text[split..]);
        return segments.Count > MostSegments ? throw new ConfigurationException($"the path below \"{key}\" has {segments.Count} parts; {MostSegments} are the most that a file may have.")
            : segments is [string name, .. var rest] ? new ConfigPath(key with { Name = name }, [.. rest])
            : throw Error(text, "it must begin with a name");
    }

    public bool Equals(ConfigPath? other) => other is not null && Key == other.Key && Segments.SequenceEqual(other.Segments);

    public override int GetHashCode() => Segments.Aggregate(Key.GetHashCode(), HashCode.Combine);

    public override string ToString() =>
        Segments.Aggregate(Key.ToString(), (path, segment) => segment is int index ? $"{path}[{index}]" : $"{path}.{segment}");

    private static ConfigurationException Error(string path, string problem) =>
        new($"\"{path}\" is no path: {problem}. Write it such as `a.b[0].c`, and odd names as `a[\"odd.name\"]`.");

    private static List<object> Split(string path)
    {
        var segments = new List<object>();
        var at = 0;
        while (at < path.Length)
        {
            if (path[at] == '[')
            {
                segments.Add(Index(path, ref at));
                continue;
            }

            if (path[at] == '.')
            {
                at++;
                if (segments.Count == 0 || at == path.Length)
                {
                    throw Error(path, "a dot stands where a name should");
                }

                if (path[at] == '[')
                {
                    continue;
                }
            }

            var end = path.IndexOfAny(['.', '['], at);
            end = end < 0 ? path.Length : end;
            segments.Add(path[at..end]);
            at = end;
        }

        return segments;
    }

    private static object Index(string path, ref int at)
    {
        at++;
        if (at < path.Length && path[at] == '"')
        {
            var name = new StringBuilder();
            for (at++; at < path.Length && path[at] != '"'; at++)
            {
                if (path[at] == '\\' && at + 1 < path.Length && path[at + 1] == '"')
                {
                    at++;
                }

                name.Append(path[at]);
            }

            if (at + 1 >= path.Length || path[at + 1] != ']')
            {
                throw Error(path, "a quote or a bracket is not closed");
            }

            at += 2;
            return name.ToString();
        }

        var end = path.IndexOf(']', at);
        if (end < 0 || !int.TryParse(path.AsSpan(at, end - at), NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            throw Error(path, "in brackets there must be a number or a quoted name");
        }

        at = end + 1;
        return index;
    }
}
