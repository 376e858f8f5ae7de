using System.Collections.Immutable;
using Pulumi.Runtime;

namespace Pulumi;

/// <summary>
/// A value that may come later, or not at all in a preview, together with whether it is secret and which resources
/// it comes from. All three pass on to whatever is made of it.
/// </summary>
/// <typeparam name="T">The value's type.</typeparam>
public sealed class Output<T> : IOutput
{
    internal Output(Task<OutputData<T>> data)
    {
        Data = data;
        ProgramRun.Current?.Work.Track(data);
    }

    internal Task<OutputData<T>> Data { get; }

    /// <summary>An output of a value that is still being made.</summary>
    public static Output<T> Create(Task<T> value) => Create(value, isSecret: false);

    internal static Output<T> Create(Task<T> value, bool isSecret)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.IsCompletedSuccessfully
            ? new Output<T>(Task.FromResult(new OutputData<T>(value.Result, isKnown: true, isSecret, [])))
            : new Output<T>(WaitAsync());

        async Task<OutputData<T>> WaitAsync() => new(await value.ConfigureAwait(false), isKnown: true, isSecret, []);
    }

    internal static Output<T> Unknown() => new(Task.FromResult(OutputData<T>.Unknown(isSecret: false, [])));

    /// <summary>Runs an action on the value once it is known. It is not run while the value is unknown, as in previews.</summary>
    public Output<ValueTuple> Apply(Func<T, Task> func) => Apply(async value =>
    {
        await func(value).ConfigureAwait(false);
        return default(ValueTuple);
    });

    /// <summary>An output of what <paramref name="func"/> makes of the value. It is not run while the value is unknown, as in previews.</summary>
    public Output<TResult> Apply<TResult>(Func<T, TResult> func) => ApplyCore(value => Output.Create(func(value)));

    /// <inheritdoc cref="Apply{TResult}(Func{T, TResult})"/>
    public Output<TResult> Apply<TResult>(Func<T, Task<TResult>> func) => ApplyCore(value => Output.Create(func(value)));

    /// <inheritdoc cref="Apply{TResult}(Func{T, TResult})"/>
    public Output<TResult> Apply<TResult>(Func<T, Input<TResult>?> func) => ApplyCore(value => func(value).ToOutput());

    /// <inheritdoc cref="Apply{TResult}(Func{T, TResult})"/>
    public Output<TResult> Apply<TResult>(Func<T, Output<TResult>?> func) => ApplyCore(func);

    /// <summary>
    /// Never the value, which may be a secret or not known yet: an advice how to use it, which is also logged as a warning.
    /// With PULUMI_ERROR_OUTPUT_STRING=1 it throws instead.
    /// </summary>
    public override string ToString() => OutputText.Refuse();

    async Task<OutputData<object?>> IOutput.GetDataAsync()
    {
        var data = await Data.ConfigureAwait(false);
        return new OutputData<object?>(data.Value, data.IsKnown, data.IsSecret, data.Resources);
    }

    internal async Task<T> GetValueAsync(T whenUnknown)
    {
        var data = await Data.ConfigureAwait(false);
        return data.IsKnown ? data.Value : whenUnknown;
    }

    internal Output<T> WithSecrecy(bool isSecret)
    {
        return new Output<T>(MarkAsync());

        async Task<OutputData<T>> MarkAsync()
        {
            var data = await Data.ConfigureAwait(false);
            return new OutputData<T>(data.Value, data.IsKnown, isSecret, data.Resources);
        }
    }

    internal Output<T> WithDependency(Resource resource)
    {
        return new Output<T>(MarkAsync());

        async Task<OutputData<T>> MarkAsync()
        {
            var data = await Data.ConfigureAwait(false);
            return new OutputData<T>(data.Value, data.IsKnown, data.IsSecret, data.Resources.Add(resource));
        }
    }

    private Output<TResult> ApplyCore<TResult>(Func<T, Output<TResult>?> func)
    {
        ArgumentNullException.ThrowIfNull(func);
        return new Output<TResult>(RunAsync());

        async Task<OutputData<TResult>> RunAsync()
        {
            var data = await Data.ConfigureAwait(false);
            if (!data.IsKnown)
            {
                return OutputData<TResult>.Unknown(data.IsSecret, data.Resources);
            }

            Blame.Enter(data.Resources, data.IsSecret);
            try
            {
                var inner = func(data.Value) is { } output ? await output.Data.ConfigureAwait(false) : OutputData<TResult>.Plain(default!);
                return new OutputData<TResult>(
                    inner.Value, inner.IsKnown, data.IsSecret || inner.IsSecret, data.Resources.Union(inner.Resources));
            }
            catch (Exception exception) when (Blame.Note(exception, data.Resources, data.IsSecret))
            {
                throw; // The filter only takes notes; it never catches.
            }
        }
    }
}
