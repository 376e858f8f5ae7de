using System.Collections.Immutable;

namespace Pulumi;

/// <summary>Another stack, to take its outputs from. It is read, never changed.</summary>
public class StackReference : CustomResource
{
    /// <summary>Refers to a stack.</summary>
    /// <param name="name">The name of the reference in this program; also of the stack, unless the arguments name it.</param>
    /// <param name="args">Names the stack, as <c>organization/PROJECT/STACK</c>.</param>
    public StackReference(string name, StackReferenceArgs? args = null, CustomResourceOptions? options = null)
        : base(
            "pulumi:pulumi:StackReference",
            name,
            new StackReferenceArgs { Name = args?.Name ?? name },
            CustomResourceOptions.Merge(options, new CustomResourceOptions { Id = args?.Name ?? name }))
    {
    }

    /// <summary>The stack's name.</summary>
    [Output("name")]
    public Output<string> Name { get; private set; } = null!;

    /// <summary>All of the stack's outputs.</summary>
    [Output("outputs")]
    public Output<ImmutableDictionary<string, object>> Outputs { get; private set; } = null!;

    /// <summary>The names of the outputs that are secrets, or have some inside.</summary>
    [Output("secretOutputNames")]
    public Output<ImmutableArray<string>> SecretOutputNames { get; private set; } = null!;

    /// <summary>One of the stack's outputs, or null where it has none of that name. A secret when the other stack's was.</summary>
    public Output<object?> GetOutput(Input<string> name) => Pick(name, static (outputs, key) => outputs.GetValueOrDefault(key));

    /// <summary>One of the stack's outputs.</summary>
    /// <exception cref="KeyNotFoundException">When it is awaited: the stack has none of that name.</exception>
    public Output<object> RequireOutput(Input<string> name) => Pick(name, static (outputs, key) =>
        outputs.TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"The stack has no output \"{key}\"; it has {(outputs.IsEmpty ? "none" : string.Join(", ", outputs.Keys.Order(StringComparer.Ordinal)))}."));

    /// <summary>One of the stack's outputs at once, as a secret or as a plain value; neither where the stack has none of that name.</summary>
    public async Task<StackReferenceOutputDetails> GetOutputDetailsAsync(string name)
    {
        var data = await GetOutput(name).Data.ConfigureAwait(false);
        return data.IsSecret ? new StackReferenceOutputDetails { SecretValue = data.Value } : new StackReferenceOutputDetails { Value = data.Value };
    }

    /// <summary>One of the stack's outputs at once, or null where it has none of that name.</summary>
    /// <exception cref="InvalidOperationException">It is a secret, which must stay an output.</exception>
    public Task<object?> GetValueAsync(Input<string> name) => PlainAsync(GetOutput(name), nameof(GetOutput));

    /// <summary>One of the stack's outputs at once.</summary>
    /// <exception cref="KeyNotFoundException">The stack has none of that name.</exception>
    /// <exception cref="InvalidOperationException">It is a secret, which must stay an output.</exception>
    public Task<object> RequireValueAsync(Input<string> name) => PlainAsync(RequireOutput(name), nameof(RequireOutput));

    private static async Task<T> PlainAsync<T>(Output<T> output, string instead)
    {
        var data = await output.Data.ConfigureAwait(false);
        return data.IsSecret ? throw new InvalidOperationException($"The other stack's output is a secret. Use {instead}, which keeps it one.") : data.Value;
    }

    // All outputs together are a secret as soon as one of them is; which it is stands beside them.
    private Output<T> Pick<T>(Input<string> name, Func<ImmutableDictionary<string, object>, string, T> pick) =>
        Output.Tuple(name.ToOutput(), Output.Unsecret(Outputs), SecretOutputNames).Apply(all =>
        {
            var value = pick(all.Item2, all.Item1);
            return all.Item3.Contains(all.Item1) ? Output.CreateSecret(value) : Output.Create(value);
        });
}

/// <summary>Which stack to refer to.</summary>
public sealed class StackReferenceArgs : ResourceArgs
{
    /// <summary><c>organization/PROJECT/STACK</c>, or <c>STACK</c> for one of the same project.</summary>
    [Input("name", required: true)]
    public Input<string>? Name { get; set; }
}

/// <summary>An output of another stack: at most one of the two is set.</summary>
public sealed class StackReferenceOutputDetails
{
    /// <summary>The value, if it is no secret.</summary>
    public object? Value { get; set; }

    /// <summary>The value, if it is a secret.</summary>
    public object? SecretValue { get; set; }
}
