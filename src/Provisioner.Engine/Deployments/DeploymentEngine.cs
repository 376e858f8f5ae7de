using Provisioner.Engine.Deployments.Events;

namespace Provisioner.Engine.Deployments;

/// <summary>The embedded engine: one call, one run over a stack.</summary>
public static class DeploymentEngine
{
    /// <summary>
    /// Runs the program (for an update), plans each resource as it is registered, and carries the steps out.
    /// Whatever goes wrong in the run is told by events and by <see cref="DeploymentResult.Succeeded"/>, not by an exception;
    /// the last event is always <see cref="EngineEvent.Ended"/>, with the result that is returned.
    /// </summary>
    /// <param name="request">What to do; its store, if any, is called before and after each step.</param>
    /// <param name="onEvent">Called by one caller at a time, in order; it must not block for long.</param>
    /// <param name="stop">The first Ctrl-C: no new steps, plugins are asked to cancel, steps in flight end and are saved.</param>
    /// <param name="kill">The second Ctrl-C: program and plugins are killed; steps in flight stay in the state as pending operations.</param>
    public static Task<DeploymentResult> RunAsync(
        DeploymentRequest request,
        Action<EngineEvent> onEvent,
        CancellationToken stop,
        CancellationToken kill) =>
        throw new NotSupportedException("The executor is not part of this build yet.");
}
