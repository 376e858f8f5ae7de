using System.Collections.Immutable;
using Provisioner.Provider.Errors;
using Pulumi.Wire;

namespace Provisioner.Provider.Modelling;

/// <summary>Check and Diff: nothing here touches a device.</summary>
internal abstract partial class ResourceHandler<TArgs, TState, TPlan>
{
    CheckResult IResourceHandler.Check(PropertyMap news, IOperationContext context)
    {
        var decoded = RecordDecoder.Decode<TArgs>(news);
        var failures = decoded.Failures.IsEmpty ? RuleCheck.Broken(Rules, decoded) : decoded.Failures;
        return new CheckResult(InputDefaults.Complete(typeof(TArgs), news), failures);
    }

    DiffResult IResourceHandler.Diff(PropertyMap olds, PropertyMap oldInputs, PropertyMap news, IOperationContext context)
    {
        var desired = RecordDecoder.Decode<TArgs>(news);
        if (!desired.Failures.IsEmpty)
        {
            throw new InputInvalidException($"{Name} {context.Name} has inputs that do not fit", desired.Failures);
        }

        if (!desired.Unknown.IsEmpty)
        {
            return new DiffResult(RawChanges(oldInputs, news), DeleteBeforeReplace: false);
        }

        var state = State(olds, context);
        var plan = Plan(desired.Value, state);
        if ((PlanDeleteUnseen(desired.Value) ?? PlanDelete(desired.Value, state)) is { Refusals: { IsEmpty: false } refusals })
        {
            context.Info($"a delete would be refused as things are:\n{string.Join('\n', refusals)}");
        }

        return new DiffResult([.. plan.Changes, .. NotSeen(olds)], plan.DeleteBeforeReplace);
    }

    private static IEnumerable<PropertyChange> NotSeen(PropertyMap olds) =>
        olds.TryGetValue(Unreachable, out var why) && why.TryGetText(out var text) ? [new PropertyChange(Unreachable, ChangeKind.Delete, text)] : [];

    /// <summary>The state, which must be one of ours.</summary>
    private TState State(PropertyMap olds, IOperationContext context)
    {
        var state = RecordDecoder.Decode<TState>(olds, Reading.Stored);
        return state.IsComplete
            ? state.Value
            : throw new StateUnreadableException($"The state of {Name} {context.Name} cannot be read")
            {
                Why = string.Join('\n', state.Failures.Select(failure => failure.ToString()).Concat(state.Unknown.Select(name => $"{name} is not known"))),
                Next = "refresh it: ./provision refresh, or pulumi refresh",
            };
    }

    /// <summary>The differences between inputs, for when a plan is not possible yet.</summary>
    private static ImmutableArray<PropertyChange> RawChanges(PropertyMap olds, PropertyMap news) =>
        [.. olds.Keys.Union(news.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(name => (Name: name, Old: Given(olds, name), New: Given(news, name)))
            .Where(pair => !Equals(pair.Old, pair.New))
            .Select(pair => new PropertyChange(pair.Name, pair.Old is null ? ChangeKind.Add : pair.New is null ? ChangeKind.Delete : ChangeKind.Update))];

    private static PropertyValue? Given(PropertyMap map, string name) =>
        map.TryGetValue(name, out var value) && value.Unwrap() is var plain and not PropertyValue.Null ? plain : null;
}
