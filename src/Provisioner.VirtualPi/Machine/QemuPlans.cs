using Provisioner.VirtualPi.Building;

namespace Provisioner.VirtualPi.Machine;

internal static class QemuPlans
{
    /// <summary>How this machine's QEMU is started, from what is kept of it.</summary>
    public static QemuPlan Of(PiMachine machine, MachineState state, CardImage card, PiAcceleration acceleration) => new()
    {
        Folder = machine.Folder,
        Name = machine.Name,
        Acceleration = acceleration,
        Kernel = card.Kernel,
        InitialRamDisk = card.InitialRamDisk,
        BoardSerial = state.BoardSerial,
        WifiPort = state.WifiPort,
        ServicePort = state.ServicePort,
    };
}
