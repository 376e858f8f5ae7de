using System.Collections.Immutable;
using Provisioner.Provider.Jobs;
using Provisioner.Provider.Remote;

namespace Provisioner.Provider.Modelling;

/// <summary>What happens to a property.</summary>
internal enum ChangeKind
{
    Add,
    Delete,
    Update,
}

/// <summary>One difference between what is wanted and what is there.</summary>
/// <param name="Path">The property's path on the wire, such as <c>ssid</c> or <c>properties.atime</c>.</param>
/// <param name="Kind">What happens to it.</param>
/// <param name="Old">What is there, for people; null for nothing. <c>[secret]</c> in place of a secret.</param>
/// <param name="New">What is wanted, for people; null for nothing. <c>[secret]</c> in place of a secret.</param>
internal sealed record PropertyChange(string Path, ChangeKind Kind, string? Old = null, string? New = null)
{
    /// <summary>The resource cannot be changed in this, only made anew.</summary>
    public bool Replaces { get; init; }

    /// <summary>Why this matters, for people: one clause, such as "NetworkManager ignores a profile that others can read".</summary>
    public string? Because { get; init; }

    /// <summary>
    /// <see cref="Because"/> says that somebody changed it on the device. A look with new inputs cannot tell that from a change of the
    /// program; where it was the program's, the reason falls away.
    /// </summary>
    public bool IsDrift { get; init; }

    public override string ToString()
    {
        var change = Kind switch
        {
            ChangeKind.Add => $"{Path}: {New ?? "added"}",
            ChangeKind.Delete => $"{Path}: {Old ?? "there"} goes away",
            _ => $"{Path}: {Old ?? "not known"} → {New ?? "changed"}",
        };
        return change + (Because is null ? string.Empty : $" ({Because})");
    }
}

/// <summary>One thing that an update does, and that a preview prints.</summary>
/// <param name="Sentence">For people, without a full stop: <c>write /etc/… (0600 root:root, from stdin)</c>. No secret.</param>
/// <param name="Script">
/// What runs on the device; null for something the provider does itself in its handler's Apply. A line of its stdout that begins
/// with <c>note: </c> is told as a warning.
/// </param>
internal sealed record Step(string Sentence, Script? Script)
{
    /// <summary>What a person should know or do when this step fails; goes into the error.</summary>
    public string? WhenItFails { get; init; }

    /// <summary>
    /// The script looks again before it destroys: when it ends with <see cref="Consent.Recheck.Refused"/> it has changed
    /// nothing, and what it wrote to stderr are the facts as they are now.
    /// </summary>
    public bool Rechecks { get; init; }

    /// <summary>Long work that goes on without a connection; it then takes the place of <see cref="Script"/>.</summary>
    public Job? Job { get; init; }

    /// <summary>Work with more than the device; it then takes the place of <see cref="Script"/>. A plan has none: an update puts it in.</summary>
    public Func<IRemote, CancellationToken, Task>? Work { get; init; }

    /// <summary>What it is called once it runs, where the sentence has a list below it.</summary>
    public string Title { get; init; } = Sentence;

    /// <summary>A step that is a job.</summary>
    public static Step Of(Job job) => new(job.Sentence, null) { Job = job, Title = job.Title };
}

/// <summary>
/// The pure result of comparing what is wanted with what is there. A resource's own plan derives from it and adds the facts
/// it decided on. Preview prints <see cref="Steps"/>; update runs <see cref="Steps"/>.
/// </summary>
internal abstract record ResourcePlan
{
    /// <summary>Empty: nothing to do.</summary>
    public ImmutableArray<PropertyChange> Changes { get; init; } = [];

    /// <summary>What runs, in order. Empty where nothing runs on the device.</summary>
    public ImmutableArray<Step> Steps { get; init; } = [];

    /// <summary>Worth a warning although it changes nothing.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>What may not be done: while there is any, no step runs. The steps are those that would run with consent.</summary>
    public ImmutableArray<Refusal> Refusals { get; init; } = [];

    /// <summary>Whether the resource must be made anew.</summary>
    public bool Replaces => Changes.Any(change => change.Replaces);

    /// <summary>On a replacement: the old one goes before the new one comes. Never for anything that holds data.</summary>
    public bool DeleteBeforeReplace { get; init; }
}

/// <summary>What an update will leave behind, as far as it is known beforehand.</summary>
/// <param name="State">The outputs; members named in <paramref name="Unknown"/> hold any value.</param>
/// <param name="Unknown">C# names of the members that only the update itself can tell.</param>
internal sealed record Expected<TState>(TState State, params ImmutableArray<string> Unknown);
