using System.Collections;
using System.Collections.Immutable;

namespace Pulumi;

/// <summary>A map for a resource, of plain values, of outputs, or one output of a whole map.</summary>
/// <typeparam name="TValue">The values' type.</typeparam>
public sealed class InputMap<TValue> : Input<ImmutableDictionary<string, TValue>>, IEnumerable, IAsyncEnumerable<Input<KeyValuePair<string, TValue>>>
{
    private Output<ImmutableDictionary<string, Input<TValue>>> _items;

    /// <summary>An empty map.</summary>
    public InputMap()
        : this(Output.Create(ImmutableDictionary<string, Input<TValue>>.Empty))
    {
    }

    private InputMap(Output<ImmutableDictionary<string, Input<TValue>>> items) => _items = items;

    /// <summary>Adds a value, as <see cref="Add(string, Input{TValue})"/> does.</summary>
    public Input<TValue> this[string key]
    {
        set => Add(key, value);
    }

    public static implicit operator InputMap<TValue>(Dictionary<string, TValue> values) => new(Output.Create(Inputs(values)));

    public static implicit operator InputMap<TValue>(ImmutableDictionary<string, TValue> values) => new(Output.Create(Inputs(values)));

    public static implicit operator InputMap<TValue>(Output<Dictionary<string, TValue>> values) => new(values.Apply(Inputs));

    public static implicit operator InputMap<TValue>(Output<IDictionary<string, TValue>> values) => new(values.Apply(Inputs));

    public static implicit operator InputMap<TValue>(Output<ImmutableDictionary<string, TValue>> values) => new(values.Apply(Inputs));

    /// <summary>A new map with the entries of both; where both have a key, the second's value counts.</summary>
    public static InputMap<TValue> Merge(InputMap<TValue> first, InputMap<TValue> second) => new(
        Output.Tuple(first._items, second._items).Apply(both => OrEmpty(both.Item1).SetItems(OrEmpty(both.Item2))));

    /// <summary>Adds a value. The same key may come twice only with the same value; otherwise the run fails.</summary>
    public void Add(string key, Input<TValue> value) => _items = _items.Apply(items => Added(OrEmpty(items), key, value));

    /// <summary>Adds another map's entries.</summary>
    public void Add(InputMap<TValue> values) => AddRange(values);

    /// <summary>Adds another map's entries. The run fails when both have the same key with different values.</summary>
    public void AddRange(InputMap<TValue> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        _items = Output.Tuple(_items, values._items).Apply(both =>
            OrEmpty(both.Item2).Aggregate(OrEmpty(both.Item1), (items, item) => Added(items, item.Key, item.Value)));
    }

    /// <summary>The entries, once the map is known; none while it is unknown.</summary>
    public async IAsyncEnumerator<Input<KeyValuePair<string, TValue>>> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        foreach (var (key, value) in OrEmpty(await _items.GetValueAsync(whenUnknown: ImmutableDictionary<string, Input<TValue>>.Empty).ConfigureAwait(false)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return value.Apply(known => KeyValuePair.Create(key, known));
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => throw new NotSupportedException(
        $"An InputMap<{typeof(TValue).Name}> may hold values that are not known yet, so that foreach cannot walk it. Use \"await foreach\", or ToOutput().Apply(…).");

    internal override Output<ImmutableDictionary<string, TValue>> AsOutput() => _items.Apply(items => items is null
        ? Output.Create(default(ImmutableDictionary<string, TValue>)!)
        : Output.All(items.Select(item => (Input<KeyValuePair<string, TValue>>)item.Value.Apply(value => KeyValuePair.Create(item.Key, value))))
            .Apply(pairs => pairs.ToImmutableDictionary()));

    private protected override IOutput AsStructuredOutput() => _items;

    private static ImmutableDictionary<string, Input<TValue>> Added(ImmutableDictionary<string, Input<TValue>> items, string key, Input<TValue> value) =>
        !items.TryGetValue(key, out var present)
            ? items.Add(key, value)
            : items.SetItem(key, Output.Tuple(present, value).Apply(both => EqualityComparer<TValue>.Default.Equals(both.Item1, both.Item2)
                ? both.Item1
                : throw new ArgumentException($"The key \"{key}\" is in the map already, with another value.", nameof(key))));

    private static ImmutableDictionary<string, Input<TValue>> Inputs(IEnumerable<KeyValuePair<string, TValue>>? values) =>
        values?.ToImmutableDictionary(pair => pair.Key, pair => (Input<TValue>)pair.Value)!;

    private static ImmutableDictionary<string, Input<TValue>> OrEmpty(ImmutableDictionary<string, Input<TValue>>? items) =>
        items ?? ImmutableDictionary<string, Input<TValue>>.Empty;
}
