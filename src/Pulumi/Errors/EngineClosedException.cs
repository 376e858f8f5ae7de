using Grpc.Core;

namespace Pulumi;

/// <summary>The engine takes no more registrations. As a rule it has told the reason itself: another resource failed.</summary>
internal sealed class EngineClosedException(string what, RpcException? cause)
    : Exception($"{what}: the engine takes no more registrations{(cause is null ? "" : $" ({cause.Status.Detail})")}.", cause)
{
    /// <summary>What was asked of the engine.</summary>
    public string What { get; } = what;
}
