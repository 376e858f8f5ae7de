using System.Collections.Immutable;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Remote;
using Pulumi.Wire;

namespace Provisioner.Provider.Modelling;

/// <summary>Create, Update, Read and Delete.</summary>
internal abstract partial class ResourceHandler<TArgs, TState, TPlan>
{
    Task<ResourceResult> IResourceHandler.CreateAsync(PropertyMap inputs, IOperationContext context, CancellationToken cancellation) =>
        ConvergeAsync(string.Empty, null, PropertyMap.Empty, inputs, context, cancellation);

    Task<ResourceResult> IResourceHandler.UpdateAsync(string id, PropertyMap olds, PropertyMap oldInputs, PropertyMap news, IOperationContext context, CancellationToken cancellation) =>
        ConvergeAsync(id, olds, oldInputs, news, context, cancellation);

    async Task<ResourceResult?> IResourceHandler.ReadAsync(string id, PropertyMap? olds, PropertyMap? oldInputs, IOperationContext context, CancellationToken cancellation)
    {
        if (olds is null || oldInputs is null)
        {
            var imported = await ImportAsync(id, context, cancellation);
            return imported is null ? null : new ResourceResult(id, RecordEncoder.Encode(imported.Value.Actual))
            {
                Inputs = InputDefaults.Complete(typeof(TArgs), RecordEncoder.Encode(imported.Value.Desired)),
            };
        }

        var desired = Complete(oldInputs, context);
        var stored = RecordDecoder.Decode<TState>(olds, Reading.Stored);
        var known = stored.IsComplete ? stored.Value : null;
        try
        {
            using var alone = await AloneAsync(desired, context, cancellation);
            var actual = await ObserveAsync(desired, known, context, cancellation);
            return actual is null ? null : new ResourceResult(id, RecordEncoder.Encode(actual));
        }
        catch (ProviderException away) when (away is DeviceUnreachableException or DeviceUntrustedException)
        {
            // A device that is away is no reason to forget it, nor to fail a preview, and a Read cannot know what it is for.
            // The mark makes a difference: an update looks again, with more patience, and fails when there is still no answer.
            // One that proves to be another is read so too, because engines read with the inputs of last time: a pin that the
            // program has changed counts from the update on, which refuses as long as the key does not fit.
            context.Warn($"{away.What}: the last known facts are shown. {away.Why}".TrimEnd());
            return new ResourceResult(id, (known is null ? olds : RecordEncoder.Encode(known)).With(Unreachable, away.Why ?? away.What));
        }
    }

    async Task IResourceHandler.DeleteAsync(string id, PropertyMap olds, PropertyMap oldInputs, IOperationContext context, CancellationToken cancellation)
    {
        var desired = Complete(oldInputs, context);
        if (PlanDeleteUnseen(desired) is { } unseen)
        {
            Announce(unseen, context);
            RequireConsent(desired, unseen.Refusals);
            await RunStepsAsync(desired, unseen.Steps, context, cancellation);
            return;
        }

        var stored = RecordDecoder.Decode<TState>(olds, Reading.Stored);
        var known = stored.IsComplete ? stored.Value : null;
        using var alone = await AloneAsync(desired, context, cancellation);
        var actual = await ObserveAsync(desired, known, context, cancellation);
        if (actual is null)
        {
            return;
        }

        var plan = PlanDelete(desired, actual);
        Announce(plan, context);
        RequireConsent(desired, [.. plan.Refusals.Select(ThatDeletes)]);
        await RunStepsAsync(desired, plan.Steps, context, cancellation);
    }

    private async Task<ResourceResult> ConvergeAsync(
        string id, PropertyMap? olds, PropertyMap oldInputs, PropertyMap inputs, IOperationContext context, CancellationToken cancellation)
    {
        var decoded = RecordDecoder.Decode<TArgs>(inputs);
        if (decoded.Failures.IsEmpty && !decoded.Unknown.IsEmpty && context.IsPreview)
        {
            await ForetellAsync(decoded.Value, decoded.Unknown, context, cancellation);
            PreviewUnknown(decoded, context);
            return new ResourceResult(id, Blurred());
        }

        var desired = Complete(inputs, context);
        var stored = olds is null ? null : RecordDecoder.Decode<TState>(olds, Reading.Stored);
        var known = stored is { IsComplete: true } ? stored.Value : null;
        using var alone = context.IsPreview ? null : await AloneAsync(desired, context, cancellation);
        var actual = await LookAsync(desired, known, isTold: olds?.ContainsKey(Unreachable) ?? false, context, cancellation);
        var plan = Plan(desired, actual);
        Announce(plan, context);
        if (context.IsPreview)
        {
            var told = olds is null ? plan : plan with { Changes = Inputs.Reasons(plan.Changes, Inputs.Programmed(ArgsType, oldInputs, inputs), olds) };
            PlanText.Print(told, desired is IOnDevice ? DeviceOf(desired) : null, context);
            var expected = Expect(desired, actual);
            return new ResourceResult(
                expected.Unknown.IsDefaultOrEmpty ? IdOf(desired, expected.State) : id,
                RecordEncoder.Encode(expected.State, expected.Unknown));
        }

        RequireConsent(desired, plan.Refusals);

        try
        {
            var state = await ApplyAsync(desired, actual, plan, context, cancellation);
            return new ResourceResult(id.Length > 0 ? id : IdOf(desired, state), RecordEncoder.Encode(state));
        }
        catch (StepFailedException failure) when (failure.MayHaveChanged)
        {
            throw new PartialResultException(await WhatIsThereAsync(id, desired, actual, context, cancellation), failure);
        }
    }

    /// <summary>The plan of a preview in which not every input is known, where the handler can tell it all the same.</summary>
    private void PreviewUnknown(Decoded<TArgs> decoded, IOperationContext context)
    {
        if (Presume(decoded.Value, decoded.Unknown) is { } presumed)
        {
            var plan = Plan(presumed, null);
            Announce(plan, context);
            PlanText.Print(plan, presumed is IOnDevice ? DeviceOf(presumed) : null, context);
            return;
        }

        var names = decoded.Unknown.Select(RecordShape.Of(typeof(TArgs)).WireNameOf);
        context.Info($"what will run is known after {string.Join(", ", names)}");
    }

    /// <summary>Looks; in a preview a device that is away leaves the last known facts.</summary>
    /// <param name="isTold">A read has said so already.</param>
    private async Task<TState?> LookAsync(TArgs desired, TState? known, bool isTold, IOperationContext context, CancellationToken cancellation)
    {
        try
        {
            return await ObserveAsync(desired, known, context, cancellation);
        }
        catch (DeviceUnreachableException away) when (context.IsPreview)
        {
            Action<string> tell = isTold ? context.Debug : context.Warn;
            tell($"{away.What}: this is planned from {(known is null ? "nothing, as if nothing were there" : "the last known facts")}. {away.Why}".TrimEnd());
            return known;
        }
    }

    /// <summary>What a failed change left behind, as far as it can be seen; else what was expected of it.</summary>
    private async Task<ResourceResult> WhatIsThereAsync(string id, TArgs desired, TState? before, IOperationContext context, CancellationToken cancellation)
    {
        TState? state = null;
        try
        {
            state = await ObserveAsync(desired, before, context, cancellation);
        }
        catch (Exception unseen) when (unseen is ProviderException or OperationCanceledException)
        {
            context.Debug($"what the failed change left behind cannot be seen: {unseen.Message}");
        }

        state ??= before ?? Expect(desired, before).State;
        return new ResourceResult(id.Length > 0 ? id : IdOf(desired, state), RecordEncoder.Encode(state));
    }

    private async Task RunStepsAsync(TArgs desired, ImmutableArray<Step> steps, IOperationContext context, CancellationToken cancellation)
    {
        if (steps.IsEmpty)
        {
            return;
        }

        var remote = context.Remote(DeviceOf(desired) ?? throw new InvalidOperationException($"{Name} has steps but no device."));
        try
        {
            await StepRunner.RunAsync(remote, steps, context, cancellation);
        }
        catch (StepFailedException failure) when (Explain(failure) is { } own)
        {
            throw own;
        }
    }

    private async Task<IDisposable?> AloneAsync(TArgs desired, IOperationContext context, CancellationToken cancellation) =>
        ChangesAlone && DeviceOf(desired) is { } device ? await context.Remote(device).AloneAsync(cancellation) : null;

    private TArgs Complete(PropertyMap inputs, IOperationContext context) => Inputs.Require<TArgs>(this, inputs, context);

    /// <summary>
    /// Outputs while an input is not known: all of them unknown. One that has an input's name need not have its value,
    /// as a Device's address has not.
    /// </summary>
    private static PropertyMap Blurred() =>
        PropertyMap.Of(RecordShape.Of(typeof(TState)).Properties.Select(property => KeyValuePair.Create(
            property.WireName,
            property.IsSecret ? new PropertyValue.Secret(PropertyValue.UnknownValue) : PropertyValue.UnknownValue)));

    /// <summary>A deletion has the inputs of the last update, and so its consent: setting it alone would change nothing.</summary>
    private static Refusal ThatDeletes(Refusal refusal) => refusal.Token is null ? refusal : refusal with
    {
        Next = $"{refusal.Next}\nand run up while the program still has it; then delete it: a deletion goes by the consent that the last up was given",
    };

    private void RequireConsent(TArgs desired, ImmutableArray<Refusal> refusals)
    {
        if (!refusals.IsEmpty)
        {
            throw Refusal.Error(refusals, DeviceOf(desired) is { } device ? DeviceAddress.Parse(device).Display : null);
        }
    }

    private static void Announce(TPlan plan, IOperationContext context)
    {
        foreach (var warning in plan.Warnings)
        {
            context.Warn(warning);
        }
    }
}
