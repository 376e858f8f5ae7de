using Provisioner.Provider.Inspection;

namespace Provisioner.Provider.Resources.NixosSystem;

/// <summary>What a machine has to be for its system to be looked after without ever having been installed by us. Pure.</summary>
internal static class Takeover
{
    // What the installation images of NixOS call themselves, ours among them.
    private const string Installer = "installer";

    /// <summary>Why the machine cannot be taken over; null when it can. While it cannot, nothing else about it matters.</summary>
    public static PreflightFinding? Refusal(DeviceFacts facts) => facts switch
    {
        { Os.IsNixos: false } => PreflightFinding.Blocker(
            "nixos",
            $"{facts.Os.PrettyName} runs there, and only a NixOS that runs already can be looked after without a disk to install to; leave the system out to look after its WiFi alone, or install NixOS on it: write it a card, and name the SSD (in the program Card and Ssd without HostKey; in infra's configuration card, ssdSerial and ssdId without hostKey)"),
        { Os.VariantId: Installer } => PreflightFinding.Blocker(
            "bootstrap",
            $"{facts.Os.PrettyName} runs there from {facts.Boot.RootSource}, which is an installer's or a bootstrap card's system and not one to be looked after; name the SSD that NixOS is to be installed to (in the program Ssd without HostKey; in infra's configuration ssdSerial and ssdId without hostKey), or start the machine from its own disk"),
        { System.Current: null } => PreflightFinding.Blocker(
            "nixos", "there is no /run/current-system, so it is not known what the machine would go back to; start it from its NixOS"),
        _ => null,
    };
}
