using CliWrap;
using CliWrap.Buffered;
using Provisioner.VirtualPi.Building;

namespace Provisioner.VirtualPi.Machine;

internal static class QemuPlans
{
    /// <summary>How this machine's QEMU is started, from what is kept of it and what this host can do.</summary>
    public static async Task<QemuPlan> OfAsync(
        PiMachine machine, MachineState state, CardImage card, PiAcceleration acceleration, CancellationToken cancellationToken) => new()
        {
            Folder = machine.Folder,
            Name = machine.Name,
            Acceleration = acceleration,
            Kernel = card.Kernel,
            InitialRamDisk = card.InitialRamDisk,
            Hardware = HardwareDrivers.Files(card.Hardware),
            BoardSerial = state.BoardSerial,
            WifiPort = state.WifiPort,
            ServicePort = state.ServicePort,
            IoUring = await CanIoUringAsync(machine.Folder.Card, cancellationToken),
        };

    // Kernels and containers may forbid it, each in its own way; a read tells.
    private static async Task<bool> CanIoUringAsync(string card, CancellationToken cancellationToken)
    {
        var result = await Cli.Wrap("qemu-io")
            .WithArguments(["-r", "-f", "qcow2", "-i", "io_uring", "-c", "read -q 0 512", card])
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(cancellationToken);
        return result.ExitCode == 0 && result.StandardError.Length == 0;
    }
}
