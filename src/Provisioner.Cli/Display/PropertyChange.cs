using Pulumi.Wire;

namespace Provisioner.Cli.Display;

internal enum ChangeKind
{
    Same,
    Add,
    Delete,
    Update,
}

/// <summary>One property of a diff, down to a single value.</summary>
/// <param name="Path">The full path.</param>
/// <param name="Old">Null where it is added.</param>
/// <param name="New">Null where it is removed.</param>
/// <param name="Replaces">The resource has to be replaced for it.</param>
internal sealed record PropertyChange(string Path, ChangeKind Kind, PropertyValue? Old, PropertyValue? New, bool Replaces)
{
    /// <summary>Whether either side is a secret: then neither is shown, for what was public a moment ago may be the same text.</summary>
    public bool IsSecret => (Old?.ContainsSecrets() ?? false) || (New?.ContainsSecrets() ?? false);
}
