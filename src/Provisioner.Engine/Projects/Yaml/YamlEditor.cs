using System.Collections.Immutable;
using YamlDotNet.RepresentationModel;

namespace Provisioner.Engine.Projects.Yaml;

/// <summary>
/// Changes single values in a YAML text and leaves the rest as a person wrote it: comments, order, quotes, blank lines.
/// Every edit is read back and compared with what was meant, so an unusual layout leads to an error, never to another value.
/// </summary>
/// <param name="file">The file's path, for errors.</param>
internal sealed class YamlEditor(string file)
{
    // A value of the configuration stands below `config` and its key.
    private const int ConfigDepth = 2;

    /// <summary>The text with a value at a path; what is missing on the way is made.</summary>
    /// <exception cref="ConfigurationException">The path does not fit what is there.</exception>
    /// <exception cref="ProjectFileException">The layout cannot be edited.</exception>
    public string Set(string text, ImmutableArray<object> path, StackValue value, string shown)
    {
        var root = YamlText.Parse(file, text);
        StackValue? before = root is null ? null : YamlValues.From(root, file);
        var meant = before.Set(path.AsSpan(), value, shown, depth: -ConfigDepth);
        if (root is null)
        {
            var separator = text.Length == 0 || text.EndsWith('\n') ? string.Empty : "\n";
            return Verified($"{text}{separator}{YamlBlock.Entry((string)path[0], Wrap(path.AsSpan()[1..], value), 0)}\n", meant, shown);
        }

        var spot = YamlSpot.Find(text, root, path.AsSpan());
        var rest = path.AsSpan()[spot.Depth..];
        var edited = rest is []
            ? spot.Replace(value)
            : spot.Insert(rest[0], Wrap(rest[1..], value)) ?? spot.Replace(Wrap(rest, value));
        return Accept(edited, text, root, meant, path, shown);
    }

    /// <summary>The text without what stands at a path.</summary>
    /// <exception cref="ProjectFileException">The layout cannot be edited.</exception>
    public string Remove(string text, ImmutableArray<object> path, string shown)
    {
        var root = YamlText.Parse(file, text);
        var before = root is null ? StackValue.Map.Empty : YamlValues.From(root, file);
        if (root is null || before.Get(path.AsSpan()) is null)
        {
            return text;
        }

        var meant = before.Remove(path.AsSpan(), shown);
        var parent = YamlSpot.Find(text, root, path.AsSpan()[..^1]);
        return Accept(parent.Remove(path[^1], YamlValues.From(parent.Node, file)), text, root, meant, path, shown);
    }

    private static StackValue Wrap(ReadOnlySpan<object> path, StackValue value) => ((StackValue?)null).Set(path, value, string.Empty);

    private string Accept(string edited, string text, YamlMappingNode root, StackValue meant, ImmutableArray<object> path, string shown)
    {
        if (Means(edited, meant))
        {
            return edited;
        }

        // An unusual layout inside one entry: write that entry anew, and leave the others.
        var entry = path.AsSpan()[..Math.Min(ConfigDepth, path.Length)];
        var spot = YamlSpot.Find(text, root, entry);
        return spot.Depth == entry.Length && meant.Get(entry) is { } value
            ? Verified(spot.Replace(value), meant, shown)
            : throw CannotEdit(shown);
    }

    private string Verified(string edited, StackValue meant, string shown) => Means(edited, meant) ? edited : throw CannotEdit(shown);

    private bool Means(string edited, StackValue meant)
    {
        try
        {
            return (YamlText.Parse(file, edited) is { } root ? YamlValues.From(root, file) : StackValue.Map.Empty).Equals(meant);
        }
        catch (ProjectFileException)
        {
            return false;
        }
    }

    private ProjectFileException CannotEdit(string shown) =>
        new(file, 0, 0, $"the layout around {shown} cannot be edited here without a loss. Change this value by hand; the file was left as it is.");
}
