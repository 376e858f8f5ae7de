using System.Collections.Immutable;
using Provisioner.Provider.Errors;
using Pulumi.Wire;

namespace Provisioner.Provider.Modelling;

/// <summary>
/// A resource. A handler says how to look (<see cref="ObserveAsync"/>), how to compare (<see cref="Plan"/>, pure), and what a
/// resource is called; this class does the rest: a preview prints the steps of the plan, an update runs them, looks again, and
/// reports a device that does not look as planned. Every Create looks first and so adopts what is there.
/// </summary>
/// <typeparam name="TArgs">What is wanted: a record with init properties.</typeparam>
/// <typeparam name="TState">What is there: the outputs, a record with init properties.</typeparam>
/// <typeparam name="TPlan">What to do about it.</typeparam>
internal abstract partial class ResourceHandler<TArgs, TState, TPlan> : IResourceHandler
    where TArgs : class
    where TState : class
    where TPlan : ResourcePlan
{
    /// <summary>An output that only a read of an absent device makes: why it is absent. The next read that sees it drops it.</summary>
    private const string Unreachable = "unreachable";

    /// <summary>The class name without "Handler".</summary>
    public virtual string Name => GetType().Name.Replace("Handler", string.Empty, StringComparison.Ordinal);

    public virtual string Description => RecordShape.Of(typeof(TArgs)).Description;

    /// <summary>True for what lives on a device: a plain preview then finds drift.</summary>
    public virtual bool RefreshBeforeUpdate => true;

    public Type ArgsType => typeof(TArgs);

    public Type StateType => typeof(TState);

    /// <summary>Checks that need no device, run whenever what they read is known.</summary>
    protected virtual ImmutableArray<Rule<TArgs>> Rules => [];

    /// <summary>
    /// Looks at what is there, and changes nothing. Null: nothing is there. Called before every plan and after every change.
    /// </summary>
    /// <param name="desired">What is wanted, or was when the resource was last updated.</param>
    /// <param name="known">The outputs in the state; null for a new resource.</param>
    /// <param name="context">The devices, and people's attention.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="DeviceUnreachableException">It cannot be seen: a preview and a read then fall back on <paramref name="known"/>.</exception>
    protected abstract Task<TState?> ObserveAsync(TArgs desired, TState? known, IOperationContext context, CancellationToken cancellation);

    /// <summary>Compares. Pure: no I/O, no clock, no randomness.</summary>
    /// <param name="desired">What is wanted.</param>
    /// <param name="actual">What is there; null for nothing.</param>
    /// <remarks>What would destroy without consent goes into <see cref="ResourcePlan.Refusals"/>.</remarks>
    protected internal abstract TPlan Plan(TArgs desired, TState? actual);

    /// <summary>
    /// Inputs that a preview can plan with although some are not known: for a resource that cannot be there as long as those are
    /// not, because what they come from is not there either. Null where no plan is possible. Pure.
    /// </summary>
    /// <param name="partial">The inputs; unknown members hold their default.</param>
    /// <param name="unknown">C# names of the unknown members, wholly or in part.</param>
    /// <returns>Inputs with words in place of what is not known; they are shown and never run.</returns>
    protected internal virtual TArgs? Presume(TArgs partial, ImmutableArray<string> unknown) => null;

    /// <summary>Says what a preview can say although some inputs are not known.</summary>
    /// <param name="partial">The inputs; unknown members hold their default, which may be null.</param>
    /// <param name="unknown">C# names of the unknown members, wholly or in part.</param>
    /// <param name="context">The devices, and people's attention.</param>
    /// <param name="cancellation">Ends the wait.</param>
    protected virtual Task ForetellAsync(TArgs partial, ImmutableArray<string> unknown, IOperationContext context, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>
    /// What deleting takes; no steps for what is left where it is. Pure. Its refusals are told by every plain preview already,
    /// because no engine asks a provider beforehand whether it will delete.
    /// </summary>
    protected internal abstract TPlan PlanDelete(TArgs desired, TState actual);

    /// <summary>The outputs that the plan will lead to, as far as they are known beforehand. Pure.</summary>
    protected internal abstract Expected<TState> Expect(TArgs desired, TState? actual);

    /// <summary>The resource's id: what stays the same for as long as it is the same thing.</summary>
    protected internal abstract string IdOf(TArgs desired, TState state);

    /// <summary>The device that the steps run on; null for none.</summary>
    protected virtual string? DeviceOf(TArgs desired) => (desired as IOnDevice)?.Device;

    /// <summary>
    /// Whether changes of such resources wait for each other on one device, from the look to the end: for those that arm a
    /// watchdog, of which a device has one, and which would take another's unfinished change for what is there.
    /// </summary>
    protected virtual bool ChangesAlone => false;

    /// <summary>What deleting takes where the device need not be asked, such as leaving everything as it is; null to look first. Pure.</summary>
    protected internal virtual TPlan? PlanDeleteUnseen(TArgs desired) => null;

    /// <summary>A failed step as an error of the resource's own; null to tell it as it is.</summary>
    protected virtual ProviderException? Explain(StepFailedException failure) => null;

    /// <summary>
    /// Makes it so: runs the plan's steps and looks again. Override it for what the provider makes itself, without a device.
    /// </summary>
    protected virtual async Task<TState> ApplyAsync(TArgs desired, TState? actual, TPlan plan, IOperationContext context, CancellationToken cancellation)
    {
        if (plan.Steps.IsEmpty && actual is not null)
        {
            return actual;
        }

        await RunStepsAsync(desired, plan.Steps, context, cancellation);
        try
        {
            return await ObserveAsync(desired, actual, context, cancellation)
                ?? throw new ScriptFailedException($"{Name} {context.Name} is not there after its steps ended well");
        }
        catch (ProviderException unseen)
        {
            throw new StepFailedException("Every step ended well, but what came of them cannot be seen", unseen)
            {
                Where = unseen.Where ?? DeviceOf(desired),
                Why = unseen.What + (unseen.Why is null ? string.Empty : $"\n{unseen.Why}"),
                Next = unseen.Next ?? "run the preview: it shows what is there now",
                MayHaveChanged = true,
            };
        }
    }

    /// <summary>What an id stands for, for <c>import</c>.</summary>
    /// <exception cref="InputInvalidException">It cannot be imported, or the id is of another form.</exception>
    protected virtual Task<(TArgs Desired, TState Actual)?> ImportAsync(string id, IOperationContext context, CancellationToken cancellation) =>
        throw new InputInvalidException($"{Name} cannot be imported")
        {
            Where = id,
            Next = "write it into the program and run up: a Create takes over what is already there",
        };
}
