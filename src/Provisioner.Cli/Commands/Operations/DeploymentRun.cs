using Provisioner.Cli.Display;
using Provisioner.Cli.Sessions;
using Provisioner.Engine.Deployments;

namespace Provisioner.Cli.Commands.Operations;

/// <summary>One run of the engine, shown as it goes.</summary>
internal sealed class DeploymentRun(Session session, OperationSettings settings, CancellationToken stop) : IAsyncDisposable
{
    /// <summary>The display: a JSON document, a live view, or plain lines.</summary>
    public IDisplay Display { get; } = Show(session, settings);

    public async Task<DeploymentResult> RunAsync(DeploymentRequest request)
    {
        await using var told = stop.Register(Display.Cancelling);
        var result = await DeploymentEngine.RunAsync(request, Display.Handle, stop, session.Context.Kill);

        // What follows may be a question, so whatever was drawn in place has to be gone.
        await Display.DisposeAsync();
        return result;
    }

    public ValueTask DisposeAsync() => Display.DisposeAsync();

    private static IDisplay Show(Session session, OperationSettings settings)
    {
        var context = session.Context;
        return settings.Json ? new JsonDisplay(context.Output, context.Time, settings.Display)
            : session.IsInteractive ? new LiveDisplay(context.Output, session.Out, context.Size, context.Time, settings.Display)
            : new PlainDisplay(session.Out, context.Time, settings.Display);
    }
}
