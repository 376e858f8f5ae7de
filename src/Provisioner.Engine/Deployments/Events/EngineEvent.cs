using System.Collections.Immutable;
using Provisioner.Engine.State;

namespace Provisioner.Engine.Deployments.Events;

/// <summary>What a run tells while it goes on; a display needs nothing else. Secrets stay wrapped as secrets: whoever shows a value hides them.</summary>
public abstract record EngineEvent
{
    private EngineEvent()
    {
    }

    /// <summary>The run has begun.</summary>
    /// <param name="Config">Key to value as <c>namespace:key</c>; secrets as <c>[secret]</c>.</param>
    public sealed record Started(DeploymentKind Kind, bool Preview, string Stack, ImmutableSortedDictionary<string, string> Config) : EngineEvent;

    /// <summary>Something slow that is not a resource has begun or ended: building the program or a plugin, starting it.</summary>
    /// <param name="Done">False when it begins.</param>
    public sealed record Activity(string Title, bool Done) : EngineEvent;

    /// <summary>A step is about to run (or, in a preview, is planned).</summary>
    public sealed record StepStarted(StepMetadata Step) : EngineEvent;

    /// <summary>A step is done; <see cref="StepMetadata.New"/> has the new outputs.</summary>
    public sealed record StepFinished(StepMetadata Step) : EngineEvent;

    /// <summary>A step failed; the reason comes as a <see cref="Diagnostic"/> of severity error with the same URN.</summary>
    public sealed record StepFailed(StepMetadata Step) : EngineEvent;

    /// <summary>A message from the program, a plugin or the engine.</summary>
    /// <param name="Urn">The resource it is about, or empty.</param>
    /// <param name="Ephemeral">A status line, replaced by the next one for the same URN.</param>
    public sealed record Diagnostic(DiagnosticSeverity Severity, string Message, string Urn, int StreamId, bool Ephemeral) : EngineEvent;

    /// <summary>A line that the program wrote to its standard output or error.</summary>
    public sealed record ProgramOutput(string Line, bool IsError) : EngineEvent;

    /// <summary>The run has ended; always the last event.</summary>
    public sealed record Ended(DeploymentResult Result, TimeSpan Duration) : EngineEvent;
}

public enum DiagnosticSeverity
{
    Debug,
    Info,
    Warning,
    Error,
}

/// <summary>A step as a display needs it.</summary>
public sealed record StepMetadata
{
    public required StepOperation Operation { get; init; }

    public required string Urn { get; init; }

    public required string Type { get; init; }

    /// <summary>The state before, or null for a new resource. After a refresh: as it was read.</summary>
    public ResourceState? Old { get; init; }

    /// <summary>The state after, or null for a deletion. In a preview with what is known of it.</summary>
    public ResourceState? New { get; init; }

    /// <summary>The provider's detailed diff by property path; null where it gave none.</summary>
    public ImmutableSortedDictionary<string, DiffEntry>? DetailedDiff { get; init; }

    /// <summary>Top-level keys that differ, where there is no detailed diff.</summary>
    public ImmutableArray<string> Diffs { get; init; } = [];

    /// <summary>Top-level keys that force the replacement.</summary>
    public ImmutableArray<string> ReplaceKeys { get; init; } = [];
}

/// <param name="Kind">What happens to the property.</param>
/// <param name="InputDiff">The difference is between old and new inputs; otherwise between old outputs and new inputs.</param>
public sealed record DiffEntry(DiffEntryKind Kind, bool InputDiff);

/// <summary>Pulumi's PropertyDiff.Kind.</summary>
public enum DiffEntryKind
{
    Add,
    AddReplace,
    Delete,
    DeleteReplace,
    Update,
    UpdateReplace,
}
