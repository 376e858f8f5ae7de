using Provisioner.Engine.Deployments.Events;
using Provisioner.Engine.Deployments.Properties;
using Provisioner.Engine.State;
using Pulumi.Wire;
using Pulumi.Wire.Redaction;

namespace Provisioner.Engine.Deployments.Execution;

/// <summary>
/// The secrets that a run knows: those of the configuration and of the state from the start, those of registrations and answers from when
/// they pass. None of them is told in clear.
/// <para>
/// SDKs give a program the text of a secret where it asks for the plain value, and from there the mark is lost. So what comes from the
/// configuration, and what a function made of a secret, stays a secret wherever the program puts it: found by its text, in any form.
/// </para>
/// </summary>
internal sealed class RunSecrets
{
    // A shorter text stands in others by chance.
    private readonly Redactor _carried = new(shortest: 6);

    public RunSecrets(DeploymentRequest request)
    {
        foreach (var secret in request.Config.Values.Where(value => value.IsSecret).Select(value => value.Text).Concat(request.Secrets))
        {
            Told.Learn(secret);
            _carried.Learn(secret);
        }

        foreach (var state in request.Snapshot.Resources)
        {
            Learn(state);
        }
    }

    /// <summary>Takes every secret out of what is told.</summary>
    public Redactor Told { get; } = new();

    /// <summary>What a program sent, with its secrets known and marked.</summary>
    public PropertyMap Received(PropertyMap properties)
    {
        var marked = _carried.Seal(properties);
        Told.Learn(marked);
        return marked;
    }

    /// <summary>A resource as a step left it, with its secrets known and marked.</summary>
    public ResourceState Received(ResourceState state)
    {
        var marked = state with { Inputs = _carried.Seal(state.Inputs), Outputs = _carried.Seal(state.Outputs) };
        marked = marked.Custom ? SecretMarks.Apply(marked) : marked;
        Learn(marked);
        return marked.WithRedactedErrors(Told);
    }

    /// <summary>The answer of a function: with a secret among its arguments it is one, all of it.</summary>
    /// <param name="arguments">As <see cref="Received(PropertyMap)"/> gave them.</param>
    public PropertyMap Answered(PropertyMap answer, PropertyMap arguments)
    {
        var marked = SecretAnswers.Mark(answer, arguments);
        if (!ReferenceEquals(marked, answer))
        {
            _carried.Learn(marked);
        }

        return Received(marked);
    }

    private void Learn(ResourceState state)
    {
        Told.Learn(state.Inputs);
        Told.Learn(state.Outputs);
    }
}
