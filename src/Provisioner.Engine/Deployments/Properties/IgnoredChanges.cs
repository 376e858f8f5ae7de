using Pulumi.Wire;

namespace Provisioner.Engine.Deployments.Properties;

/// <summary>The option ignoreChanges: inputs at the given paths are what they were before.</summary>
internal static class IgnoredChanges
{
    /// <param name="news">The program's inputs.</param>
    /// <param name="olds">The inputs of the last deployment.</param>
    /// <exception cref="FormatException">One of the paths is none.</exception>
    public static PropertyMap Apply(PropertyMap news, PropertyMap olds, IEnumerable<string> paths)
    {
        PropertyValue result = new PropertyValue.Object(news);
        var old = new PropertyValue.Object(olds);
        foreach (var path in paths.Select(PropertyPath.Parse))
        {
            result = Reset(result, old, path.Segments.AsSpan()) ?? result;
        }

        return ((PropertyValue.Object)result).Properties;
    }

    /// <summary>The new value with the old one at the path; null stands for a value that is not there.</summary>
    private static PropertyValue? Reset(PropertyValue? news, PropertyValue? olds, ReadOnlySpan<PathSegment> path)
    {
        if (path.IsEmpty)
        {
            return olds;
        }

        if (news is PropertyValue.Secret secret)
        {
            return Reset(secret.Value, Inner(olds), path) is { } inner ? new PropertyValue.Secret(inner) : null;
        }

        return (news, Inner(olds)) switch
        {
            (PropertyValue.Object to, PropertyValue.Object from) => ResetObject(to.Properties, from.Properties, path),
            (PropertyValue.Array to, PropertyValue.Array from) => ResetArray(to, from, path),
            _ => news,
        };
    }

    private static PropertyValue.Object ResetObject(PropertyMap to, PropertyMap from, ReadOnlySpan<PathSegment> path)
    {
        string[] keys = path[0] switch
        {
            PathSegment.Key key => [key.Name],
            PathSegment.Any => [.. to.Keys.Union(from.Keys)],
            _ => [],
        };
        foreach (var key in keys)
        {
            to.TryGetValue(key, out var news);
            from.TryGetValue(key, out var olds);
            to = Reset(news, olds, path[1..]) is { } value ? to.With(key, value) : to.Without(key);
        }

        return new PropertyValue.Object(to);
    }

    /// <summary>Items come and go at the end, so only those that both have can be what they were.</summary>
    private static PropertyValue.Array ResetArray(PropertyValue.Array to, PropertyValue.Array from, ReadOnlySpan<PathSegment> path)
    {
        var items = to.Items.ToBuilder();
        for (var index = 0; index < Math.Min(to.Items.Length, from.Items.Length); index++)
        {
            if (path[0] is PathSegment.Any || (path[0] is PathSegment.Index at && at.Position == index))
            {
                items[index] = Reset(to.Items[index], from.Items[index], path[1..]) ?? PropertyValue.NullValue;
            }
        }

        return new PropertyValue.Array(items.ToImmutable());
    }

    private static PropertyValue? Inner(PropertyValue? value) => value is PropertyValue.Secret secret ? secret.Value : value;
}
