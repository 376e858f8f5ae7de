using System.Runtime.InteropServices;

namespace Provisioner.Cli;

/// <summary>
/// Ctrl-C, and being asked to end. The first time everything ends in good order, the second time at once;
/// who insists a third time gets out, whatever still hangs.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static readonly byte[] ShowCursor = "\e[?25h"u8.ToArray();

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _kill = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _times;

    public Interruption() => _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }
        .Select(signal => PosixSignalRegistration.Create(signal, Handle))];

    public CancellationToken Stop => _stop.Token;

    public CancellationToken Kill => _kill.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _stop.Dispose();
        _kill.Dispose();
    }

    private void Handle(PosixSignalContext signal)
    {
        signal.Cancel = true;
        switch (Interlocked.Increment(ref _times))
        {
            case 1:
                _stop.Cancel();
                break;
            case 2:
                _kill.Cancel();
                break;
            default:
                try
                {
                    if (!Console.IsOutputRedirected)
                    {
                        using var terminal = Console.OpenStandardOutput();
                        terminal.Write(ShowCursor);
                    }
                }
                catch (IOException)
                {
                    // The terminal is gone, and its cursor with it.
                }

                Environment.Exit(ExitCodes.Cancelled);
                break;
        }
    }
}
