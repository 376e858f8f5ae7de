using System.Collections.Immutable;
using Provisioner.Engine.Deployments.Imports;
using Provisioner.Engine.Projects;
using Provisioner.Engine.State;

namespace Provisioner.Engine.Deployments;

/// <summary>What is to be done to a stack.</summary>
public enum DeploymentKind
{
    Update,
    Refresh,
    Destroy,

    /// <summary>Takes what exists into the state, without the program.</summary>
    Import,
}

/// <summary>One run over a stack, whole: nothing else is read from the environment or the disk, but the program and the plugins themselves.</summary>
public sealed record DeploymentRequest
{
    public required DeploymentKind Kind { get; init; }

    /// <summary>Plan and show, change nothing.</summary>
    public required bool Preview { get; init; }

    /// <summary>Pulumi.yaml, with the folder it lies in.</summary>
    public required Project Project { get; init; }

    /// <summary>The stack's name.</summary>
    public required string Stack { get; init; }

    /// <summary>Every value of the project's and the stack's configuration, decrypted, by its full key.</summary>
    public required ImmutableSortedDictionary<ConfigKey, ConfigValue> Config { get; init; }

    /// <summary>The texts that are secret inside of <see cref="Config"/>, where only a part of a value is.</summary>
    public ImmutableArray<string> Secrets { get; init; } = [];

    /// <summary>The state to start from.</summary>
    public required Snapshot Snapshot { get; init; }

    /// <summary>Where the state goes; null for a preview.</summary>
    public ISnapshotStore? Store { get; init; }

    /// <summary>Other stacks, for references to them; null where there are none to be had.</summary>
    public IStackReader? Stacks { get; init; }

    /// <summary>For an import: what is taken into the state.</summary>
    public ImmutableArray<ImportRequest> Imports { get; init; } = [];

    public DeploymentOptions Options { get; init; } = new();
}

/// <summary>The flags of a run; the defaults are Pulumi's.</summary>
public sealed record DeploymentOptions
{
    /// <summary>How many steps run at once; 0 for four for each processor.</summary>
    public int Parallel { get; init; }

    /// <summary>Reads every resource before planning.</summary>
    public bool Refresh { get; init; }

    /// <summary>URNs or globs (<c>*</c> within a part, <c>**</c> across parts); empty for all.</summary>
    public ImmutableArray<string> Targets { get; init; } = [];

    /// <summary>Also what depends on the targets.</summary>
    public bool TargetDependents { get; init; }

    /// <summary>URNs or globs of what is left alone; not together with <see cref="Targets"/>.</summary>
    public ImmutableArray<string> Excludes { get; init; } = [];

    /// <summary>Also leaves alone what depends on the excluded ones.</summary>
    public bool ExcludeDependents { get; init; }

    /// <summary>URNs to be replaced.</summary>
    public ImmutableArray<string> Replace { get; init; } = [];

    /// <summary>For a refresh: forgets creations that an earlier run was interrupted in, which are warned of otherwise.</summary>
    public bool ClearPendingCreates { get; init; }

    /// <summary>Passes plugins' and programs' debug output on as diagnostics of severity debug.</summary>
    public bool Debug { get; init; }
}

/// <summary>How a run ended.</summary>
/// <param name="Succeeded">False when a step, the program or the plan failed.</param>
/// <param name="Changes">How many resources each operation was done to, <see cref="StepOperation.Same"/> included.</param>
/// <param name="Snapshot">The state afterwards; for a preview the one before.</param>
/// <param name="Outputs">The stack's outputs.</param>
public sealed record DeploymentResult(
    bool Succeeded,
    ImmutableSortedDictionary<StepOperation, int> Changes,
    Snapshot Snapshot,
    Pulumi.Wire.PropertyMap Outputs)
{
    /// <summary>Whether anything but same, read and discard was planned or done: what <c>--expect-no-changes</c> asks.</summary>
    public bool HasChanges => Changes.Any(change => change.Value > 0 && change.Key is not
        (StepOperation.Same or StepOperation.Read or StepOperation.ReadReplacement or StepOperation.Discard or StepOperation.DiscardReplaced or StepOperation.Refresh));
}
