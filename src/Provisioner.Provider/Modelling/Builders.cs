using System.Collections;
using System.Collections.Immutable;
using System.Reflection;

namespace Provisioner.Provider.Modelling;

/// <summary>Immutable collections of types that are known at run time only.</summary>
internal static class Builders
{
    /// <summary>An <see cref="ImmutableArray{T}"/> of the items.</summary>
    public static object List(Type itemType, IEnumerable items) => Make(nameof(ListOf), itemType, items);

    /// <summary>An <see cref="ImmutableSortedDictionary{TKey,TValue}"/> in ordinal order.</summary>
    public static object Map(Type itemType, IEnumerable<(string Key, object Value)> entries) => Make(nameof(MapOf), itemType, entries);

    private static object Make(string method, Type itemType, object argument) =>
        typeof(Builders).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(itemType).Invoke(null, [argument])!;

    private static ImmutableArray<T> ListOf<T>(IEnumerable items) => [.. items.Cast<T>()];

    private static ImmutableSortedDictionary<string, T> MapOf<T>(IEnumerable<(string Key, object Value)> entries) =>
        entries.ToImmutableSortedDictionary(entry => entry.Key, entry => (T)entry.Value, StringComparer.Ordinal);
}
