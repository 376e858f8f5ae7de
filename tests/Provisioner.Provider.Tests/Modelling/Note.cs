using System.Globalization;
using Provisioner.Provider.Errors;
using Provisioner.Provider.Modelling;
using Provisioner.Provider.Remote;
using Provisioner.Provider.Resources.WifiProfile;

namespace Provisioner.Provider.Tests.Modelling;

/// <summary>A small real resource: a file with a secret content, on a device.</summary>
[Doc("A note on a device.")]
internal sealed record NoteArgs : IOnDevice
{
    [Doc("Where the note is kept.")]
    public required string Device { get; init; }

    [Replaces]
    [Doc("The file. An absolute path.")]
    public required string Path { get; init; }

    [Secret]
    [Doc("What it says.")]
    public required string Content { get; init; }

    public string Mode { get; init; } = "600";

    public NoteInk Ink { get; init; } = NoteInk.Black;
}

internal enum NoteInk
{
    Black,

    [WireName("royal-blue")]
    Blue,
}

internal sealed record NoteState
{
    public required string Path { get; init; }

    public required string Mode { get; init; }

    public required double Bytes { get; init; }

    [Secret]
    public string? Content { get; init; }
}

internal sealed record NotePlan : ResourcePlan;

internal sealed class NoteHandler : ResourceHandler<NoteArgs, NoteState, NotePlan>
{
    /// <summary>Runs after the note was written, when set.</summary>
    public Script? Then { get; set; }

    /// <summary>What may not be done, on a change and on a delete.</summary>
    public System.Collections.Immutable.ImmutableArray<Refusal> Refusals { get; set; } = [];

    /// <summary>Runs in place of removing the note, when set.</summary>
    public Script? Instead { get; set; }

    public bool Alone { get; set; }

    protected override bool ChangesAlone => Alone;

    protected override System.Collections.Immutable.ImmutableArray<Rule<NoteArgs>> Rules =>
    [
        Rule<NoteArgs>.Of(args => args.Path.StartsWith('/') ? null : "must be an absolute path", nameof(NoteArgs.Path)),
        Rule<NoteArgs>.Of(args => args.Content.Length > 100 ? "is too long for a note" : null, nameof(NoteArgs.Content)),
    ];

    protected override async Task<NoteState?> ObserveAsync(NoteArgs desired, NoteState? known, IOperationContext context, CancellationToken cancellation)
    {
        var script = Script.Looking(Shell.Of($"test -e {desired.Path} || exit 3\nstat -c '%a %s' {desired.Path}\n")) with { ExitCodes = [0, 3] };
        var result = await context.Remote(desired.Device).RunAsync(script, cancellation);
        return result.ExitCode == 3 ? null : result.Text.Trim().Split(' ') is [var mode, var bytes]
            ? new NoteState { Path = desired.Path, Mode = mode, Bytes = double.Parse(bytes, CultureInfo.InvariantCulture), Content = desired.Content }
            : throw new FormatException("stat");
    }

    protected internal override NotePlan Plan(NoteArgs desired, NoteState? actual)
    {
        var changes = new List<PropertyChange>();
        if (actual is null)
        {
            changes.Add(new PropertyChange("path", ChangeKind.Add, null, desired.Path));
        }
        else
        {
            if (actual.Path != desired.Path)
            {
                changes.Add(new PropertyChange("path", ChangeKind.Update, actual.Path, desired.Path) { Replaces = true });
            }

            if (actual.Mode != desired.Mode)
            {
                changes.Add(new PropertyChange("mode", ChangeKind.Update, actual.Mode, desired.Mode) { Because = "others could read it" });
            }

            if (actual.Content != desired.Content)
            {
                changes.Add(new PropertyChange("content", ChangeKind.Update, "[secret]", "[secret]"));
            }
        }

        var write = new Step(
            $"write {desired.Path} ({desired.Mode}, from stdin)",
            Script.Of($"cat >{desired.Path}\nchmod {desired.Mode} {desired.Path}\n") with { Stdin = Payload.Secret(desired.Content), NeedsRoot = false });
        return new NotePlan
        {
            Changes = [.. changes],
            Refusals = Refusals,
            Steps = changes.Count == 0 ? [] : Then is null ? [write] : [write, new Step("and then", Then) { WhenItFails = "look at the note", Rechecks = true }],
        };
    }

    protected internal override NoteArgs? Presume(NoteArgs partial, System.Collections.Immutable.ImmutableArray<string> unknown) =>
        unknown is [nameof(NoteArgs.Mode)] ? partial with { Mode = "the mode that comes" } : null;

    protected internal override NotePlan PlanDelete(NoteArgs desired, NoteState actual) =>
        new() { Refusals = Refusals, Steps = [new Step($"remove {desired.Path}", Instead ?? Script.Of($"rm -f {desired.Path}") with { NeedsRoot = false })] };

    protected override ProviderException? Explain(StepFailedException failure) =>
        failure.InnerException is ScriptFailedException { ExitCode: 21 } ? new ChangeUndoneException("The note is as it was") : null;

    protected internal override Expected<NoteState> Expect(NoteArgs desired, NoteState? actual) =>
        new(new NoteState { Path = desired.Path, Mode = desired.Mode, Bytes = 0, Content = desired.Content }, nameof(NoteState.Bytes));

    protected internal override string IdOf(NoteArgs desired, NoteState state) => state.Path;
}
