using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Pulumi.Testing;

/// <summary>A resource that a program under test makes.</summary>
public class MockResourceArgs
{
    /// <summary>The type's token.</summary>
    public string? Type { get; set; }

    /// <summary>The name.</summary>
    public string? Name { get; set; }

    /// <summary>The inputs that are known: texts, bools, doubles, and immutable arrays and dictionaries of them; secrets are plain.</summary>
    public ImmutableDictionary<string, object> Inputs { get; set; } = ImmutableDictionary<string, object>.Empty;

    /// <summary>The provider's reference; empty for the default one.</summary>
    public string? Provider { get; set; }

    /// <summary>The id by which it is read or imported; empty otherwise.</summary>
    public string? Id { get; set; }
}

/// <summary>A function that a program under test calls.</summary>
public class MockCallArgs
{
    /// <summary>The function's token.</summary>
    public string? Token { get; set; }

    /// <summary>The inputs, in the form of <see cref="MockResourceArgs.Inputs"/>.</summary>
    public ImmutableDictionary<string, object> Args { get; set; } = ImmutableDictionary<string, object>.Empty;

    /// <summary>The provider's reference; empty for the default one.</summary>
    public string? Provider { get; set; }
}

/// <summary>The outputs of a component or stack under test.</summary>
/// <param name="urn">Whose they are.</param>
/// <param name="outputs">By name.</param>
[SuppressMessage("Design", "CA1051", Justification = "Fields in the official package, too.")]
public class MockRegisterResourceOutputsRequest(string urn, ImmutableDictionary<string, Output<object?>> outputs)
{
    /// <summary>Whose they are.</summary>
    public readonly string Urn = urn;

    /// <summary>By name.</summary>
    public readonly ImmutableDictionary<string, Output<object?>> Outputs = outputs;
}
