using System.Collections.Immutable;
using System.Globalization;
using Provisioner.Engine.Deployments.Events;
using Pulumi.Wire;

namespace Provisioner.Engine.Deployments.Properties;

/// <summary>The engine's own comparison of old and new inputs, for components and for providers that leave it to the engine. Whether a value is a secret makes no difference.</summary>
internal static class InputDiff
{
    /// <summary>What differs, by path; empty when nothing does.</summary>
    public static ImmutableSortedDictionary<string, DiffEntry> Of(PropertyMap olds, PropertyMap news)
    {
        var result = ImmutableSortedDictionary.CreateBuilder<string, DiffEntry>(StringComparer.Ordinal);
        Compare(olds.Unwrap(), news.Unwrap(), string.Empty, result);
        return result.ToImmutable();
    }

    /// <summary>The top-level keys that differ.</summary>
    public static ImmutableArray<string> Keys(PropertyMap olds, PropertyMap news)
    {
        var (from, to) = (olds.Unwrap(), news.Unwrap());
        return [.. from.Keys.Union(to.Keys)
            .Where(key => !from.TryGetValue(key, out var old) || !to.TryGetValue(key, out var value) || !old.Equals(value))
            .Order(StringComparer.Ordinal)];
    }

    private static void Compare(PropertyMap olds, PropertyMap news, string path, ImmutableSortedDictionary<string, DiffEntry>.Builder result)
    {
        foreach (var key in olds.Keys.Union(news.Keys))
        {
            olds.TryGetValue(key, out var old);
            news.TryGetValue(key, out var value);
            Compare(old, value, PropertyPath.Append(path, key), result);
        }
    }

    private static void Compare(PropertyValue? old, PropertyValue? value, string path, ImmutableSortedDictionary<string, DiffEntry>.Builder result)
    {
        switch (old, value)
        {
            case (null, _):
                result.Add(path, new DiffEntry(DiffEntryKind.Add, InputDiff: true));
                break;
            case (_, null):
                result.Add(path, new DiffEntry(DiffEntryKind.Delete, InputDiff: true));
                break;
            case (PropertyValue.Object from, PropertyValue.Object to):
                Compare(from.Properties, to.Properties, path, result);
                break;
            case (PropertyValue.Array from, PropertyValue.Array to):
                for (var index = 0; index < Math.Max(from.Items.Length, to.Items.Length); index++)
                {
                    Compare(
                        index < from.Items.Length ? from.Items[index] : null,
                        index < to.Items.Length ? to.Items[index] : null,
                        string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"),
                        result);
                }

                break;
            default:
                if (!old.Equals(value))
                {
                    result.Add(path, new DiffEntry(DiffEntryKind.Update, InputDiff: true));
                }

                break;
        }
    }
}
