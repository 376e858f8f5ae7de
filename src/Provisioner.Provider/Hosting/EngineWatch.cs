using System.Globalization;
using System.Net.Sockets;
using Pulumi.Wire.Loopback;

namespace Provisioner.Provider.Hosting;

/// <summary>
/// Notices that the engine is gone, however it went: an engine that was killed can tell nobody, and stdin says nothing (it is
/// not the engine's). Its port on loopback is closed by the kernel in the same moment, so a refused connection is proof.
/// </summary>
internal static class EngineWatch
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Calls <paramref name="gone"/> once the engine at the address refuses connections twice in a row.</summary>
    public static async Task RunAsync(Func<string?> address, Action gone, TimeProvider time, CancellationToken cancellation)
    {
        var refusals = 0;
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (refusals < 2 && await timer.WaitForNextTickAsync(cancellation))
            {
                refusals = address() is { } engine && await RefusesAsync(engine, cancellation) ? refusals + 1 : 0;
            }

            gone();
        }
        catch (OperationCanceledException)
        {
            // The plugin ends for another reason.
        }
    }

    private static async Task<bool> RefusesAsync(string address, CancellationToken cancellation)
    {
        if (address.LastIndexOf(':') is var colon && (colon < 0 || !ushort.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            return false;
        }

        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address[..colon].Trim('[', ']'), int.Parse(address.AsSpan(colon + 1), CultureInfo.InvariantCulture), cancellation);

            // Another user's process may have taken the port that became free.
            return LoopbackPeer.RefusalOfServer(socket.RemoteEndPoint) is not null;
        }
        catch (SocketException failure)
        {
            return failure.SocketErrorCode == SocketError.ConnectionRefused;
        }
    }
}
