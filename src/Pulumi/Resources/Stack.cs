using Pulumi.Runtime;
using Pulumi.Serialization;

namespace Pulumi;

/// <summary>The root of all resources. A program's own stack class makes its resources in its constructor and gives out its [Output] properties.</summary>
public class Stack : ComponentResource
{
    internal const string TypeToken = "pulumi:pulumi:Stack";

    /// <exception cref="InvalidOperationException">No deployment is running, or it has a stack already.</exception>
    /// <param name="options">How the stack is treated.</param>
    public Stack(StackOptions? options = null)
        : base(
            TypeToken,
            $"{ProgramRun.Required.Settings.Project}-{ProgramRun.Required.Settings.Stack}",
            new ComponentResourceOptions { ResourceTransformations = [.. options?.ResourceTransformations ?? []] }) =>
        ProgramRun.Required.Stack = this;

    /// <summary>A stack whose resources and outputs are made by a function.</summary>
    internal Stack(Func<Task<IDictionary<string, object?>>> make, StackOptions? options = null)
        : this(options) =>
        RegisterOutputs(Output.Create(MakeAsync(make)));

    /// <summary>Gives out the [Output] properties that a class derived from this one has.</summary>
    /// <exception cref="RunException">One of them is not set.</exception>
    internal void RegisterPropertyOutputs()
    {
        var outputs = OutputProperties.Of(this);
        var unset = outputs.Where(output => output.Value is null).Select(output => $"\"{output.Key}\"").ToArray();
        if (unset.Length > 0)
        {
            throw new RunException(
                $"The stack's outputs {string.Join(", ", unset)} have no value. Set every [Output] property of {GetType().Name} in its constructor.");
        }

        var wrong = outputs.Where(output => output.Value is not IOutput).Select(output => $"\"{output.Key}\"").ToArray();
        if (wrong.Length > 0)
        {
            throw new RunException(
                $"The stack's outputs {string.Join(", ", wrong)} are not of a type Output<T>. Make them so, for instance with Output.Create(value).");
        }

        RegisterOutputs(outputs);
    }

    /// <summary>Async even up to the first await, so that what the function throws becomes the outputs' failure.</summary>
    private static async Task<IDictionary<string, object?>> MakeAsync(Func<Task<IDictionary<string, object?>>> make) =>
        await make().ConfigureAwait(false) ?? new Dictionary<string, object?>();
}
