using System.Collections.Immutable;

namespace Provisioner.Engine.Projects;

/// <summary>Ways into a value, and changed copies of it; what may be changed how is Pulumi's.</summary>
internal static class StackValueEditing
{
    public static StackValue? Get(this StackValue value, ReadOnlySpan<object> path) => path is [] ? value : (value, path[0]) switch
    {
        (StackValue.Map map, string key) when map.Entries.TryGetValue(key, out var child) => child.Get(path[1..]),
        (StackValue.List list, int index) when index < list.Items.Length => list.Items[index].Get(path[1..]),
        _ => null,
    };

    /// <summary>The value with another one at a path; lists and mappings that are missing on the way are made.</summary>
    /// <param name="depth">How far below the configuration's key this value stands; a scalar there may become a list or a mapping, deeper ones may not.</param>
    /// <exception cref="ConfigurationException">The path does not fit what is there.</exception>
    public static StackValue Set(this StackValue? value, ReadOnlySpan<object> path, StackValue replacement, string shown, int depth = 0)
    {
        if (path is [])
        {
            return replacement;
        }

        var container = value switch
        {
            StackValue.Map or StackValue.List => value,
            null or StackValue.Scalar { Kind: ScalarKind.Null } => New(path[0]),
            _ when depth == 0 => New(path[0]),
            _ => throw new ConfigurationException($"cannot set {shown}: a part of the path is a single value, so nothing can stand below it. Remove it first with `config rm --path`."),
        };
        return (container, path[0]) switch
        {
            (StackValue.Map map, string key) => Reserved(
                new StackValue.Map(map.Entries.SetItem(key, map.Entries.GetValueOrDefault(key).Set(path[1..], replacement, shown, depth + 1))), shown),
            (StackValue.List list, int index) when index < list.Items.Length =>
                new StackValue.List(list.Items.SetItem(index, ((StackValue?)list.Items[index]).Set(path[1..], replacement, shown, depth + 1))),
            (StackValue.List list, int index) when index == list.Items.Length =>
                new StackValue.List(list.Items.Add(((StackValue?)null).Set(path[1..], replacement, shown, depth + 1))),
            (StackValue.List list, int) => throw new ConfigurationException(
                $"cannot set {shown}: the list has {list.Items.Length} items, so the next index is [{list.Items.Length}]."),
            (StackValue.List, _) => throw new ConfigurationException($"cannot set {shown}: a name stands where a list's index [0] should."),
            _ => throw new ConfigurationException($"cannot set {shown}: an index stands where a mapping's key should."),
        };
    }

    /// <summary>The value without what stands at a path that exists and is not empty.</summary>
    public static StackValue Remove(this StackValue value, ReadOnlySpan<object> path, string shown) => (value, path[0]) switch
    {
        (StackValue.Map map, string key) => Reserved(
            new StackValue.Map(path.Length == 1 ? map.Entries.Remove(key) : map.Entries.SetItem(key, map.Entries[key].Remove(path[1..], shown))), shown),
        (StackValue.List list, int index) =>
            new StackValue.List(path.Length == 1 ? list.Items.RemoveAt(index) : list.Items.SetItem(index, list.Items[index].Remove(path[1..], shown))),
        _ => value,
    };

    private static StackValue New(object segment) => segment is int ? new StackValue.List([]) : StackValue.Map.Empty;

    private static StackValue.Map Reserved(StackValue.Map map, string shown) =>
        map.Entries is { Count: 1 } && map.Entries.TryGetValue(Yaml.YamlValues.SecureKey, out var only) && only is StackValue.Scalar { Kind: ScalarKind.Text }
            ? throw new ConfigurationException($"cannot change {shown}: a mapping with the single key \"secure\" is reserved for encrypted values. Choose another name.")
            : map;
}
