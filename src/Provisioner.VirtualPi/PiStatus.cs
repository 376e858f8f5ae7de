namespace Provisioner.VirtualPi;

/// <summary>Whether there is such a machine, and whether it is on.</summary>
public enum PiPower
{
    /// <summary>There is none of this name.</summary>
    Absent,

    /// <summary>It is off; its card and disks are kept.</summary>
    Off,

    /// <summary>It is on.</summary>
    On,
}

/// <summary>A machine as it is now. No secret is in it.</summary>
public sealed record PiStatus
{
    public required string Name { get; init; }

    public required PiPower Power { get; init; }

    /// <summary>The folder with its card, disks, logs and sockets.</summary>
    public required string Folder { get; init; }

    /// <summary>QEMU's process id while it is on.</summary>
    public int? ProcessId { get; init; }

    /// <summary>Since it was switched on (a reboot from inside does not count).</summary>
    public TimeSpan? Uptime { get; init; }

    public PiAcceleration? Acceleration { get; init; }

    /// <summary>Port of 127.0.0.1 that leads to the system's sshd over the simulated WiFi. 0 when there is no machine.</summary>
    public int WifiPort { get; init; }

    /// <summary>Port of 127.0.0.1 that leads to the system's sshd past the WiFi: for tests and rescue.</summary>
    public int ServicePort { get; init; }

    /// <summary>What the firmware last found to boot, or that it found nothing; null before the first start.</summary>
    public PiBoot? Boot { get; init; }

    /// <summary>The house router's network.</summary>
    public string? Ssid { get; init; }

    /// <summary>Whether the access point is meant to be on.</summary>
    public bool RadioOn { get; init; }

    public string? HostName { get; init; }

    /// <summary>The host key; null until it is known, which is after the first start.</summary>
    public SshHostKey? HostKey { get; init; }

    /// <summary>The host key's fingerprint, <c>SHA256:…</c>.</summary>
    public string? HostKeyFingerprint => HostKey?.Fingerprint;

    public IReadOnlyList<PiDiskStatus> Disks { get; init; } = [];

    /// <summary>The user root, this key, and these known hosts let ssh in at both ports.</summary>
    public required string KeyFile { get; init; }

    public required string KnownHostsFile { get; init; }

    /// <summary>Everything the serial console has said.</summary>
    public required string SerialLog { get; init; }
}
