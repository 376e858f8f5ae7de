using System.Collections.Immutable;

namespace Provisioner.Engine.Deployments.Imports;

/// <summary>Something that exists, to be taken into the state without a program.</summary>
/// <param name="Type">Such as <c>provisioner:index:ZfsPool</c>.</param>
/// <param name="Name">Its name in the program that will have it.</param>
/// <param name="Id">What the provider knows it by; empty for a component.</param>
public sealed record ImportRequest(string Type, string Name, string Id)
{
    /// <summary>URN; empty for the stack.</summary>
    public string Parent { get; init; } = string.Empty;

    /// <summary>The URN of a provider that is in the state; empty for the package's default.</summary>
    public string Provider { get; init; } = string.Empty;

    /// <summary>The provider's version, or empty for any.</summary>
    public string Version { get; init; } = string.Empty;

    /// <summary>Where the provider's plugin is to be had, or empty.</summary>
    public string PluginDownloadUrl { get; init; } = string.Empty;

    /// <summary>Which inputs the state is to hold; empty for all that the provider reads.</summary>
    public ImmutableArray<string> Properties { get; init; } = [];

    /// <summary>It only groups others: nothing is read.</summary>
    public bool Component { get; init; }

    /// <summary>It is protected afterwards.</summary>
    public bool Protect { get; init; }
}
