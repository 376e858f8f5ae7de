namespace Provisioner.VirtualPi;

/// <summary>What runs the virtual Pi's instructions.</summary>
public enum PiAcceleration
{
    /// <summary>QEMU's translator: works everywhere, about ten times slower.</summary>
    Tcg,

    /// <summary>The processor itself, by the host kernel.</summary>
    Kvm,
}
