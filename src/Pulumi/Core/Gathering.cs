using System.Collections.Immutable;

namespace Pulumi;

/// <summary>Takes several outputs for one result, which is known when all are, secret when one is, and depends on all.</summary>
internal sealed class Gathering
{
    private ImmutableHashSet<Resource> _resources = [];
    private bool _isKnown = true;
    private bool _isSecret;

    private Gathering()
    {
    }

    public static Output<TResult> Into<TResult>(Func<Gathering, Task<TResult>> collect)
    {
        return new Output<TResult>(CollectAsync());

        async Task<OutputData<TResult>> CollectAsync()
        {
            var gathering = new Gathering();
            var result = await collect(gathering).ConfigureAwait(false);
            return gathering._isKnown
                ? new OutputData<TResult>(result, isKnown: true, gathering._isSecret, gathering._resources)
                : OutputData<TResult>.Unknown(gathering._isSecret, gathering._resources);
        }
    }

    /// <summary>The value of an input, or the type's default while it is unknown; an absent input is its type's default.</summary>
    public async Task<T> Take<T>(Input<T>? input)
    {
        var data = await input.ToOutput().Data.ConfigureAwait(false);
        Note(data.IsKnown, data.IsSecret, data.Resources);
        return data.Value;
    }

    public async Task<object?> Take(IOutput output)
    {
        var data = await output.GetDataAsync().ConfigureAwait(false);
        Note(data.IsKnown, data.IsSecret, data.Resources);
        return data.Value;
    }

    private void Note(bool isKnown, bool isSecret, ImmutableHashSet<Resource> resources)
    {
        _isKnown &= isKnown;
        _isSecret |= isSecret;
        _resources = _resources.Union(resources);
    }
}
