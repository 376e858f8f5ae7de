namespace Pulumi;

/// <summary>An error that belongs to a resource; it is shown at that resource.</summary>
/// <param name="message">What is wrong and what to do; never a secret.</param>
/// <param name="resource">The resource, or null for the stack.</param>
/// <param name="hideStack">Whether the message says it all, so that no stack trace is shown.</param>
public class ResourceException(string message, Resource? resource, bool hideStack = false) : Exception(message)
{
    internal Resource? Resource { get; } = resource;

    internal bool HideStack { get; } = hideStack;
}
