using Grpc.Core;
using Pulumi.Wire.Rpc;

namespace Pulumi.Runtime;

/// <summary>Messages to the engine, in the order in which they were written.</summary>
internal sealed class EngineLog(Engine.EngineClient engine, OutstandingWork work)
{
    private readonly Lock _lock = new();
    private Task _last = Task.CompletedTask;

    /// <summary>Whether an error was written, so that the run may not end as successful.</summary>
    public bool HasErrors { get; private set; }

    public void Write(LogSeverity severity, string message, Resource? resource = null, int streamId = 0, bool ephemeral = false)
    {
        HasErrors |= severity == LogSeverity.Error;
        work.Track(WriteAsync(
            new LogRequest { Severity = severity, Message = message, StreamId = streamId, Ephemeral = ephemeral }, resource));
    }

    /// <summary>Sends a message about a resource that may never get a URN, without waiting for one.</summary>
    /// <exception cref="LogException">The engine did not take it.</exception>
    public async Task WriteLastAsync(LogSeverity severity, string message, Resource? resource)
    {
        HasErrors |= severity == LogSeverity.Error;
        var request = new LogRequest { Severity = severity, Message = message };
        if (resource?.Urn.Data is { IsCompletedSuccessfully: true } urn)
        {
            request.Urn = (await urn.ConfigureAwait(false)).Value ?? string.Empty;
        }

        await SendAsync(request).ConfigureAwait(false);
    }

    private async Task WriteAsync(LogRequest request, Resource? resource)
    {
        if (resource is not null)
        {
            try
            {
                request.Urn = await resource.Urn.GetValueAsync(whenUnknown: string.Empty).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // That the registration failed is reported at its own place; the message is about the stack then.
            }
        }

        await SendAsync(request).ConfigureAwait(false);
    }

    private Task SendAsync(LogRequest request)
    {
        lock (_lock)
        {
            return _last = SendAfterAsync(_last, request);
        }
    }

    private async Task SendAfterAsync(Task previous, LogRequest request)
    {
        await previous.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            await engine.LogAsync(request);
        }
        catch (RpcException exception)
        {
            throw new LogException(exception);
        }
    }
}
