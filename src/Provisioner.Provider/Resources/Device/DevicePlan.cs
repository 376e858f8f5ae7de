using System.Collections.Immutable;
using Provisioner.Provider.Modelling;

namespace Provisioner.Provider.Resources.Device;

/// <summary>What differs in how a device is reached. Nothing is ever done to it.</summary>
internal sealed record DevicePlan : ResourcePlan
{
    public static DevicePlan Of(DeviceArgs desired, DeviceState? actual)
    {
        var address = DeviceAddresses.Of(desired).Text ?? desired.Address;
        if (actual is null)
        {
            return new DevicePlan { Changes = [new PropertyChange("address", ChangeKind.Add, null, address)] };
        }

        return new DevicePlan
        {
            Changes = actual.Address == address ? [] : [new PropertyChange("address", ChangeKind.Update, actual.Address, address)],
            Warnings = actual.Fleeting is { } why ? [$"the device runs from {actual.Root}, and what is written there is gone after its next start: {why}"] : [],
        };
    }

    /// <summary>
    /// Which ways to install a system would work. The Pi 4 starts its other CPUs by spin-table, from which arm64 kernels cannot
    /// take them back, so kexec fails there with EBUSY whatever the configuration says; some vendor kernels lack kexec altogether.
    /// </summary>
    public static ImmutableArray<InstallStrategy> Strategies(Inspection.DeviceFacts facts)
    {
        var kexec = facts.Kexec switch
        {
            { CoreBuiltIn: false } => "this kernel has no kexec (kexec_load: Function not implemented)",
            { Disabled: true } => "kexec is switched off until the next boot (kernel.kexec_load_disabled = 1)",
            { EnableMethod: "spin-table" } => "the CPUs were started by spin-table, and arm64 refuses kexec then (Resource busy)",
            _ => null,
        };
        var fromCard = facts.Boot.Incarnation == Inspection.Incarnation.Bootstrap;
        return
        [
            new InstallStrategy
            {
                Name = "bootstrap-card",
                Works = fromCard,
                Because = fromCard ? $"it runs from a card, from an installation image or over the network ({facts.Boot.Words}), so its own disk is free" : $"it runs from its own disk ({facts.Boot.Words}); boot it from the bootstrap card first",
            },
            new InstallStrategy { Name = "kexec", Works = kexec is null, Because = kexec ?? "the kernel has kexec and nothing speaks against it" },
            new InstallStrategy
            {
                Name = "in-place",
                Works = facts.Os.IsNixos,
                Because = facts.Os.IsNixos ? "it runs NixOS, which switches to a new system by itself" : $"it runs {facts.Os.PrettyName}, not NixOS",
            },
        ];
    }
}
