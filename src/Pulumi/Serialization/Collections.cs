using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Pulumi.Serialization;

/// <summary>Immutable collections of element types that are known at run time only.</summary>
internal abstract class Collections
{
    private static readonly ConcurrentDictionary<Type, Collections> Known = new();

    public static Collections Of(Type element) =>
        Known.GetOrAdd(element, type => (Collections)Activator.CreateInstance(typeof(Collections<>).MakeGenericType(type))!);

    /// <summary>Whether a list is an ImmutableArray that was never set, on which everything else throws.</summary>
    public static bool IsUnsetArray(object list) =>
        list.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>)
        && (bool)type.GetProperty(nameof(ImmutableArray<int>.IsDefault))!.GetValue(list)!;

    /// <summary>An ImmutableArray of the items.</summary>
    public abstract object ToImmutableArray(IEnumerable<object?> items);

    /// <summary>An ImmutableDictionary of the entries.</summary>
    public abstract object ToImmutableDictionary(IEnumerable<KeyValuePair<string, object?>> entries);
}

/// <inheritdoc/>
internal sealed class Collections<T> : Collections
{
    public override object ToImmutableArray(IEnumerable<object?> items) => ImmutableCollectionsMarshal.AsImmutableArray(items.Select(Cast).ToArray());

    public override object ToImmutableDictionary(IEnumerable<KeyValuePair<string, object?>> entries) =>
        entries.ToImmutableDictionary(entry => entry.Key, entry => Cast(entry.Value));

    private static T Cast(object? value) => value is T item ? item : default!;
}
