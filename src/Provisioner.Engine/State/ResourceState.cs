using System.Collections.Immutable;
using Newtonsoft.Json.Linq;
using Pulumi.Wire;

namespace Provisioner.Engine.State;

/// <summary>One resource as the last deployment left it: an entry of <c>deployment.resources</c> in a state file (Pulumi's ResourceV3).</summary>
public sealed record ResourceState
{
    /// <summary><c>urn:pulumi:stack::project::qualified$type::name</c>.</summary>
    public required string Urn { get; init; }

    /// <summary>The type token, such as <c>provisioner:index:Device</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Whether a provider manages it; false for components and the stack.</summary>
    public bool Custom { get; init; }

    /// <summary>The provider's id; empty for a component.</summary>
    public string Id { get; init; } = string.Empty;

    /// <summary>The inputs as the provider's Check returned them.</summary>
    public PropertyMap Inputs { get; init; } = PropertyMap.Empty;

    public PropertyMap Outputs { get; init; } = PropertyMap.Empty;

    /// <summary>The parent's URN, or empty.</summary>
    public string Parent { get; init; } = string.Empty;

    /// <summary>It has been replaced and is still to be deleted.</summary>
    public bool Delete { get; init; }

    /// <summary>A deletion or replacement is refused.</summary>
    public bool Protect { get; init; }

    /// <summary>It is to be replaced by the next update.</summary>
    public bool Taint { get; init; }

    /// <summary>It was read, not created: never deleted by us.</summary>
    public bool External { get; init; }

    /// <summary>URNs, explicit ones and those of all property dependencies.</summary>
    public ImmutableArray<string> Dependencies { get; init; } = [];

    /// <summary>Why it is not what was asked for, as its provider said.</summary>
    public ImmutableArray<string> InitErrors { get; init; } = [];

    /// <summary><c>provider URN::id</c>; empty for components and providers.</summary>
    public string Provider { get; init; } = string.Empty;

    /// <summary>URNs by input property.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> PropertyDependencies { get; init; } =
        ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal);

    /// <summary>It was deleted first, and its replacement has not been created yet.</summary>
    public bool PendingReplacement { get; init; }

    public ImmutableArray<string> AdditionalSecretOutputs { get; init; } = [];

    public ImmutableArray<string> Aliases { get; init; } = [];

    public CustomTimeouts? CustomTimeouts { get; init; }

    public string ImportId { get; init; } = string.Empty;

    /// <summary>A deletion removes it from the state only.</summary>
    public bool RetainOnDelete { get; init; }

    /// <summary>The URN whose deletion deletes this one too, or empty.</summary>
    public string DeletedWith { get; init; } = string.Empty;

    /// <summary>The URNs whose replacement replaces this one too.</summary>
    public ImmutableArray<string> ReplaceWith { get; init; } = [];

    public DateTimeOffset? Created { get; init; }

    public DateTimeOffset? Modified { get; init; }

    public string SourcePosition { get; init; } = string.Empty;

    public ImmutableArray<string> IgnoreChanges { get; init; } = [];

    public ImmutableArray<string> ReplaceOnChanges { get; init; } = [];

    /// <summary>Its provider asked to be read before every diff, so that drift shows on a plain preview.</summary>
    public bool RefreshBeforeUpdate { get; init; }

    /// <summary>Keys of the state file that are not known here; they are written back as they were.</summary>
    public ImmutableSortedDictionary<string, JToken> Unknown { get; init; } =
        ImmutableSortedDictionary.Create<string, JToken>(StringComparer.Ordinal);
}

/// <summary>How long an operation of one resource may take; null for the provider's own limit.</summary>
public sealed record CustomTimeouts(TimeSpan? Create, TimeSpan? Update, TimeSpan? Delete, TimeSpan? Read);
