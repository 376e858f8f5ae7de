using System.Collections.Immutable;
using Pulumi.Serialization;

namespace Pulumi;

/// <summary>A set of inputs: its fields and properties with [Input].</summary>
public abstract class InputArgs
{
    private protected InputArgs()
    {
    }

    /// <summary>The inputs as they are now, by their names on the wire.</summary>
    /// <exception cref="ArgumentNullException">A required input has no value.</exception>
    internal virtual ImmutableArray<InputValue> Snapshot() => InputMembers.Read(this);
}

/// <summary>The inputs of a resource, or of an object inside them.</summary>
public abstract class ResourceArgs : InputArgs
{
    /// <summary>No inputs.</summary>
    public static readonly ResourceArgs Empty = new None();

    private sealed class None : ResourceArgs;
}

/// <summary>The inputs of a provider's function.</summary>
public abstract class InvokeArgs : InputArgs
{
    /// <summary>No inputs.</summary>
    public static readonly InvokeArgs Empty = new None();

    private sealed class None : InvokeArgs;
}
