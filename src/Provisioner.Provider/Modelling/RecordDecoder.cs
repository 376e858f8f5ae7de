using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using Pulumi.Wire;

namespace Provisioner.Provider.Modelling;

/// <summary>A record out of a property map.</summary>
/// <param name="Value">The record; members that are unknown or wrong hold their default, so read it only as far as both lists are empty.</param>
/// <param name="Failures">What is wrong, each with its path.</param>
/// <param name="Unknown">C# names of the top-level members that are not known yet, wholly or in part.</param>
internal sealed record Decoded<T>(T Value, ImmutableArray<PropertyFailure> Failures, ImmutableArray<string> Unknown)
{
    /// <summary>Whether every member holds what was given.</summary>
    public bool IsComplete => Failures.IsEmpty && Unknown.IsEmpty;
}

/// <summary>How strictly a map is read.</summary>
internal enum Reading
{
    /// <summary>Inputs: every name must be known, every type must fit.</summary>
    Strict,

    /// <summary>Provider configuration: stack files hold texts only, so "true" and "15" count as what they say.</summary>
    Configuration,

    /// <summary>Outputs of an earlier version of the provider may have more than this one knows.</summary>
    Stored,
}

/// <summary>Property maps to records.</summary>
internal static class RecordDecoder
{
    public static Decoded<T> Decode<T>(PropertyMap properties, Reading reading = Reading.Strict)
        where T : class
    {
        var shape = RecordShape.Of(typeof(T));
        var unknown = shape.Properties
            .Where(property => properties.TryGetValue(property.WireName, out var value) && value.ContainsUnknowns())
            .ToImmutableArray();
        var run = new Run(reading);
        var known = unknown.Aggregate(properties, (map, property) => map.Without(property.WireName));
        var record = run.Record(shape, known, string.Empty, isSecret: false, [.. unknown.Select(property => property.WireName)]);
        return new Decoded<T>((T)record, [.. run.Failures], [.. unknown.Select(property => property.Property.Name)]);
    }

    private sealed class Run(Reading reading)
    {
        public List<PropertyFailure> Failures { get; } = [];

        public object Record(RecordShape shape, PropertyMap properties, string path, bool isSecret, ImmutableArray<string> unknown)
        {
            var record = shape.Blank();
            foreach (var property in shape.Properties)
            {
                var at = path.Length == 0 ? property.WireName : $"{path}.{property.WireName}";
                if (properties.TryGetValue(property.WireName, out var value) && value.Unwrap() is not PropertyValue.Null)
                {
                    if (Value(property.Kind, value, at, isSecret || property.IsSecret) is { } decoded)
                    {
                        property.Property.SetValue(record, decoded);
                    }
                }
                else if (property.IsRequired && !unknown.Contains(property.WireName))
                {
                    Fail(at, $"is required but was not given{(property.Description.Length == 0 ? string.Empty : $". It is: {FirstSentence(property.Description)}")}");
                }
            }

            if (reading != Reading.Stored)
            {
                RefuseStrangers(shape, properties, path, isSecret);
            }

            return record;
        }

        private object? Value(ValueKind kind, PropertyValue value, string path, bool isSecret)
        {
            isSecret |= value is PropertyValue.Secret or PropertyValue.Output { IsSecret: true };
            value = value.Unwrap();
            return (kind, value) switch
            {
                (ValueKind.Any, _) => value,
                (ValueKind.Files, PropertyValue.Asset or PropertyValue.Archive) => new AssetOrArchive(value),
                (ValueKind.Tree, PropertyValue.Archive) => value,
                (ValueKind.Text, PropertyValue.String text) => text.Value,
                (ValueKind.Truth, PropertyValue.Boolean truth) => truth.Value,
                (ValueKind.Truth, PropertyValue.String { Value: "true" or "false" } text) when reading == Reading.Configuration => text.Value == "true",
                (ValueKind.Fraction, PropertyValue.Number number) => number.Value,
                (ValueKind.Whole whole, PropertyValue.Number number) => Whole(whole, number.Value, path),
                (ValueKind.Fraction or ValueKind.Whole, PropertyValue.String text) when reading == Reading.Configuration
                    && double.TryParse(text.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) =>
                    kind is ValueKind.Whole whole ? Whole(whole, number, path) : number,
                (ValueKind.Choice choice, PropertyValue.String text) => Choice(choice, text.Value, path, isSecret),
                (ValueKind.List list, PropertyValue.Array array) => List(list, array, path, isSecret),
                (ValueKind.Map map, PropertyValue.Object properties) => Map(map, properties.Properties, path, isSecret),
                (ValueKind.Nested nested, PropertyValue.Object properties) => Record(RecordShape.Of(nested.Type), properties.Properties, path, isSecret, []),
                _ => Mismatch(kind, value, path, isSecret),
            };
        }

        /// <summary>The number as the record's own type.</summary>
        private object? Whole(ValueKind.Whole kind, double number, string path)
        {
            var limit = kind.Type == typeof(int) ? int.MaxValue : 1L << 53;
            if (!double.IsInteger(number) || Math.Abs(number) > limit)
            {
                Fail(path, $"must be a whole number of at most {limit}, but is {number.ToString(CultureInfo.InvariantCulture)}");
                return null;
            }

            return Convert.ChangeType(number, kind.Type, CultureInfo.InvariantCulture);
        }

        private object? Choice(ValueKind.Choice kind, string text, string path, bool isSecret)
        {
            if (kind.Values.FirstOrDefault(value => value.WireName == text) is { } found)
            {
                return found.Value;
            }

            Fail(path, $"must be {kind.Noun}{(isSecret ? string.Empty : $", but is \"{text}\"")}");
            return null;
        }

        private object List(ValueKind.List kind, PropertyValue.Array array, string path, bool isSecret)
        {
            var items = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(kind.ItemType))!;
            for (var index = 0; index < array.Items.Length; index++)
            {
                if (Value(kind.Item, array.Items[index], $"{path}[{index}]", isSecret) is { } item)
                {
                    items.Add(item);
                }
            }

            return Builders.List(kind.ItemType, items);
        }

        private object Map(ValueKind.Map kind, PropertyMap properties, string path, bool isSecret)
        {
            var entries = new List<(string Key, object Value)>();
            foreach (var (key, value) in properties)
            {
                if (Value(kind.Item, value, PropertyPath.Append(path, key), isSecret) is { } item)
                {
                    entries.Add((key, item));
                }
            }

            return Builders.Map(kind.ItemType, entries);
        }

        private object? Mismatch(ValueKind kind, PropertyValue value, string path, bool isSecret)
        {
            var shown = isSecret ? string.Empty : value switch
            {
                PropertyValue.Boolean truth => truth.Value ? " (true)" : " (false)",
                PropertyValue.Number number => $" ({number.Value.ToString(CultureInfo.InvariantCulture)})",
                PropertyValue.String text when text.Value.Length <= 60 => $" (\"{text.Value}\")",
                _ => string.Empty,
            };
            Fail(path, $"must be {kind.Noun}, but is {Noun(value)}{shown}");
            return null;
        }

        private void RefuseStrangers(RecordShape shape, PropertyMap properties, string path, bool isSecret)
        {
            foreach (var name in properties.Keys.Where(name => shape.Find(name) is null))
            {
                // A stranger's name is part of the program, its value may be anything: only the name is told.
                var at = isSecret ? path : PropertyPath.Append(path, name);
                Fail(at, $"is not a property here; there {(shape.Properties.Length == 1 ? "is" : "are")} {string.Join(", ", shape.Properties.Select(property => property.WireName))}");
            }
        }

        private void Fail(string path, string reason) => Failures.Add(new PropertyFailure(path, reason));

        private static string FirstSentence(string text) => text.IndexOf(". ", StringComparison.Ordinal) is var end and >= 0 ? text[..end] : text.TrimEnd('.');

        private static string Noun(PropertyValue value) => value switch
        {
            PropertyValue.Boolean => "true or false",
            PropertyValue.Number => "a number",
            PropertyValue.String => "a text",
            PropertyValue.Array => "a list",
            PropertyValue.Object => "a map",
            PropertyValue.Asset or PropertyValue.Archive => "a file",
            PropertyValue.ResourceReference => "a resource",
            _ => "of another kind",
        };
    }
}
