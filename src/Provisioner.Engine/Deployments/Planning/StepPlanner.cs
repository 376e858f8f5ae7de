using System.Collections.Immutable;
using Provisioner.Engine.Deployments.Events;
using Provisioner.Engine.Deployments.Execution;
using Provisioner.Engine.Deployments.Properties;
using Provisioner.Engine.Deployments.Providers;
using Provisioner.Engine.Deployments.Registration;
using Provisioner.Engine.Deployments.Snapshots;
using Provisioner.Engine.Deployments.Steps;
using Provisioner.Engine.Deployments.Urns;
using Provisioner.Engine.State;
using Pulumi.Wire;

namespace Provisioner.Engine.Deployments.Planning;

/// <summary>Decides what is to be done for a registration. Changes nothing.</summary>
internal sealed class StepPlanner(RunContext run, RegisteredResources registered, ProviderChanges providerChanges, DependentReplacements dependents)
{
    private readonly TargetSelector _replace = new(run.Request.Options.Replace);

    /// <returns>Steps to be run one after the other; the last one that leaves an entry is the resource.</returns>
    /// <exception cref="GoalException">What the program asks for is refused.</exception>
    /// <exception cref="ProviderException">The provider does.</exception>
    public async Task<ImmutableArray<Step>> PlanAsync(PlanRequest request, CancellationToken cancellationToken)
    {
        var (goal, old) = (request.Goal, request.Old?.State);
        var isFresh = old is null || old.External || old.Taint || old.PendingReplacement;
        var wanted = old is null ? goal.Inputs : IgnoredChanges.Apply(goal.Inputs, old.Inputs, goal.IgnoreChanges);
        var inputs = await CheckAsync(request, isFresh ? PropertyMap.Empty : old!.Inputs, wanted, cancellationToken);

        if (old is null || old.External)
        {
            return [Create(request, StepOperation.Create, inputs, null, keepOld: false)];
        }

        if (old.PendingReplacement)
        {
            // It was deleted to be replaced, in this run or in one that did not get further.
            return [Replace(request, inputs, ResourceDiff.None), Create(request, StepOperation.CreateReplacement, inputs, null, keepOld: false)];
        }

        var diff = await DiffAsync(request, old, inputs, cancellationToken);
        if (diff.Replaces)
        {
            return await ReplaceAsync(request, old, wanted, diff, cancellationToken);
        }

        if (!diff.HasChanges && old.InitErrors.IsEmpty)
        {
            return [SameStep.Of(request.Old!, request.Next(inputs), Urn.IsProviderType(goal.Type) ? request.Provider : null)];
        }

        var next = request.Next(inputs);
        return [new UpdateStep(request.Old!, next, request.Provider) { Plan = Metadata(StepOperation.Update, old, next, diff) }];
    }

    private static async Task<PropertyMap> CheckAsync(PlanRequest request, PropertyMap olds, PropertyMap news, CancellationToken cancellationToken) =>
        request.Provider is null ? news : await request.Provider.CheckAsync(request.Urn, olds, news, cancellationToken);

    private async Task<ResourceDiff> DiffAsync(PlanRequest request, ResourceState old, PropertyMap inputs, CancellationToken cancellationToken)
    {
        if (old.Taint || _replace.Names(request.Urn))
        {
            return Forced("id");
        }

        if (old.Custom != request.Goal.Custom)
        {
            return Forced("custom");
        }

        if (request.Goal.ReplaceWith.Any(urn => registered.Find(urn) is { IsReplaced: true }))
        {
            return Forced("replaceWith");
        }

        if (await providerChanges.ForceReplacementAsync(old, request.ProviderReference, cancellationToken))
        {
            return Forced("provider");
        }

        var diff = request.Provider is null
            ? DiffAnswer.ByInputs(old.Inputs, inputs)
            : await request.Provider.DiffAsync(old, inputs, request.Goal.IgnoreChanges, cancellationToken);
        return ReplaceOnChanges.Apply(diff, request.Goal.ReplaceOnChanges);
    }

    private async Task<ImmutableArray<Step>> ReplaceAsync(PlanRequest request, ResourceState old, PropertyMap wanted, ResourceDiff diff, CancellationToken cancellationToken)
    {
        if (old.Protect && (request.Goal.Protect ?? false))
        {
            throw new GoalException(
                $"It is protected and would have to be replaced{(diff.ReplaceKeys.IsEmpty ? string.Empty : $" because of {string.Join(", ", diff.ReplaceKeys)}")}. Undo that change, or take the option \"protect\" from it first.");
        }

        if (request.Goal.ImportId.Length > 0)
        {
            throw new GoalException(
                $"It was imported as \"{request.Goal.ImportId}\" and would have to be replaced because of {string.Join(", ", diff.ReplaceKeys)}. Make its inputs fit what exists, or take the option \"import\" from it first.");
        }

        // A replacement has no past: the provider must not carry anything over from the old inputs, such as a generated name.
        var inputs = await CheckAsync(request, PropertyMap.Empty, wanted, cancellationToken);
        if (!(request.Goal.DeleteBeforeReplace ?? diff.DeleteBeforeReplace) || old.Delete)
        {
            return [Create(request, StepOperation.CreateReplacement, inputs, diff, keepOld: true), Replace(request, inputs, diff)];
        }

        var steps = ImmutableArray.CreateBuilder<Step>();
        foreach (var dependent in (await dependents.FindAsync(request.Old!, cancellationToken)).Reverse())
        {
            steps.Add(dependents.Delete(dependent));
        }

        steps.Add(dependents.Delete(request.Old!));
        steps.Add(Replace(request, inputs, diff));
        steps.Add(Create(request, StepOperation.CreateReplacement, inputs, diff, keepOld: false));
        return steps.ToImmutable();
    }

    private static CreateStep Create(PlanRequest request, StepOperation operation, PropertyMap inputs, ResourceDiff? diff, bool keepOld)
    {
        // What is made anew is not what was imported.
        var next = request.Next(inputs) with { ImportId = string.Empty };
        return new CreateStep(next, request.Provider, request.Old, keepOld)
        {
            Plan = Metadata(operation, operation == StepOperation.Create ? null : request.Old?.State, next, diff ?? ResourceDiff.None),
        };
    }

    private static ReplaceStep Replace(PlanRequest request, PropertyMap inputs, ResourceDiff diff) =>
        new() { Plan = Metadata(StepOperation.Replace, request.Old!.State, request.Next(inputs), diff) };

    private static StepMetadata Metadata(StepOperation operation, ResourceState? old, ResourceState next, ResourceDiff diff) => new()
    {
        Operation = operation,
        Urn = next.Urn,
        Type = next.Type,
        Old = old,
        New = next,
        DetailedDiff = diff.Detailed,
        Diffs = diff.ChangedKeys,
        ReplaceKeys = diff.ReplaceKeys,
    };

    private static ResourceDiff Forced(string key) => new() { HasChanges = true, ReplaceKeys = [key] };
}
