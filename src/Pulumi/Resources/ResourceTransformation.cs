namespace Pulumi;

/// <summary>Changes a resource's inputs and options before it is registered, and those of all its children.</summary>
/// <returns>What takes the place of inputs and options; null to leave both as they are.</returns>
public delegate ResourceTransformationResult? ResourceTransformation(ResourceTransformationArgs args);

/// <summary>What a transformation is given.</summary>
public readonly record struct ResourceTransformationArgs
{
    public ResourceTransformationArgs(Resource resource, ResourceArgs args, ResourceOptions options) =>
        (Resource, Args, Options) = (resource, args, options);

    /// <summary>The resource, not registered yet.</summary>
    public Resource Resource { get; }

    /// <summary>Its inputs, after the transformations that came before.</summary>
    public ResourceArgs Args { get; }

    /// <summary>Its options, after the transformations that came before.</summary>
    public ResourceOptions Options { get; }
}

/// <summary>What a transformation gives.</summary>
public readonly record struct ResourceTransformationResult
{
    /// <param name="args">The inputs.</param>
    /// <param name="options">The options; the parent must be the same.</param>
    public ResourceTransformationResult(ResourceArgs args, ResourceOptions options) => (Args, Options) = (args, options);

    /// <summary>The inputs.</summary>
    public ResourceArgs Args { get; }

    /// <summary>The options.</summary>
    public ResourceOptions Options { get; }
}
