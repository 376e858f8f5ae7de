using System.Net;
using System.Net.Sockets;

namespace Provisioner.VirtualPi.Machine;

/// <summary>Ports of 127.0.0.1 for machines.</summary>
internal static class LoopbackPorts
{
    public const string DefaultMachine = "pi";
    public const int DefaultWifi = 2222;
    public const int DefaultService = 2223;

    /// <summary>The default machine's well-known ones; for others two that are free now and that no other machine has.</summary>
    public static (int Wifi, int Service) Choose(string name, IReadOnlySet<int> taken)
    {
        if (name == DefaultMachine)
        {
            return (DefaultWifi, DefaultService);
        }

        // Both are held until both are chosen, or the system could give the same one twice.
        List<TcpListener> held = [];
        try
        {
            return (Next(), Next());
        }
        finally
        {
            held.ForEach(listener => listener.Dispose());
        }

        int Next()
        {
            while (true)
            {
                var listener = new TcpListener(IPAddress.Loopback, 0);
                held.Add(listener);
                listener.Start();
                var port = ((IPEndPoint)listener.LocalEndpoint).Port;
                if (port is not (DefaultWifi or DefaultService) && !taken.Contains(port))
                {
                    return port;
                }
            }
        }
    }

    public static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The greeting of whoever listens there, the first line of at most 255 bytes; null when nobody does, or it says nothing in time.</summary>
    public static async Task<string?> BannerAsync(int port, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, both.Token);
            using var reader = new StreamReader(client.GetStream());
            return await reader.ReadLineAsync(both.Token);
        }
        catch (Exception exception) when (exception is IOException or SocketException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }
}
