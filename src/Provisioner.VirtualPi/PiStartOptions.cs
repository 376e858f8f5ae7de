namespace Provisioner.VirtualPi;

/// <summary>How a machine is started. What is left null stays as it was, or has its default at the first start.</summary>
public sealed record PiStartOptions
{
    /// <summary>Written onto the card before the boot. Without it, a new machine makes its own host key and is called raspberrypi.</summary>
    public PiIdentity? Identity { get; init; }

    /// <summary>
    /// The path of a raw card image that is put into the slot before the boot, as a copy: the file itself stays as it is. It
    /// brings its own identity, so that <see cref="Identity"/> must be null. A card that is in the slot goes.
    /// </summary>
    public string? Card { get; init; }

    /// <summary>What the house router is set to, and what the card's bootstrap profile knows. It takes effect only at a machine's first start.</summary>
    public HouseWifi? Wifi { get; init; }

    /// <summary>How long the system may take until its sshd answers.</summary>
    public TimeSpan BootDeadline { get; init; } = TimeSpan.FromMinutes(8);

    /// <summary>The process whose throw-away machine this is; null for a machine that stays.</summary>
    internal Machine.ProcessMark? Owner { get; init; }
}
