namespace Pulumi.Serialization;

/// <summary>One output of a resource, until the engine's answer settles it.</summary>
internal abstract class OutputSource
{
    public abstract Type ValueType { get; }

    /// <summary>The Output&lt;T&gt;.</summary>
    public abstract object Output { get; }

    public abstract void Settle(OutputData<object?> data);

    public abstract void Fail(Exception exception);
}

/// <inheritdoc/>
internal sealed class OutputSource<T> : OutputSource
{
    // What waits for an output is the program's code; it must not run inside the loop that settles a resource's outputs.
    private readonly TaskCompletionSource<OutputData<T>> _data = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Resource _resource;

    public OutputSource(Resource resource)
    {
        _resource = resource;
        Output = new Output<T>(_data.Task);
    }

    public override Type ValueType => typeof(T);

    public override object Output { get; }

    public override void Settle(OutputData<object?> data) => _data.TrySetResult(new OutputData<T>(
        data.Value is T value ? value : default!, data.IsKnown, data.IsSecret, data.Resources.Add(_resource)));

    public override void Fail(Exception exception) => _data.TrySetException(exception);
}
