using Provisioner.Engine.Deployments;
using Provisioner.Engine.Deployments.Events;

namespace Provisioner.Cli.Display;

internal enum RowStatus
{
    Waiting,
    Running,
    Done,
    Failed,
}

/// <summary>All that a run has told about one resource so far.</summary>
internal sealed class ResourceRow(string urn)
{
    public string Urn { get; } = urn;

    public string Type { get; } = Urns.Type(urn);

    public string Name { get; } = Urns.Name(urn);

    public string Parent { get; private set; } = string.Empty;

    /// <summary>The step that tells most: a replacement rather than its parts, whatever follows a refresh rather than the refresh.</summary>
    public StepMetadata? Step { get; private set; }

    public RowStatus Status { get; private set; }

    /// <summary>When the step of the moment began, as the model's clock counts.</summary>
    public long Started { get; private set; }

    /// <summary>How long the last step took.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>Information, in the order it came: from a provider these are the remote steps.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Warnings, errors and, where asked for, debug messages.</summary>
    public List<EngineEvent.Diagnostic> Diagnostics { get; } = [];

    /// <summary>The status line of the moment, or empty.</summary>
    public string Ephemeral { get; set; } = string.Empty;

    /// <summary>What happens to it in the end.</summary>
    public StepOperation Operation => Step is null ? StepOperation.Same : Effective(Step, Status);

    /// <summary>A refresh has found that it does not exist any more.</summary>
    public bool IsGone { get; private set; }

    /// <summary>The operations that have ended.</summary>
    public HashSet<StepOperation> Ended { get; } = [];

    /// <summary>Its plan is whole: of a replacement, the new one's part and the whole have come, whichever first.</summary>
    public bool IsPlanned =>
        Status == RowStatus.Failed
        || !Ended.Overlaps([StepOperation.Replace, StepOperation.CreateReplacement, StepOperation.DeleteReplaced])
        || Ended.IsSupersetOf([StepOperation.Replace, StepOperation.CreateReplacement]);

    public bool IsStack => Type == Urns.StackType;

    public int Count(DiagnosticSeverity severity) => Diagnostics.Count(diagnostic => diagnostic.Severity == severity);

    public void Begin(StepMetadata step, long now)
    {
        Adopt(step);
        (Status, Started) = (RowStatus.Running, now);
    }

    public void End(StepMetadata step, bool failed, TimeProvider time)
    {
        if (Status != RowStatus.Running)
        {
            Started = time.GetTimestamp();
        }

        Adopt(step, failed);
        Ended.Add(step.Operation);
        IsGone |= step is { Operation: StepOperation.Refresh, New: null } && !failed;
        Status = failed || Status == RowStatus.Failed ? RowStatus.Failed : RowStatus.Done;
        Elapsed = time.GetElapsedTime(Started);
        Ephemeral = string.Empty;
    }

    private void Adopt(StepMetadata step, bool failed = false)
    {
        Parent = step.New?.Parent is { Length: > 0 } parent ? parent : step.Old?.Parent ?? Parent;
        if (Step is null || failed || Rank(step.Operation) >= Rank(Step.Operation))
        {
            Step = step;
        }
    }

    private static int Rank(StepOperation operation) => operation switch
    {
        StepOperation.Refresh => 0,
        StepOperation.Same => 1,
        StepOperation.DeleteReplaced or StepOperation.DiscardReplaced => 2,
        StepOperation.CreateReplacement or StepOperation.ReadReplacement or StepOperation.ImportReplacement => 3,
        StepOperation.Replace => 4,
        _ => 2,
    };

    /// <summary>A finished refresh has found the resource changed, gone, or as it was.</summary>
    private static StepOperation Effective(StepMetadata step, RowStatus status) =>
        step.Operation != StepOperation.Refresh || status != RowStatus.Done ? step.Operation
        : step.New is null ? StepOperation.Delete
        : StepDiff.Of(step, everything: false).IsEmpty ? StepOperation.Same
        : StepOperation.Update;
}
