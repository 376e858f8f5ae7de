using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Provisioner.Provider.Tests.Remote;

/// <summary>A wire to a server that can be cut, and that can swallow everything while it looks alive.</summary>
internal sealed class FaultyWire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly int _target;
    private readonly Task _accepting;
    private int _connections;

    public FaultyWire(int target)
    {
        _target = target;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>How often it was dialled.</summary>
    public int Connections => _connections;

    /// <summary>Bytes are taken and thrown away; no connection is closed, and new ones are taken.</summary>
    public bool IsSwallowing { get; set; }

    /// <summary>How long every piece of every answer takes on its way.</summary>
    public TimeSpan Slowness { get; set; }

    /// <summary>A connection is reset when so many bytes of answers have come over it.</summary>
    public int AnswersBeforeCut { get; set; } = int.MaxValue;

    /// <summary>Everything that is open is reset.</summary>
    public void Cut()
    {
        while (_sockets.TryTake(out var socket))
        {
            socket.Close(0);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        Cut();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_end.Token);
                Interlocked.Increment(ref _connections);
                var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await server.ConnectAsync(IPAddress.Loopback, _target, _end.Token);
                _sockets.Add(client);
                _sockets.Add(server);
                _ = RelayAsync(client, server, isAnswer: false);
                _ = RelayAsync(server, client, isAnswer: true);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task RelayAsync(Socket from, Socket to, bool isAnswer)
    {
        var buffer = new byte[16 * 1024];
        var carried = 0;
        try
        {
            while (await from.ReceiveAsync(buffer, _end.Token) is var count and > 0)
            {
                carried += count;
                if (isAnswer && carried > AnswersBeforeCut)
                {
                    from.Close(0);
                    to.Close(0);
                    return;
                }

                if (isAnswer && Slowness > TimeSpan.Zero)
                {
                    await Task.Delay(Slowness, _end.Token);
                }

                if (!IsSwallowing)
                {
                    await to.SendAsync(buffer.AsMemory(0, count), _end.Token);
                }
            }

            if (!IsSwallowing)
            {
                to.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Cut, or the test is over.
        }
    }
}
