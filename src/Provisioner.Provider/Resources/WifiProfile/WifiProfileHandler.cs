using System.Collections.Immutable;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Resources.WifiProfile;

/// <summary>A network that the device joins by itself.</summary>
/// <param name="inspection">One reading of a device, shared by all.</param>
internal sealed class WifiProfileHandler(SharedInspection<DeviceFacts> inspection) : ResourceHandler<WifiProfileArgs, WifiProfileState, WifiProfilePlan>
{
    protected override ImmutableArray<Rule<WifiProfileArgs>> Rules => WifiProfileRules.All;

    protected override bool ChangesAlone => true;

    protected override async Task<WifiProfileState?> ObserveAsync(
        WifiProfileArgs desired, WifiProfileState? known, IOperationContext context, CancellationToken cancellation)
    {
        if (desired.KeyOf() is { } key)
        {
            context.Hide(key);
        }

        var facts = await inspection.GetAsync(context.Remote(desired.Device), cancellation);
        var state = ProfileObserver.Observe(desired, known, facts);

        // Nothing differs then, and yet nobody gets in by it: an update that changes something says so itself.
        if (state.Situation.SwitchedOff is { } switchedOff && state.Drift.IsEmpty)
        {
            context.Warn($"the profile {state.Name} is there, and {switchedOff}");
        }

        return state;
    }

    protected internal override WifiProfilePlan Plan(WifiProfileArgs desired, WifiProfileState? actual) => WifiProfilePlanner.Plan(desired, actual);

    protected internal override WifiProfilePlan? PlanDeleteUnseen(WifiProfileArgs desired) => WifiProfileRemoval.PlanUnseen(desired);

    protected internal override WifiProfilePlan PlanDelete(WifiProfileArgs desired, WifiProfileState actual) => WifiProfileRemoval.Plan(desired, actual);

    protected internal override Expected<WifiProfileState> Expect(WifiProfileArgs desired, WifiProfileState? actual)
    {
        var wished = desired.StateOf();
        if (actual is null)
        {
            return new Expected<WifiProfileState>(wished, nameof(WifiProfileState.ActiveUuid), nameof(WifiProfileState.ConnectedThrough), nameof(WifiProfileState.NotTried), nameof(WifiProfileState.Situation));
        }

        var plan = WifiProfilePlanner.Plan(desired, actual);
        return new Expected<WifiProfileState>(plan.Connects
            ? wished with { ActiveUuid = wished.Uuid, ConnectedThrough = wished.Name, Situation = actual.Situation }
            : wished with
            {
                ActiveUuid = actual.ActiveUuid,
                ConnectedThrough = actual.ConnectedThrough,
                NotTried = plan.NotTried ?? actual.NotTried,
                Situation = actual.Situation,
            });
    }

    protected internal override string IdOf(WifiProfileArgs desired, WifiProfileState state) => state.Uuid;

    /// <summary>
    /// From here on, what is wished counts as written; and a device that went back is as it was before, so that the state stays
    /// as it was, too, and the next preview shows the change again.
    /// </summary>
    protected override async Task<WifiProfileState> ApplyAsync(
        WifiProfileArgs desired, WifiProfileState? actual, WifiProfilePlan plan, IOperationContext context, CancellationToken cancellation)
    {
        if (plan.Steps.IsEmpty && actual is not null)
        {
            return actual;
        }

        return await base.ApplyAsync(desired, desired.StateOf() with { NotTried = plan.NotTried ?? (plan.Connects ? null : actual?.NotTried) }, plan, context, cancellation);
    }

    protected override ProviderException? Explain(StepFailedException failure) =>
        failure.InnerException is ScriptFailedException { ExitCode: Watchdog.WentBack } answer
            ? new ChangeUndoneException("The device has gone back to the connection it had before the change")
            {
                Where = failure.Where,
                Why = answer.StderrTail,
                Next = "check the password, and that the network is in reach of the device; then run up again",
            }
            : null;
}
