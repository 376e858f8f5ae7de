using System.Collections.Immutable;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Inspection;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Resources.FirstBoot;

/// <summary>The hand-over from the card to the SSD, which counts as done only with its proof.</summary>
/// <param name="inspection">One reading of a device, shared by all.</param>
/// <param name="inspect">Reads it anew.</param>
internal sealed class FirstBootHandler(SharedInspection<DeviceFacts> inspection, Func<IRemote, CancellationToken, Task<DeviceFacts>> inspect)
    : ResourceHandler<FirstBootArgs, FirstBootState, FirstBootPlan>
{
    // The clock is set, and the WiFi of a service that comes up late is joined, a while after sshd answers.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override ImmutableArray<Rule<FirstBootArgs>> Rules { get; } =
    [
        Rule<FirstBootArgs>.Of(args => args.Device == "local:" ? "cannot be this machine: it would be restarted under the provider's feet" : null, nameof(FirstBootArgs.Device)),
        Rule<FirstBootArgs>.Of(
            args => args.System.StartsWith("/nix/store/", StringComparison.Ordinal) ? null : $"must be a path in /nix/store, but is '{args.System}'; take the made output of a NixosSystem",
            nameof(FirstBootArgs.System)),
        Rule<FirstBootArgs>.Of(
            args => args.PoolGuid.Length is > 0 and <= 20 && args.PoolGuid.All(char.IsAsciiDigit) ? null : $"must be a pool's GUID, a number, but is '{args.PoolGuid}'; take the guid output of a ZfsPool",
            nameof(FirstBootArgs.PoolGuid)),
        Rule<FirstBootArgs>.Of(
            args => args.WifiProfile is null || Guid.TryParseExact(args.WifiProfile, "D", out _) ? null : $"must be a UUID, but is '{args.WifiProfile}'; take the uuid output of a WifiProfile",
            nameof(FirstBootArgs.WifiProfile)),
        Rule<FirstBootArgs>.Of(
            args => args.WaitFor is >= 60 and <= 3600 ? null : $"must be from 60 to 3600 seconds, but is {args.WaitFor}: a Pi takes a minute or more to start from a pool",
            nameof(FirstBootArgs.WaitFor)),
    ];

    protected override async Task<FirstBootState?> ObserveAsync(FirstBootArgs desired, FirstBootState? known, IOperationContext context, CancellationToken cancellation)
    {
        var facts = await inspection.GetAsync(context.Remote(desired.Device), cancellation);
        return FirstBootObserver.Observe(desired, facts, context.Time.GetUtcNow());
    }

    protected internal override FirstBootPlan Plan(FirstBootArgs desired, FirstBootState? actual) => FirstBootPlanner.Plan(desired, actual);

    protected internal override FirstBootPlan PlanDelete(FirstBootArgs desired, FirstBootState actual) => new();

    protected internal override Expected<FirstBootState> Expect(FirstBootArgs desired, FirstBootState? actual)
    {
        var expected = new FirstBootState
        {
            Device = desired.Device,
            Installed = true,
            BootId = actual?.BootId ?? "",
            Root = $"{desired.Pool}/{desired.RootDataset}",
            Medium = actual?.Medium ?? "",
            Running = desired.System,
            ActiveUuid = desired.WifiProfile ?? actual?.ActiveUuid,
            ConnectedThrough = actual?.ConnectedThrough,
            CanAskOnce = actual?.CanAskOnce ?? false,
            CardFirst = actual?.CardFirst,
            Card = actual?.Card is { Ours: true } card && FirstBootPlanner.Plan(desired, actual).Steps.Length > 0 && desired.RetireCard ? card with { Retired = true } : actual?.Card,
        };
        return actual is { Installed: true }
            ? new Expected<FirstBootState>(expected, expected.ActiveUuid == actual.ActiveUuid ? [] : [nameof(FirstBootState.ConnectedThrough)])
            : new Expected<FirstBootState>(
                expected,
                nameof(FirstBootState.BootId), nameof(FirstBootState.Medium), nameof(FirstBootState.CanAskOnce), nameof(FirstBootState.CardFirst), nameof(FirstBootState.Card),
                nameof(FirstBootState.ActiveUuid), nameof(FirstBootState.ConnectedThrough));
    }

    protected internal override string IdOf(FirstBootArgs desired, FirstBootState state) => $"{desired.PoolGuid}/{desired.RootDataset}";

    protected override async Task<FirstBootState> ApplyAsync(
        FirstBootArgs desired, FirstBootState? actual, FirstBootPlan plan, IOperationContext context, CancellationToken cancellation)
    {
        var state = await base.ApplyAsync(desired, actual, plan with { Steps = plan.Steps[..plan.ProvenFrom] }, context, cancellation);
        var since = context.Time.GetTimestamp();
        while (Doubts(state).Count > 0 && plan.Restarts && state.Installed && context.Time.GetElapsedTime(since) < Settling)
        {
            context.Status($"waiting for what is not proven yet: {string.Join(", ", Doubts(state).Keys)}");
            await Task.Delay(Pause, context.Time, cancellation);
            state = await AgainAsync(desired, context, cancellation);
        }

        if (Doubts(state).Count > 0)
        {
            throw Unproven(desired, state, plan);
        }

        context.Info($"proven: boot {state.BootId}, / on {state.Root}, started from {state.Medium}, runs {state.Running}{(desired.WifiProfile is null ? "" : $", WiFi up through {state.ActiveUuid}")}, the pinned host key, the time right");

        // What was planned before the restart named the card as it was then; it is looked at again.
        return await base.ApplyAsync(desired, state, FirstBootPlanner.Plan(desired, state), context, cancellation);
    }

    /// <summary>Looks with an inspection of its own: nothing that we did has made the last one old, only time.</summary>
    private async Task<FirstBootState> AgainAsync(FirstBootArgs desired, IOperationContext context, CancellationToken cancellation)
    {
        var facts = await inspect(context.Remote(desired.Device), cancellation);
        return FirstBootObserver.Observe(desired, facts, context.Time.GetUtcNow());
    }

    private static ImmutableSortedDictionary<string, string> Doubts(FirstBootState state) =>
        state.Installed ? state.Unproven : state.Unproven.SetItem("installed", "the device runs from its card");

    private static StepFailedException Unproven(FirstBootArgs desired, FirstBootState state, FirstBootPlan plan)
    {
        var verdict = !state.Installed
            ? plan.Restarts ? "The device came back from its card: the SSD did not boot" : "The device runs from its card"
            : "The device runs from its own disk, but not as it should";
        var doubts = Doubts(state);
        return new StepFailedException(verdict, new FirstBootUnprovenException(verdict))
        {
            Where = desired.Device,
            Why = string.Join('\n', doubts.Select(doubt => $"{doubt.Key}: {doubt.Value}")),
            Next = state.Installed
                ? string.Join('\n', doubts.Keys.Select(FirstBootPlanner.Advice))
                : "the card was not retired, so nothing is lost. Run up again: it mounts the SSD, verifies what is on it, and tries once more; "
                    + "look at the boot order (vcgencmd bootloader_config: it has to have a 4) and use a blue USB port",
            MayHaveChanged = true,
        };
    }
}

/// <summary>The device was restarted, and what came of it is not what should have.</summary>
public sealed class FirstBootUnprovenException(string what) : ProviderException("firstboot.unproven", Grpc.Core.StatusCode.Aborted, what);
