namespace Pulumi;

/// <summary>Marks an <see cref="Output{T}"/> property that the engine fills, or that a stack or component gives out.</summary>
/// <param name="name">The property's name on the wire; the C# name when it is left out.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OutputAttribute(string? name = null) : Attribute
{
    /// <summary>The property's name on the wire, or null for the C# name.</summary>
    public string? Name { get; } = name;
}

/// <summary>Marks a field or property of an arguments class that is sent as an input.</summary>
/// <param name="name">The property's name on the wire.</param>
/// <param name="required">Whether leaving it out is an error.</param>
/// <param name="json">Whether the provider wants it as JSON text.</param>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class InputAttribute(string name, bool required = false, bool json = false) : Attribute
{
    internal string Name { get; } = name;

    internal bool IsRequired { get; } = required;

    internal bool Json { get; } = json;
}
