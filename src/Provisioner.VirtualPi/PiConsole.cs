using System.Net.Sockets;
using Provisioner.VirtualPi.Machine;

namespace Provisioner.VirtualPi;

/// <summary>A connection to a running machine's serial console: a screen and a keyboard on its serial line, for one at a time.</summary>
/// <remarks>root logs in there without a password. What it says is in the serial log too, whether or not anybody is connected.</remarks>
public sealed class PiConsole : IDisposable
{
    /// <summary>The key that leaves the console: Ctrl-], as with telnet.</summary>
    public const byte LeaveKey = 0x1d;

    private readonly NetworkStream _line;

    private PiConsole(NetworkStream line) => _line = line;

    /// <summary>Copies the keyboard to the serial line and the line to the screen, until Ctrl-] is pressed, the keyboard ends, or the machine goes off.</summary>
    /// <param name="keyboard">Bytes as they are typed: the caller has put the terminal into raw mode.</param>
    /// <param name="screen">Gets the line's bytes as they come.</param>
    /// <param name="cancellationToken">Leaves, too.</param>
    public async Task AttachAsync(Stream keyboard, Stream screen, CancellationToken cancellationToken = default)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var typing = TypeAsync(keyboard, end.Token);
        var showing = ShowAsync(screen, end.Token);
        await Task.WhenAny(typing, showing);
        await end.CancelAsync();
        // A keyboard that is blocked in a read cannot be called back; it is left to itself, and what it reads is not sent.
        await showing;
        cancellationToken.ThrowIfCancellationRequested();
    }

    public void Dispose() => _line.Dispose();

    internal static async Task<PiConsole> ConnectAsync(MachineFolder folder, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(folder.ConsoleSocket), cancellationToken);
            return new PiConsole(new NetworkStream(socket, ownsSocket: true));
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new PiException($"No serial console at {folder.ConsoleSocket}: {exception.Message}. Is the machine on?", exception);
        }
    }

    private async Task TypeAsync(Stream keyboard, CancellationToken cancellationToken)
    {
        var keys = new byte[256];
        int count;
        while ((count = await keyboard.ReadAsync(keys, cancellationToken)) > 0)
        {
            var leave = Array.IndexOf(keys, LeaveKey, 0, count);
            await _line.WriteAsync(keys.AsMemory(0, leave < 0 ? count : leave), cancellationToken);
            if (leave >= 0)
            {
                return;
            }
        }
    }

    private async Task ShowAsync(Stream screen, CancellationToken cancellationToken)
    {
        var text = new byte[4096];
        try
        {
            int count;
            while ((count = await _line.ReadAsync(text, cancellationToken)) > 0)
            {
                await screen.WriteAsync(text.AsMemory(0, count), cancellationToken);
                await screen.FlushAsync(cancellationToken);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // Left, or switched off: both end it.
        }
    }
}
