using System.Collections.Immutable;

namespace Provisioner.Engine.Deployments.Providers;

/// <summary>A provider answered with an error, or died.</summary>
internal class ProviderException(string message) : Exception(message)
{
    /// <summary>The provider does not know the call.</summary>
    public bool IsUnimplemented { get; init; }
}

/// <summary>A provider does not accept inputs.</summary>
/// <param name="failures">The property's path, empty for the whole resource, and the reason.</param>
internal sealed class CheckFailedException(ImmutableArray<(string Property, string Reason)> failures)
    : ProviderException(string.Join('\n', failures.Select(failure => failure.Property.Length == 0 ? failure.Reason : $"property \"{failure.Property}\": {failure.Reason}")));
