using System.Threading.Channels;
using Grpc.Core;
using Grpc.Net.Client;
using Provisioner.Provider.Remote;
using Pulumi.Wire.Loopback;
using Pulumi.Wire.Redaction;
using Pulumi.Wire.Rpc;

namespace Provisioner.Provider.Hosting;

/// <summary>
/// What people read while an operation runs. Messages go out one after the other, in the order in which they were written;
/// whoever logs does not wait. An engine that does not take them is no reason to fail.
/// </summary>
internal sealed class EngineLog : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Redactor _redactor;
    private readonly TimeProvider _time;
    private readonly Channel<Entry> _queue = Channel.CreateUnbounded<Entry>(new UnboundedChannelOptions { SingleReader = true });
    private readonly GrpcChannel _channel;
    private readonly Task _sending;

    public EngineLog(string engineAddress, Redactor redactor, TimeProvider time)
    {
        (_redactor, _time) = (redactor, time);
        _channel = GrpcChannel.ForAddress($"http://{engineAddress}", new GrpcChannelOptions { HttpHandler = LoopbackPeer.CreateHandler(), DisposeHttpClient = true });
        _sending = SendAsync(new Engine.EngineClient(_channel));
    }

    /// <summary>Queues one message.</summary>
    public void Write(LogSeverity severity, string urn, string message, bool isStatus = false) => _queue.Writer.TryWrite(new Entry(
        new LogRequest { Severity = severity, Urn = urn, Message = _redactor.Redact(RemoteText.Clean(message)), Ephemeral = isStatus }, null));

    /// <summary>Completes when everything queued so far is with the engine, or has failed to get there.</summary>
    public Task FlushAsync()
    {
        var flushed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _queue.Writer.TryWrite(new Entry(null, flushed)) ? Task.WhenAny(flushed.Task, Task.Delay(Patience * 2, _time)) : Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await Task.WhenAny(_sending, Task.Delay(Patience, _time));
        _channel.Dispose();
    }

    private async Task SendAsync(Engine.EngineClient client)
    {
        await foreach (var entry in _queue.Reader.ReadAllAsync())
        {
            if (entry.Message is not null)
            {
                using var limit = new CancellationTokenSource(Patience, _time);
                try
                {
                    await client.LogAsync(entry.Message, cancellationToken: limit.Token);
                }
                catch (Exception failure) when (failure is RpcException or ObjectDisposedException or OperationCanceledException)
                {
                    // The engine is going, or knows no log: there is nobody to tell.
                }
            }

            entry.Flushed?.TrySetResult();
        }
    }

    private sealed record Entry(LogRequest? Message, TaskCompletionSource? Flushed);
}
