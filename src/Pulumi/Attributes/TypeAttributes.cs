namespace Pulumi;

/// <summary>Marks a class that outputs may hold: its values are the parameters of its constructor.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OutputTypeAttribute : Attribute;

/// <summary>Marks the constructor by which a class with <see cref="OutputTypeAttribute"/> is made.</summary>
[AttributeUsage(AttributeTargets.Constructor)]
public sealed class OutputConstructorAttribute : Attribute;

/// <summary>Names the property on the wire that a constructor's parameter takes.</summary>
/// <param name="name">The property's name on the wire.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class OutputConstructorParameterAttribute(string name) : Attribute
{
    /// <summary>The property's name on the wire.</summary>
    public string Name { get; } = name;
}

/// <summary>
/// Marks a struct that wraps one text or number of a fixed set: it has a constructor with that one parameter,
/// which may be private, and an explicit conversion back to it.
/// </summary>
[AttributeUsage(AttributeTargets.Struct)]
public sealed class EnumTypeAttribute : Attribute;

/// <summary>Names the type that a resource class stands for.</summary>
/// <param name="type">The type's token, such as <c>command:local:Command</c>.</param>
/// <param name="version">The package's version, or null.</param>
[AttributeUsage(AttributeTargets.Class)]
public class ResourceTypeAttribute(string type, string? version) : Attribute
{
    /// <summary>The type's token.</summary>
    public string Type { get; } = type;

    /// <summary>The package's version, or null.</summary>
    public string? Version { get; } = version;
}
