using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Pulumi.Wire;

/// <summary>Properties by name, in ordinal order. Immutable, with structural equality.</summary>
public sealed class PropertyMap : IReadOnlyDictionary<string, PropertyValue>, IEquatable<PropertyMap>
{
    private readonly ImmutableSortedDictionary<string, PropertyValue> _properties;

    private PropertyMap(ImmutableSortedDictionary<string, PropertyValue> properties) => _properties = properties;

    /// <summary>No properties.</summary>
    public static PropertyMap Empty { get; } = new(ImmutableSortedDictionary.Create<string, PropertyValue>(StringComparer.Ordinal));

    public IEnumerable<string> Keys => _properties.Keys;

    public IEnumerable<PropertyValue> Values => _properties.Values;

    public int Count => _properties.Count;

    /// <exception cref="KeyNotFoundException">There is no such property.</exception>
    public PropertyValue this[string key] => _properties[key];

    /// <exception cref="ArgumentException">A name comes twice.</exception>
    public static PropertyMap Of(params IEnumerable<KeyValuePair<string, PropertyValue>> properties)
    {
        var builder = Empty._properties.ToBuilder();
        foreach (var (name, value) in properties)
        {
            builder.Add(name, value);
        }

        return new PropertyMap(builder.ToImmutable());
    }

    /// <exception cref="ArgumentException">A name comes twice.</exception>
    public static PropertyMap Of(params IEnumerable<(string Name, PropertyValue Value)> properties) =>
        Of(properties.Select(property => KeyValuePair.Create(property.Name, property.Value)));

    /// <summary>This map with one property added or replaced.</summary>
    public PropertyMap With(string name, PropertyValue value) => new(_properties.SetItem(name, value));

    /// <summary>This map without one property.</summary>
    public PropertyMap Without(string name) => new(_properties.Remove(name));

    public bool ContainsKey(string key) => _properties.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out PropertyValue value) => _properties.TryGetValue(key, out value);

    public bool Equals(PropertyMap? other) =>
        other is not null && (ReferenceEquals(this, other) || _properties.SequenceEqual(other._properties));

    public override bool Equals(object? obj) => Equals(obj as PropertyMap);

    public override int GetHashCode() => _properties.Aggregate(Count, (hash, property) => HashCode.Combine(hash, property.Key, property.Value));

    public override string ToString() => "{ " + string.Join(", ", _properties.Select(property => $"{property.Key} = {property.Value}")) + " }";

    public IEnumerator<KeyValuePair<string, PropertyValue>> GetEnumerator() => _properties.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
