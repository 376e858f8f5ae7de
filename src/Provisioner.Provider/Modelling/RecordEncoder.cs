using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using Pulumi.Wire;

namespace Provisioner.Provider.Modelling;

/// <summary>Records to property maps. What is null is left out; what is secret is wrapped as one.</summary>
internal static class RecordEncoder
{
    /// <summary>The map of a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="unknown">C# names of the top-level members that are not known yet.</param>
    public static PropertyMap Encode(object record, params ImmutableArray<string> unknown)
    {
        var entries = new List<KeyValuePair<string, PropertyValue>>();
        foreach (var property in RecordShape.Of(record.GetType()).Properties)
        {
            var value = !unknown.IsDefaultOrEmpty && unknown.Contains(property.Property.Name)
                ? PropertyValue.UnknownValue
                : Value(property.Kind, property.Property.GetValue(record));
            if (value is not null)
            {
                entries.Add(KeyValuePair.Create(property.WireName, property.IsSecret ? new PropertyValue.Secret(value) : value));
            }
        }

        return PropertyMap.Of(entries);
    }

    /// <summary>A value of a kind; null for nothing.</summary>
    public static PropertyValue? Value(ValueKind kind, object? value) => (kind, value) switch
    {
        (_, null) => null,
        (ValueKind.Any or ValueKind.Tree, PropertyValue given) => given,
        (ValueKind.Files, AssetOrArchive files) => files.Value,
        (ValueKind.Text, string text) => text,
        (ValueKind.Truth, bool truth) => truth,
        (ValueKind.Whole or ValueKind.Fraction, _) => Convert.ToDouble(value, CultureInfo.InvariantCulture),
        (ValueKind.Choice choice, _) => choice.Values.First(known => known.Value.Equals(value)).WireName,
        (ValueKind.List list, _) => IsDefaultArray(value) ? null : new PropertyValue.Array([.. Items(value).Select(item => Value(list.Item, item) ?? PropertyValue.NullValue)]),
        (ValueKind.Map map, IDictionary entries) => new PropertyValue.Object(PropertyMap.Of(Entries(map, entries))),
        (ValueKind.Nested, _) => new PropertyValue.Object(Encode(value)),
        _ => throw new InvalidOperationException($"No encoding for {value.GetType().Name}."),
    };

    private static bool IsDefaultArray(object value) => (bool)value.GetType().GetProperty("IsDefault")!.GetValue(value)!;

    private static IEnumerable<object?> Items(object value) => ((IEnumerable)value).Cast<object?>();

    private static IEnumerable<KeyValuePair<string, PropertyValue>> Entries(ValueKind.Map map, IDictionary entries)
    {
        foreach (DictionaryEntry entry in entries)
        {
            if (Value(map.Item, entry.Value) is { } value)
            {
                yield return KeyValuePair.Create((string)entry.Key, value);
            }
        }
    }
}
