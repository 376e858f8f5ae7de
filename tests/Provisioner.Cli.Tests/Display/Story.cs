using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Provisioner.Engine.Deployments;
using Provisioner.Engine.Deployments.Events;
using Provisioner.Engine.State;
using Pulumi.Wire;

namespace Provisioner.Cli.Tests.Display;

/// <summary>The events of a run, as an engine would tell them, and the clock they were told by.</summary>
internal sealed class Story(DeploymentKind kind, bool preview)
{
    private readonly List<(TimeSpan At, EngineEvent Event)> _events =
    [
        (TimeSpan.Zero, new EngineEvent.Started(kind, preview, "dev", ImmutableSortedDictionary<string, string>.Empty
            .Add("lamp:ssid", "Lamp Home").Add("lamp:wifiPassword", "[secret]"))),
    ];

    private TimeSpan _now;

    public IReadOnlyList<(TimeSpan At, EngineEvent Event)> Events => _events;

    public static string StackUrn => "urn:pulumi:dev::lamp::pulumi:pulumi:Stack::lamp-dev";

    public static string Urn(string type, string name) => $"urn:pulumi:dev::lamp::provisioner:index:{type}::{name}";

    public static ResourceState Resource(string type, string name, PropertyMap inputs, PropertyMap? outputs = null, string id = "id-1") => new()
    {
        Urn = Urn(type, name),
        Type = $"provisioner:index:{type}",
        Custom = true,
        Id = id,
        Inputs = inputs,
        Outputs = outputs ?? inputs,
        Parent = StackUrn,
        Provider = "urn:pulumi:dev::lamp::pulumi:providers:provisioner::default::7a0e",
    };

    public static ResourceState Stack(PropertyMap? outputs = null) => new()
    {
        Urn = StackUrn,
        Type = "pulumi:pulumi:Stack",
        Outputs = outputs ?? PropertyMap.Empty,
    };

    public static PropertyMap Map(params (string Name, PropertyValue Value)[] properties) => PropertyMap.Of(properties);

    public static StepMetadata Step(StepOperation operation, ResourceState? old, ResourceState? @new, params (string Path, DiffEntryKind Kind)[] diff) => new()
    {
        Operation = operation,
        Urn = (@new ?? old)!.Urn,
        Type = (@new ?? old)!.Type,
        Old = old,
        New = @new,
        DetailedDiff = diff.Length == 0 ? null : diff.ToImmutableSortedDictionary(entry => entry.Path, entry => new DiffEntry(entry.Kind, InputDiff: true), StringComparer.Ordinal),
    };

    public Story After(double seconds)
    {
        _now += TimeSpan.FromSeconds(seconds);
        return this;
    }

    public Story Tell(EngineEvent engineEvent)
    {
        _events.Add((_now, engineEvent));
        return this;
    }

    public Story Whole(StepMetadata step, double seconds = 0) => Begin(step).After(seconds).Tell(new EngineEvent.StepFinished(step));

    public Story Begin(StepMetadata step) => Tell(new EngineEvent.StepStarted(step));

    public Story Fail(StepMetadata step) => Tell(new EngineEvent.StepFailed(step));

    public Story Info(string urn, string message) => Tell(new EngineEvent.Diagnostic(DiagnosticSeverity.Info, message, urn, 0, Ephemeral: false));

    public Story Status(string urn, string message) => Tell(new EngineEvent.Diagnostic(DiagnosticSeverity.Info, message, urn, 0, Ephemeral: true));

    public Story Warn(string urn, string message) => Tell(new EngineEvent.Diagnostic(DiagnosticSeverity.Warning, message, urn, 0, Ephemeral: false));

    public Story Error(string urn, string message) => Tell(new EngineEvent.Diagnostic(DiagnosticSeverity.Error, message, urn, 0, Ephemeral: false));

    public Story Debug(string urn, string message) => Tell(new EngineEvent.Diagnostic(DiagnosticSeverity.Debug, message, urn, 0, Ephemeral: false));

    public Story Activity(string title, double seconds) =>
        Tell(new EngineEvent.Activity(title, Done: false)).After(seconds).Tell(new EngineEvent.Activity(title, Done: true));

    public Story End(bool succeeded, PropertyMap outputs, params (StepOperation Operation, int Count)[] changes) =>
        Tell(new EngineEvent.Ended(
            new DeploymentResult(succeeded, changes.ToImmutableSortedDictionary(change => change.Operation, change => change.Count), Snapshot.Empty, outputs),
            _now));

    /// <summary>Tells the story to a listener, moving the clock on as it was told.</summary>
    public void TellTo(FakeTimeProvider clock, Action<EngineEvent> listener)
    {
        var start = clock.GetUtcNow();
        foreach (var (at, engineEvent) in _events)
        {
            clock.SetUtcNow(start + at);
            listener(engineEvent);
        }
    }
}
