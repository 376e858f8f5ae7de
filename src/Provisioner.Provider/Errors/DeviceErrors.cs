using Grpc.Core;

namespace Provisioner.Provider.Errors;

/// <summary>The device does not answer at its address.</summary>
public sealed class DeviceUnreachableException(string what, Exception? inner = null)
    : ProviderException("device.unreachable", StatusCode.FailedPrecondition, what, inner);

/// <summary>What answers is not proven to be the device: its host key is not the pinned one, or none is pinned.</summary>
public sealed class DeviceUntrustedException(string what) : ProviderException("device.untrusted", StatusCode.PermissionDenied, what)
{
    /// <summary>The pin, as the user wrote it; null when there is none.</summary>
    public string? Expected { get; init; }

    /// <summary>What was presented, as <c>SHA256:…</c>.</summary>
    public string? Presented { get; init; }
}

/// <summary>The device answers and is the right one, but does not let us in (or lets us do too little).</summary>
public sealed class DeviceLoginException(string what, Exception? inner = null)
    : ProviderException("device.login", StatusCode.PermissionDenied, what, inner);

/// <summary>Another operator, of another stack or at another workstation, changes the device.</summary>
public sealed class DeviceHeldException(string what) : ProviderException("device.held", StatusCode.FailedPrecondition, what);

/// <summary>The connection broke, or went silent, while something was under way on it.</summary>
public sealed class DeviceLinkLostException(string what, Exception? inner = null)
    : ProviderException("device.link-lost", StatusCode.Aborted, what, inner);

/// <summary>The device answered something that no device says of itself.</summary>
public sealed class DeviceUnreadableException(string what, Exception? inner = null)
    : ProviderException("device.unreadable", StatusCode.FailedPrecondition, what, inner);

/// <summary>A script ended with an exit status that it may not have, or was killed.</summary>
public sealed class ScriptFailedException(string what) : ProviderException("step.failed", StatusCode.Aborted, what)
{
    /// <summary>Null when a signal ended it.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The end of what it wrote to stderr.</summary>
    public string StderrTail { get; init; } = string.Empty;
}

/// <summary>A script did not end within its deadline.</summary>
public sealed class ScriptTimeoutException(string what) : ProviderException("step.timeout", StatusCode.DeadlineExceeded, what);

/// <summary>A step of a plan failed: which one, and what had been done before it.</summary>
public sealed class StepFailedException(string what, Exception inner)
    : ProviderException((inner as ProviderException)?.Code ?? "step.failed", (inner as ProviderException)?.Status ?? StatusCode.Aborted, what, inner)
{
    /// <summary>Whether something on the device may have changed: an earlier step ended, or this one had begun.</summary>
    public bool MayHaveChanged { get; init; }
}

/// <summary>The engine asked us to stop.</summary>
public sealed class CancelledException(string what) : ProviderException("cancelled", StatusCode.Cancelled, what);
