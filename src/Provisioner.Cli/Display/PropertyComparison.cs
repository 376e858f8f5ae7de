using Pulumi.Wire;

namespace Provisioner.Cli.Display;

/// <summary>Takes two values apart until single values differ.</summary>
internal static class PropertyComparison
{
    /// <summary>Every difference, in the order of the keys; with <paramref name="sames"/> also what stays as it is.</summary>
    public static IEnumerable<PropertyChange> Compare(PropertyMap old, PropertyMap @new, bool replaces = false, bool sames = false) =>
        Objects(string.Empty, old, @new, replaces, sames);

    /// <summary>The differences at one path; null is a property that is not there.</summary>
    public static IEnumerable<PropertyChange> Compare(string path, PropertyValue? old, PropertyValue? @new, bool replaces, bool sames)
    {
        old = Open(old);
        @new = Open(@new);
        return (old, @new) switch
        {
            (null, null) => [],
            (null, PropertyValue.Object { Properties.Count: > 0 } map) => Objects(path, PropertyMap.Empty, map.Properties, replaces, sames),
            (PropertyValue.Object { Properties.Count: > 0 } map, null) => Objects(path, map.Properties, PropertyMap.Empty, replaces, sames),
            (PropertyValue.Object left, PropertyValue.Object right) when left.Properties.Count > 0 && right.Properties.Count > 0 => Objects(path, left.Properties, right.Properties, replaces, sames),
            (null, PropertyValue.Array { Items.Length: > 0 } array) => Arrays(path, [], array.Items, replaces, sames),
            (PropertyValue.Array { Items.Length: > 0 } array, null) => Arrays(path, array.Items, [], replaces, sames),
            (PropertyValue.Array left, PropertyValue.Array right) when left.Items.Length > 0 && right.Items.Length > 0 => Arrays(path, left.Items, right.Items, replaces, sames),
            (null, _) => [new PropertyChange(path, ChangeKind.Add, null, @new, replaces)],
            (_, null) => [new PropertyChange(path, ChangeKind.Delete, old, null, replaces)],
            _ when !Equals(old, @new) => [new PropertyChange(path, ChangeKind.Update, old, @new, replaces)],
            _ => sames ? [new PropertyChange(path, ChangeKind.Same, old, @new, false)] : [],
        };
    }

    private static IEnumerable<PropertyChange> Objects(string path, PropertyMap old, PropertyMap @new, bool replaces, bool sames) =>
        old.Keys.Union(@new.Keys, StringComparer.Ordinal)
            .Where(key => !(path.Length == 0 && key.StartsWith("__", StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal)
            .SelectMany(key => Compare(PropertyPath.Append(path, key), old.GetValueOrDefault(key), @new.GetValueOrDefault(key), replaces, sames));

    private static IEnumerable<PropertyChange> Arrays(string path, IReadOnlyList<PropertyValue> old, IReadOnlyList<PropertyValue> @new, bool replaces, bool sames) =>
        Enumerable.Range(0, Math.Max(old.Count, @new.Count))
            .SelectMany(index => Compare(
                PropertyPath.Append(path, index),
                index < old.Count ? old[index] : null,
                index < @new.Count ? @new[index] : null,
                replaces,
                sames));

    /// <summary>An output that is no secret and known is as good as its value.</summary>
    private static PropertyValue? Open(PropertyValue? value) =>
        value is PropertyValue.Output { IsSecret: false, Value: { } inner } ? Open(inner) : value;
}
