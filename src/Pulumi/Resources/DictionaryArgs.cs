using System.Collections.Immutable;
using Pulumi.Serialization;

namespace Pulumi;

/// <summary>The inputs of a resource without an arguments class of its own, by their names on the wire.</summary>
/// <param name="dictionary">Plain values, inputs or outputs.</param>
public sealed class DictionaryResourceArgs(ImmutableDictionary<string, object?> dictionary) : ResourceArgs
{
    internal override ImmutableArray<InputValue> Snapshot() => DictionaryArgs.Snapshot(dictionary);
}

/// <summary>The inputs of a function without an arguments class of its own, by their names on the wire.</summary>
/// <param name="dictionary">Plain values, inputs or outputs.</param>
public sealed class DictionaryInvokeArgs(ImmutableDictionary<string, object?> dictionary) : InvokeArgs
{
    internal override ImmutableArray<InputValue> Snapshot() => DictionaryArgs.Snapshot(dictionary);
}

internal static class DictionaryArgs
{
    public static ImmutableArray<InputValue> Snapshot(ImmutableDictionary<string, object?> dictionary) =>
        [.. dictionary.OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => new InputValue(entry.Key, entry.Value is IInput input ? input.ToStructuredOutput() : entry.Value, AsJson: false))];
}
