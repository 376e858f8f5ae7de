namespace Pulumi.Command;

/// <summary>Names the type that a resource class of this package stands for.</summary>
/// <param name="type">The type's token.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class CommandResourceTypeAttribute(string type) : ResourceTypeAttribute(type, null);
