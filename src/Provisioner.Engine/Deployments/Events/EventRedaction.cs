using System.Collections.Immutable;
using Provisioner.Engine.State;
using Pulumi.Wire.Redaction;

namespace Provisioner.Engine.Deployments.Events;

/// <summary>What a run tells, without the secrets that the run knows: a plugin, a program or a plain value may say what is a secret elsewhere.</summary>
internal static class EventRedaction
{
    public static EngineEvent Redacted(this EngineEvent engineEvent, Redactor redactor) => engineEvent switch
    {
        EngineEvent.Started started => started with
        {
            Config = started.Config.ToImmutableSortedDictionary(entry => entry.Key, entry => redactor.Redact(entry.Value), StringComparer.Ordinal),
        },
        EngineEvent.Activity activity => activity with { Title = redactor.Redact(activity.Title) },
        EngineEvent.StepStarted started => new EngineEvent.StepStarted(Redacted(started.Step, redactor)),
        EngineEvent.StepFinished finished => new EngineEvent.StepFinished(Redacted(finished.Step, redactor)),
        EngineEvent.StepFailed failed => new EngineEvent.StepFailed(Redacted(failed.Step, redactor)),
        EngineEvent.Diagnostic diagnostic => diagnostic with { Message = redactor.Redact(diagnostic.Message) },
        EngineEvent.ProgramOutput output => output with { Line = redactor.Redact(output.Line) },
        EngineEvent.Ended ended => ended with { Result = ended.Result with { Outputs = redactor.Redact(ended.Result.Outputs) } },
        _ => engineEvent,
    };

    /// <summary>The reasons for which a resource is not what was asked for are kept in the state as they are, in clear.</summary>
    public static ResourceState WithRedactedErrors(this ResourceState state, Redactor redactor) =>
        state.InitErrors.IsEmpty ? state : state with { InitErrors = [.. state.InitErrors.Select(redactor.Redact)] };

    private static StepMetadata Redacted(StepMetadata step, Redactor redactor) => step with { Old = Redacted(step.Old, redactor), New = Redacted(step.New, redactor) };

    private static ResourceState? Redacted(ResourceState? state, Redactor redactor) => state is null ? null : state.WithRedactedErrors(redactor) with
    {
        Inputs = redactor.Redact(state.Inputs),
        Outputs = redactor.Redact(state.Outputs),
    };
}
