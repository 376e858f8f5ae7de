using System.Collections.Immutable;

namespace Provisioner.Engine.Projects;

/// <summary>A project file, Pulumi.yaml, as far as it is acted on here.</summary>
public sealed record Project
{
    /// <summary>At most 100 of <c>[A-Za-z0-9_.-]</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The absolute folder that Pulumi.yaml lies in.</summary>
    public required string Directory { get; init; }

    /// <summary>The absolute path of the file itself, or empty for Pulumi.yaml in <see cref="Directory"/>.</summary>
    public string FilePath { get; init; } = string.Empty;

    /// <summary>The runtime's name: <c>dotnet</c>, <c>nodejs</c>.</summary>
    public required string Runtime { get; init; }

    /// <summary>The runtime's options, such as <c>binary</c> or <c>typescript</c>, as text.</summary>
    public ImmutableSortedDictionary<string, string> RuntimeOptions { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>The program's folder or file relative to <see cref="Directory"/>, or empty.</summary>
    public string Main { get; init; } = string.Empty;

    public string Description { get; init; } = string.Empty;

    /// <summary>The folder of the stack files relative to <see cref="Directory"/>, or empty.</summary>
    public string StackConfigDirectory { get; init; } = string.Empty;

    /// <summary><c>backend.url</c>, or empty.</summary>
    public string BackendUrl { get; init; } = string.Empty;

    /// <summary><c>options.refresh: always</c>.</summary>
    public bool AlwaysRefresh { get; init; }

    /// <summary><c>plugins.providers</c>.</summary>
    public ImmutableArray<ProviderPlugin> Providers { get; init; } = [];

    /// <summary>The declared configuration, by full key.</summary>
    public ImmutableSortedDictionary<ConfigKey, ConfigDeclaration> Config { get; init; } = ImmutableSortedDictionary<ConfigKey, ConfigDeclaration>.Empty;
}

/// <summary>A provider that the project brings along.</summary>
/// <param name="Name">The package's name.</param>
/// <param name="Path">The absolute folder that holds <c>pulumi-resource-NAME</c> or PulumiPlugin.yaml.</param>
/// <param name="Version">Semantic version, or empty.</param>
public sealed record ProviderPlugin(string Name, string Path, string Version);

/// <summary>A declared configuration key.</summary>
/// <param name="Type">string, integer, boolean, array or object; empty where the project does not say.</param>
/// <param name="ItemsType">For arrays: the items' type (<c>array&lt;…&gt;</c> for arrays again), or empty.</param>
/// <param name="Default">The value where a stack has none, as text, or null.</param>
/// <param name="Value">The value for every stack, as text, or null.</param>
/// <param name="IsSecret">A stack's value must be encrypted.</param>
public sealed record ConfigDeclaration(string Type, string ItemsType, string Description, string? Default, string? Value, bool IsSecret)
{
    /// <summary>What <see cref="Default"/> or <see cref="Value"/> says, before it became text.</summary>
    internal StackValue? Given { get; init; }

    /// <summary>The type as errors name it, or empty.</summary>
    internal string FullType => Type == "array" ? $"array<{ItemsType}>" : Type;
}
