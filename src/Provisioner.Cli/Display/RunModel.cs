using System.Collections.Immutable;
using Provisioner.Engine.Deployments;
using Provisioner.Engine.Deployments.Events;

namespace Provisioner.Cli.Display;

/// <summary>What a run has told so far; every display is a view of it.</summary>
internal sealed class RunModel(TimeProvider time, bool debug)
{
    private readonly Dictionary<string, ResourceRow> _rows = new(StringComparer.Ordinal);
    private readonly List<ResourceRow> _ordered = [];

    public DeploymentKind Kind { get; private set; }

    public bool IsPreview { get; private set; }

    public string Stack { get; private set; } = string.Empty;

    public ImmutableSortedDictionary<string, string> Config { get; private set; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>In the order they were first heard of.</summary>
    public IReadOnlyList<ResourceRow> Rows => _ordered;

    /// <summary>Messages about no resource, and what the program wrote.</summary>
    public List<EngineEvent.Diagnostic> General { get; } = [];

    /// <summary>What goes on besides resources, with when it began.</summary>
    public Dictionary<string, long> Activities { get; } = new(StringComparer.Ordinal);

    public DeploymentResult? Result { get; private set; }

    public TimeSpan Duration { get; private set; }

    public TimeProvider Time => time;

    public ResourceRow? Find(string urn) => _rows.GetValueOrDefault(urn);

    public void Apply(EngineEvent engineEvent)
    {
        switch (engineEvent)
        {
            case EngineEvent.Started started:
                (Kind, IsPreview, Stack, Config) = (started.Kind, started.Preview, started.Stack, started.Config);
                break;
            case EngineEvent.Activity { Done: false } activity:
                Activities.TryAdd(activity.Title, time.GetTimestamp());
                break;
            case EngineEvent.Activity activity:
                Activities.Remove(activity.Title);
                break;
            case EngineEvent.StepStarted started:
                Row(started.Step.Urn).Begin(started.Step, time.GetTimestamp());
                break;
            case EngineEvent.StepFinished finished:
                Row(finished.Step.Urn).End(finished.Step, failed: false, time);
                break;
            case EngineEvent.StepFailed failed:
                Row(failed.Step.Urn).End(failed.Step, failed: true, time);
                break;
            case EngineEvent.Diagnostic diagnostic:
                Note(diagnostic);
                break;
            case EngineEvent.ProgramOutput output:
                General.Add(new EngineEvent.Diagnostic(DiagnosticSeverity.Info, output.Line, string.Empty, 0, Ephemeral: false));
                break;
            case EngineEvent.Ended ended:
                (Result, Duration) = (ended.Result, ended.Duration);
                break;
        }
    }

    private void Note(EngineEvent.Diagnostic diagnostic)
    {
        if (diagnostic.Severity == DiagnosticSeverity.Debug && !debug)
        {
            return;
        }

        if (diagnostic.Urn.Length == 0)
        {
            if (!diagnostic.Ephemeral)
            {
                General.Add(diagnostic);
            }
        }
        else if (diagnostic.Ephemeral)
        {
            Row(diagnostic.Urn).Ephemeral = diagnostic.Message;
        }
        else if (diagnostic.Severity == DiagnosticSeverity.Info && !Urns.IsStack(diagnostic.Urn))
        {
            // A provider tells its plan in Diff and once more in the Create or Update that a preview makes.
            var notes = Row(diagnostic.Urn).Notes;
            if (!IsPreview || !notes.Contains(diagnostic.Message))
            {
                notes.Add(diagnostic.Message);
            }
        }
        else
        {
            Row(diagnostic.Urn).Diagnostics.Add(diagnostic);
        }
    }

    private ResourceRow Row(string urn)
    {
        if (!_rows.TryGetValue(urn, out var row))
        {
            row = new ResourceRow(urn);
            _rows.Add(urn, row);
            _ordered.Add(row);
        }

        return row;
    }
}
