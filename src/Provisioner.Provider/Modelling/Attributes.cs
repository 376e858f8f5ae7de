namespace Provisioner.Provider.Modelling;

/// <summary>Never shown, never stored in clear: marks the property as secret in the schema, in checked inputs and in outputs.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretAttribute : Attribute;

/// <summary>
/// A record that travels as one secret although it is not secret in every part: only what its own properties mark is taken out of
/// the texts that leave. For a connection with a password, whose host and user must stay readable in an error.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SecretPartsAttribute : Attribute;

/// <summary>What people read in the schema, and in messages about the property or the value.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class | AttributeTargets.Field | AttributeTargets.Enum)]
internal sealed class DocAttribute(string text) : Attribute
{
    /// <summary>Markdown; the first sentence stands alone.</summary>
    public string Text { get; } = text;
}

/// <summary>A name on the wire other than the member's own in camel case; for properties and enum values.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class WireNameAttribute(string name) : Attribute
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;
}

/// <summary>The schema tells that a change of this input replaces the resource. The plan decides; this only documents.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ReplacesAttribute : Attribute;

/// <summary>
/// Allows something, such as losing what is on a disk, and is no part of what is wanted: an engine keeps the new value, but a change
/// of it alone is no difference.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PermissionAttribute : Attribute;
