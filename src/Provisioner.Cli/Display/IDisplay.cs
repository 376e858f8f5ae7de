using Provisioner.Engine.Deployments.Events;

namespace Provisioner.Cli.Display;

/// <summary>Shows one run. Disposed when the run is over, however it ended.</summary>
internal interface IDisplay : IAsyncDisposable
{
    /// <summary>Called by one caller at a time, in order.</summary>
    void Handle(EngineEvent engineEvent);

    /// <summary>The run has been asked to end: what is in flight is finished first.</summary>
    void Cancelling();

    /// <summary>The lines of what a run has changed or would change, with everything about it: the answer to "details".</summary>
    IReadOnlyList<Terminal.StyledLine> FullDetails();
}
