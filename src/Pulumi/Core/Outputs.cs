using System.Collections.Immutable;
using System.Globalization;

namespace Pulumi;

/// <summary>Makes and combines outputs.</summary>
public static partial class Output
{
    /// <summary>An output of a value that is there already.</summary>
    public static Output<T> Create<T>(T value) => new(Task.FromResult(OutputData<T>.Plain(value)));

    /// <summary>An output of a value that is still being made.</summary>
    public static Output<T> Create<T>(Task<T> value) => Output<T>.Create(value);

    /// <summary>A secret output: encrypted in state, never shown, and so is whatever is made of it.</summary>
    public static Output<T> CreateSecret<T>(T value) => Output<T>.Create(Task.FromResult(value), isSecret: true);

    /// <inheritdoc cref="CreateSecret{T}(T)"/>
    public static Output<T> CreateSecret<T>(Task<T> value) => Output<T>.Create(value, isSecret: true);

    /// <summary>The same output as a secret.</summary>
    public static Output<T> CreateSecret<T>(Output<T> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.WithSecrecy(isSecret: true);
    }

    /// <summary>The same output, no longer a secret. Whoever calls this vouches that showing the value does no harm.</summary>
    public static Output<T> Unsecret<T>(Output<T> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        return output.WithSecrecy(isSecret: false);
    }

    /// <summary>Whether an output is secret, once that is settled.</summary>
    public static async Task<bool> IsSecretAsync<T>(Output<T> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        return (await output.Data.ConfigureAwait(false)).IsSecret;
    }

    /// <summary>One output of all the values, in order: known when all are, secret when one is.</summary>
    public static Output<ImmutableArray<T>> All<T>(params Input<T>[] inputs) => All(inputs.AsEnumerable());

    /// <inheritdoc cref="All{T}(Input{T}[])"/>
    public static Output<ImmutableArray<T>> All<T>(IEnumerable<Input<T>> inputs)
    {
        var items = inputs.ToArray();
        return Gathering.Into(async gathering =>
        {
            var values = ImmutableArray.CreateBuilder<T>(items.Length);
            foreach (var item in items)
            {
                values.Add(await gathering.Take(item).ConfigureAwait(false));
            }

            return values.MoveToImmutable();
        });
    }

    /// <inheritdoc cref="All{T}(Input{T}[])"/>
    public static Output<ImmutableArray<T>> All<T>(params Output<T>[] outputs) => All(outputs.AsEnumerable());

    /// <inheritdoc cref="All{T}(Input{T}[])"/>
    public static Output<ImmutableArray<T>> All<T>(IEnumerable<Output<T>> outputs) => All(outputs.Select(output => (Input<T>)output));

    /// <summary>
    /// An interpolated text whose holes may hold outputs and inputs: <c>Output.Format($"http://{host}:{port}")</c>.
    /// Plain holes are formatted with the invariant culture.
    /// </summary>
    public static Output<string> Format(FormattableString formattableString)
    {
        ArgumentNullException.ThrowIfNull(formattableString);
        return Gathering.Into(async gathering =>
        {
            var arguments = formattableString.GetArguments();
            var values = new object?[arguments.Length];
            for (var index = 0; index < arguments.Length; index++)
            {
                values[index] = arguments[index] switch
                {
                    IOutput output => await gathering.Take(output).ConfigureAwait(false),
                    IInput input => await gathering.Take(input.ToOutput()).ConfigureAwait(false),
                    var plain => plain,
                };
            }

            return string.Format(CultureInfo.InvariantCulture, formattableString.Format, values);
        });
    }
}
