using System.Collections.Immutable;
using Provisioner.Engine.Deployments.Providers;
using Provisioner.Engine.State;
using Pulumi.Wire;

namespace Provisioner.Engine.Deployments.Registration;

/// <summary>What a program wants a resource to be.</summary>
internal sealed record ResourceGoal
{
    public required string Type { get; init; }

    public required string Name { get; init; }

    /// <summary>URN, or empty.</summary>
    public string Parent { get; init; } = string.Empty;

    public required bool Custom { get; init; }

    public required PropertyMap Inputs { get; init; }

    /// <summary>Null where the program does not say: then the parent does.</summary>
    public bool? Protect { get; init; }

    /// <summary>Null where the program does not say: then the parent does.</summary>
    public bool? RetainOnDelete { get; init; }

    /// <summary>URN, or empty where the program does not say: then the parent does.</summary>
    public string DeletedWith { get; init; } = string.Empty;

    /// <summary>The URNs whose replacement replaces this one too.</summary>
    public ImmutableArray<string> ReplaceWith { get; init; } = [];

    public ImmutableArray<string> Dependencies { get; init; } = [];

    public ImmutableSortedDictionary<string, ImmutableArray<string>> PropertyDependencies { get; init; } =
        ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal);

    /// <summary>A provider reference, or empty for the package's default.</summary>
    public string Provider { get; init; } = string.Empty;

    /// <summary>What the type's package is asked for, when there is no provider.</summary>
    public required PackageRequest Package { get; init; }

    /// <summary>What exists already and is to be taken over, by the provider's id; or empty.</summary>
    public string ImportId { get; init; } = string.Empty;

    /// <summary>Null leaves it to the provider.</summary>
    public bool? DeleteBeforeReplace { get; init; }

    public ImmutableArray<string> IgnoreChanges { get; init; } = [];

    public ImmutableArray<string> ReplaceOnChanges { get; init; } = [];

    public ImmutableArray<string> AdditionalSecretOutputs { get; init; } = [];

    /// <summary>Former names, as the program gives them.</summary>
    public ImmutableArray<ResourceAlias> Aliases { get; init; } = [];

    public CustomTimeouts? CustomTimeouts { get; init; }

    public string SourcePosition { get; init; } = string.Empty;
}

/// <summary>A former name: a URN, or the parts that were different.</summary>
internal abstract record ResourceAlias
{
    private ResourceAlias()
    {
    }

    public sealed record Exact(string Urn) : ResourceAlias;

    /// <param name="Name">Null (as every part) for the present one.</param>
    /// <param name="Parent">URN; empty for none; null for the present one.</param>
    public sealed record Parts(string? Name, string? Type, string? Stack, string? Project, string? Parent) : ResourceAlias;
}
