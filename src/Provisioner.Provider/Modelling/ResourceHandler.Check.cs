using System.Collections.Immutable;
using Provisioner.Provider.Errors;
using Pulumi.Wire;

namespace Provisioner.Provider.Modelling;

/// <summary>Check and Diff: nothing here touches a device.</summary>
internal abstract partial class ResourceHandler<TArgs, TState, TPlan>
{
    CheckResult IResourceHandler.Check(PropertyMap news, IOperationContext context) => Inputs.Check(news, Rules);

    DiffResult IResourceHandler.Diff(PropertyMap olds, PropertyMap oldInputs, PropertyMap news, IOperationContext context)
    {
        var desired = RecordDecoder.Decode<TArgs>(news);
        if (!desired.Failures.IsEmpty)
        {
            throw new InputInvalidException($"{Name} {context.Name} has inputs that do not fit", desired.Failures);
        }

        if (!desired.Unknown.IsEmpty)
        {
            return new DiffResult(Inputs.Changes(oldInputs, news), DeleteBeforeReplace: false);
        }

        // What is there was read with the inputs of last time, so that a plan may not see what a new input will come to: that an image
        // has another content, say. It is looked at again in the update; here the input itself is the difference.
        var state = Inputs.State<TState>(this, olds, context);
        var plan = Plan(desired.Value, state);
        if ((PlanDeleteUnseen(desired.Value) ?? PlanDelete(desired.Value, state)) is { Refusals: { IsEmpty: false } refusals })
        {
            context.Info($"a delete would be refused as things are:\n{string.Join('\n', refusals)}");
        }

        var programmed = Inputs.Programmed(ArgsType, oldInputs, news).Where(change => !plan.Changes.Any(planned => PropertyPath.Touch(planned.Path, change.Path)));
        return new DiffResult([.. plan.Changes, .. programmed, .. NotSeen(olds)], plan.DeleteBeforeReplace);
    }

    private static IEnumerable<PropertyChange> NotSeen(PropertyMap olds) =>
        olds.TryGetValue(Unreachable, out var why) && why.TryGetText(out var text) ? [new PropertyChange(Unreachable, ChangeKind.Delete, text)] : [];
}
