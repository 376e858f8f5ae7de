using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace Pulumi.Wire.Loopback;

/// <summary>
/// Who is at the other end of a connection within this machine. Pulumi's protocol has no credentials, and any process of the machine can
/// reach a loopback port; so each end asks the kernel whose process it talks to, and talks to those of its own user (and root's) only.
/// <para>
/// This holds on Linux. Other systems do not tell by a file who owns a socket; there any local process is answered, as it is by Pulumi itself.
/// </para>
/// </summary>
public static class LoopbackPeer
{
    // A list that is read while sockets come and go may lack one of them once.
    private const int Looks = 3;

    private static readonly Lazy<uint> Ourselves = new(() =>
    {
        // Real, effective, saved and file system user; sockets belong to the last one, which follows the effective one.
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal));
        return uint.Parse(line.Split('\t')[2], CultureInfo.InvariantCulture);
    });

    /// <summary>Serves an accepted connection, or tells why not. Nothing is told of one that is gone and had sent nothing: it has only looked whether somebody listens.</summary>
    /// <param name="local">Our end.</param>
    /// <param name="remote">The end that connected.</param>
    /// <param name="received">What it sends.</param>
    /// <param name="serve">Speaks with it until one of the two ends it.</param>
    /// <param name="onRefused">Told why it is not served.</param>
    public static async Task ServeAsync(EndPoint? local, EndPoint? remote, PipeReader received, Func<Task> serve, Action<string> onRefused)
    {
        if (Refusal(local, remote, out var owned) is not { } refusal)
        {
            await serve().ConfigureAwait(false);
        }
        else if (owned || !(await received.ReadAsync().ConfigureAwait(false)).Buffer.IsEmpty)
        {
            onRefused(refusal);
        }
    }

    private static string? Refusal(EndPoint? local, EndPoint? remote, out bool owned)
    {
        owned = true;
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        return local is not IPEndPoint ours || remote is not IPEndPoint theirs
            ? $"a connection from {remote} was refused: it is no TCP connection"
            : Verdict(() => SocketTable.OwnerOfConnection(theirs, ours), $"a connection from {theirs}", out owned);
    }

    /// <summary>Why a server that we are connected to is sent nothing, or null when it may be: a port that became free again may be anybody's.</summary>
    /// <param name="server">The end that we connected to.</param>
    public static string? RefusalOfServer(EndPoint? server) => OperatingSystem.IsLinux() && server is IPEndPoint { Address: var address } at && IPAddress.IsLoopback(address)
        ? Verdict(() => SocketTable.OwnerOfListener(at), $"the connection to {at}", out _)
        : null;

    /// <summary>For channels to an end on this machine: connects to a process of our own user only.</summary>
    public static SocketsHttpHandler CreateHandler() => new()
    {
        UseProxy = false,

        // A registration lasts as long as its step, and a server may allow some hundred at once on a connection.
        EnableMultipleHttp2Connections = true,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectCallback = ConnectAsync,
    };

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            return RefusalOfServer(socket.RemoteEndPoint) is { } refusal ? throw new IOException(refusal) : new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static string? Verdict(Func<uint?> owner, string what, out bool owned)
    {
        owned = true;
        for (var look = 0; look < Looks; look++)
        {
            if (owner() is { } user)
            {
                return user == Ourselves.Value || user == 0
                    ? null
                    : string.Create(CultureInfo.InvariantCulture, $"{what} was refused: the process at its other end is the user {user}'s, and only those of the user {Ourselves.Value} are served");
            }
        }

        owned = false;
        return $"{what} was refused: the kernel names no owner of its other end in /proc/net/tcp";
    }
}
