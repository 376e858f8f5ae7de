using System.Collections.Immutable;
using Grpc.Core;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Errors;

/// <summary>Inputs that are not what the resource takes.</summary>
public sealed class InputInvalidException : ProviderException
{
    public InputInvalidException(string what, Exception? inner = null)
        : base("input.invalid", StatusCode.InvalidArgument, what, inner)
    {
    }

    /// <summary>Inputs with these failures, each with its property path.</summary>
    public InputInvalidException(string what, ImmutableArray<PropertyFailure> failures)
        : this(what) => Why = string.Join('\n', failures.Select(failure => failure.ToString()));
}

/// <summary>A resource in the state that this version of the provider cannot read.</summary>
public sealed class StateUnreadableException(string what) : ProviderException("state.unreadable", StatusCode.FailedPrecondition, what);

/// <summary>Something would be destroyed without consent, or under a consent that no longer fits.</summary>
public sealed class RefusedDestructiveException(string what) : ProviderException("refused.destructive", StatusCode.FailedPrecondition, what);

/// <summary>Something that this provider, or this device, cannot do.</summary>
public sealed class NotSupportedHereException(string what) : ProviderException("unsupported", StatusCode.FailedPrecondition, what);
