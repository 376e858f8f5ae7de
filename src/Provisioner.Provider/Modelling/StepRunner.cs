using System.Collections.Immutable;
using Provisioner.Provider.Consent;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Jobs;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Modelling;

/// <summary>Runs the steps of a plan in their order. No step is run twice unless it says that it may be.</summary>
internal static class StepRunner
{
    private const string Note = "note: ";

    /// <exception cref="StepFailedException">A step failed: the message names it, and what had been done before.</exception>
    public static async Task RunAsync(IRemote remote, ImmutableArray<Step> steps, IOperationContext context, CancellationToken cancellation)
    {
        var changed = false;
        for (var index = 0; index < steps.Length; index++)
        {
            var step = steps[index];
            if (step is { Job: null, Work: null, Script: null })
            {
                continue;
            }

            context.Status($"{index + 1}/{steps.Length} {step.Title}");
            foreach (var secret in step.Script?.Stdin?.Secrets ?? [])
            {
                context.Hide(secret);
            }

            try
            {
                await (step switch
                {
                    { Job: { } job } => JobRunner.RunAsync(remote, job, context, cancellation),
                    { Work: { } work } => work(remote, cancellation),
                    _ => RunOnceOrAgainAsync(remote, step.Script!, step, context, cancellation),
                });
                changed |= Changes(step);
            }
            catch (Exception failure) when (failure is ProviderException or OperationCanceledException)
            {
                throw Explain(steps, index, failure, remote, changed);
            }
        }
    }

    private static async Task RunOnceOrAgainAsync(IRemote remote, Script script, Step step, IOperationContext context, CancellationToken cancellation)
    {
        ScriptResult result;
        try
        {
            result = await remote.RunAsync(script, cancellation);
        }
        catch (DeviceLinkLostException lost) when (script.Idempotent)
        {
            context.Status($"again, over a new connection: {step.Title}");
            context.Debug(lost.Message);
            result = await remote.RunAsync(script, cancellation);
        }

        foreach (var line in RemoteText.Clean(result.Text).Split('\n').Where(line => line.StartsWith(Note, StringComparison.Ordinal)))
        {
            context.Warn(line[Note.Length..].Trim());
        }
    }

    private static StepFailedException Explain(ImmutableArray<Step> steps, int index, Exception failure, IRemote remote, bool changed)
    {
        var step = steps[index];
        var known = Refused(step, failure) ?? failure as ProviderException ?? new CancelledException("It was stopped");

        // What fails before a connection stands has not begun; what was refused has done nothing.
        var begun = known is not (DeviceUnreachableException or DeviceUntrustedException or DeviceLoginException or DeviceHeldException or RefusedDestructiveException);
        var done = index == 0 ? "nothing had been done before it" : $"done before it: {string.Join("; ", steps[..index].Select(done => done.Title))}";
        return new StepFailedException($"Step {index + 1} of {steps.Length} failed: {step.Title}", known)
        {
            Where = known.Where ?? remote.Address.Display,
            Why = $"{known.What}{(known.Why is null ? string.Empty : $"\n{known.Why}")}\n{done}",
            Next = Join(step.WhenItFails, known.Next),
            MayHaveChanged = changed || (begun && Changes(step)),
        };
    }

    private static bool Changes(Step step) => step.Script?.Changes ?? true;

    private static RefusedDestructiveException? Refused(Step step, Exception failure) =>
        step.Rechecks && failure is ScriptFailedException { ExitCode: Recheck.Refused } answer
            ? new RefusedDestructiveException("The device refused it in the last moment") { Where = answer.Where, Why = answer.StderrTail, Next = "run the preview: it shows what is there now" }
            : null;

    private static string? Join(params string?[] texts) => texts.OfType<string>().ToList() is { Count: > 0 } given ? string.Join('\n', given) : null;
}
