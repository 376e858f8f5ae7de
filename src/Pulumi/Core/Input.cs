namespace Pulumi;

/// <summary>What a resource is given: a plain value or an output. Both convert to it by themselves.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public class Input<T> : IInput
{
    private readonly Output<T>? _output;

    private protected Input(Output<T> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
    }

    /// <summary>For inputs with an inner structure, which override <see cref="AsOutput"/>.</summary>
    private protected Input()
    {
    }

    public static implicit operator Input<T>(T value) => new(Output.Create(value));

    public static implicit operator Input<T>(Output<T> value) => new(value);

    public static implicit operator Output<T>(Input<T> input) => input.ToOutput();

    IOutput IInput.ToOutput() => AsOutput();

    IOutput IInput.ToStructuredOutput() => AsStructuredOutput();

    internal virtual Output<T> AsOutput() => _output!;

    private protected virtual IOutput AsStructuredOutput() => AsOutput();
}
