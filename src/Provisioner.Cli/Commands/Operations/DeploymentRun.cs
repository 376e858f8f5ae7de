using Provisioner.Cli.Display;
using Provisioner.Cli.Sessions;
using Provisioner.Engine.Deployments;

namespace Provisioner.Cli.Commands.Operations;

/// <summary>One run of the engine, shown as it goes.</summary>
internal sealed class DeploymentRun(Session session, OperationSettings settings, CancellationToken stop) : IAsyncDisposable
{
    private Exception? _unshown;

    /// <summary>The display: a JSON document, a live view, or plain lines.</summary>
    public IDisplay Display { get; } = Show(session, settings);

    public async Task<DeploymentResult> RunAsync(DeploymentRequest request)
    {
        await using var told = stop.Register(() => Show(Display.Cancelling));
        var result = await DeploymentEngine.RunAsync(request, engineEvent => Show(() => Display.Handle(engineEvent)), stop, session.Context.Kill);

        // What follows may be a question, so whatever was drawn in place has to be gone.
        await DisposeAsync();
        if (_unshown is { } failure)
        {
            session.Error.Warn($"not all of the run could be shown: {failure.Message}");
        }

        return result;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Display.DisposeAsync();
        }
        catch (Exception failure)
        {
            _unshown ??= failure;
        }
    }

    /// <summary>Nothing that goes wrong with showing ends a run: it has begun things that must be finished and recorded.</summary>
    private void Show(Action show)
    {
        try
        {
            show();
        }
        catch (Exception failure)
        {
            _unshown ??= failure;
        }
    }

    private static IDisplay Show(Session session, OperationSettings settings)
    {
        var context = session.Context;
        return settings.Json ? new JsonDisplay(context.Output, context.Time, settings.Display)
            : session.IsInteractive ? new LiveDisplay(context.Output, session.Out, context.Size, context.Time, settings.Display)
            : new PlainDisplay(session.Out, context.Time, settings.Display);
    }
}
