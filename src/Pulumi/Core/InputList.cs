using System.Collections;
using System.Collections.Immutable;

namespace Pulumi;

/// <summary>A list for a resource, of plain values, of outputs, or one output of a whole list.</summary>
/// <typeparam name="T">The elements' type.</typeparam>
public sealed class InputList<T> : Input<ImmutableArray<T>>, IEnumerable, IAsyncEnumerable<Input<T>>
{
    private Output<ImmutableArray<Input<T>>> _items;

    /// <summary>An empty list.</summary>
    public InputList()
        : this(ImmutableArray<Input<T>>.Empty)
    {
    }

    private InputList(ImmutableArray<Input<T>> items)
        : this(Output.Create(items))
    {
    }

    private InputList(Output<ImmutableArray<Input<T>>> items) => _items = items;

    public static implicit operator InputList<T>(T value) => new([value]);

    public static implicit operator InputList<T>(Output<T> value) => new([value]);

    public static implicit operator InputList<T>(Input<T> value) => new([value]);

    public static implicit operator InputList<T>(T[] values) => Of(values, value => value);

    public static implicit operator InputList<T>(Output<T>[] values) => Of(values, value => value);

    public static implicit operator InputList<T>(Input<T>[] values) => Of(values, value => value);

    public static implicit operator InputList<T>(List<T> values) => Of(values, value => value);

    public static implicit operator InputList<T>(List<Output<T>> values) => Of(values, value => value);

    public static implicit operator InputList<T>(List<Input<T>> values) => Of(values, value => value);

    public static implicit operator InputList<T>(ImmutableArray<T> values) => values.IsDefault ? null! : Of(values, value => value);

    public static implicit operator InputList<T>(ImmutableArray<Output<T>> values) => values.IsDefault ? null! : Of(values, value => value);

    public static implicit operator InputList<T>(ImmutableArray<Input<T>> values) => new(values);

    public static implicit operator InputList<T>(Output<T[]> values) => new(values.Apply(Inputs));

    public static implicit operator InputList<T>(Output<List<T>> values) => new(values.Apply(Inputs));

    public static implicit operator InputList<T>(Output<IEnumerable<T>> values) => new(values.Apply(Inputs));

    public static implicit operator InputList<T>(Output<ImmutableArray<T>> values) =>
        new(values.Apply(items => items.IsDefault ? default : Inputs(items)));

    /// <summary>Adds elements at the end.</summary>
    public void Add(params Input<T>[] inputs) => AddRange(inputs);

    /// <summary>Adds another list's elements at the end.</summary>
    public void Add(InputList<T> inputs) => AddRange(inputs);

    /// <summary>Adds another list's elements at the end.</summary>
    public void AddRange(InputList<T> inputs) => _items = Concat(inputs)._items;

    /// <summary>A new list of this one's elements and then the other's.</summary>
    public InputList<T> Concat(InputList<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new InputList<T>(Output.Tuple(_items, other._items).Apply(both => OrEmpty(both.Item1).AddRange(OrEmpty(both.Item2))));
    }

    /// <summary>The elements, once the list is known; none while it is unknown.</summary>
    public async IAsyncEnumerator<Input<T>> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        foreach (var item in OrEmpty(await _items.GetValueAsync(whenUnknown: []).ConfigureAwait(false)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return item;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => throw new NotSupportedException(
        $"An InputList<{typeof(T).Name}> may hold elements that are not known yet, so that foreach cannot walk it. Use \"await foreach\", or ToOutput().Apply(…).");

    internal InputList<T> Clone() => new(_items);

    internal override Output<ImmutableArray<T>> AsOutput() =>
        _items.Apply(items => items.IsDefault ? Output.Create(default(ImmutableArray<T>)) : Output.All(items));

    private protected override IOutput AsStructuredOutput() => _items;

    private static InputList<T> Of<TItem>(IEnumerable<TItem> values, Func<TItem, Input<T>> convert) => new(values.Select(convert).ToImmutableArray());

    private static ImmutableArray<Input<T>> Inputs(IEnumerable<T> values) => [.. values.Select(value => (Input<T>)value)];

    private static ImmutableArray<Input<T>> OrEmpty(ImmutableArray<Input<T>> items) => items.IsDefault ? [] : items;
}
