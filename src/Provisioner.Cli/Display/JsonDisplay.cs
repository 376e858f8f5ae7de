using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Provisioner.Cli.Terminal;
using Provisioner.Engine.Deployments;
using Provisioner.Engine.Deployments.Events;

namespace Provisioner.Cli.Display;

/// <summary>Nothing while the run goes on, and one JSON document at its end: Pulumi's preview digest.</summary>
internal sealed class JsonDisplay(TextWriter output, TimeProvider time, DisplayOptions options) : IDisplay
{
    private readonly RunModel _model = new(time, options.Debug);
    private readonly List<EngineEvent.Diagnostic> _diagnostics = [];
    private readonly List<(string Urn, StepOperation First, StepMetadata Step)> _steps = [];

    public void Handle(EngineEvent engineEvent)
    {
        _model.Apply(engineEvent);
        switch (engineEvent)
        {
            case EngineEvent.StepStarted { Step: var step } when !Urns.IsDefaultProvider(step.Urn):
                _steps.Add((step.Urn, step.Operation, step));
                break;
            case EngineEvent.StepFinished { Step: var step }:
                Replace(step);
                break;
            case EngineEvent.Diagnostic { Ephemeral: false } diagnostic when options.Debug || diagnostic.Severity != DiagnosticSeverity.Debug:
                _diagnostics.Add(diagnostic);
                break;
            case EngineEvent.ProgramOutput line:
                _diagnostics.Add(new EngineEvent.Diagnostic(DiagnosticSeverity.Info, line.Line, string.Empty, 0, Ephemeral: false));
                break;
            case EngineEvent.Ended:
                output.WriteLine(Digest().ToString(Formatting.Indented));
                break;
        }
    }

    public void Cancelling()
    {
        // One document and nothing else.
    }

    public IReadOnlyList<StyledLine> FullDetails() => [];

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>A step ends with what it began, but with the outputs; where it began nothing, it is new.</summary>
    private void Replace(StepMetadata step)
    {
        var index = _steps.FindLastIndex(entry => entry.Urn == step.Urn && entry.First == step.Operation);
        if (index >= 0)
        {
            _steps[index] = (step.Urn, step.Operation, step);
        }
        else if (!Urns.IsDefaultProvider(step.Urn))
        {
            _steps.Add((step.Urn, step.Operation, step));
        }
    }

    private JObject Digest()
    {
        var digest = new JObject();
        if (_model.Config.Count > 0)
        {
            digest["config"] = new JObject(_model.Config.Select(entry => new JProperty(entry.Key, entry.Value)));
        }

        digest["steps"] = new JArray(_steps.Where(IsShown).Select(entry => StepJson.Of(entry.Step, Shown(entry.Step))));
        if (_diagnostics.Count > 0)
        {
            digest["diagnostics"] = new JArray(_diagnostics.Select(StepJson.Of));
        }

        digest["duration"] = (long)(_model.Duration.TotalMilliseconds * 1_000_000);
        digest["changeSummary"] = new JObject(_model.Result!.Changes
            .Where(change => change.Value > 0)
            .Select(change => new JProperty(OperationWords.Name(change.Key), change.Value)));
        digest["maybeCorrupt"] = false;
        return digest;
    }

    private bool IsShown((string Urn, StepOperation First, StepMetadata Step) entry) =>
        options.ShowSames || Urns.IsStack(entry.Urn) || Shown(entry.Step) is not (StepOperation.Same or StepOperation.Refresh);

    /// <summary>A refresh is told by what it found; the one before an update is told by the update.</summary>
    private StepOperation Shown(StepMetadata step) =>
        step.Operation != StepOperation.Refresh ? step.Operation
        : _model.Kind != DeploymentKind.Refresh ? StepOperation.Refresh
        : _model.Find(step.Urn)?.Operation ?? StepOperation.Refresh;
}
