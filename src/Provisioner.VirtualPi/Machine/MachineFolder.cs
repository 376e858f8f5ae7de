using System.Text;
using Provisioner.VirtualPi.Files;

namespace Provisioner.VirtualPi.Machine;

/// <summary>The files of one machine, all in a folder that only their owner reads.</summary>
internal sealed record MachineFolder(string Path)
{
    // sun_path of a Unix socket's address has 108 bytes, the last of them 0.
    private const int LongestSocketPath = 107;

    public string State => File("machine.json");

    public string Lock => File("lock");

    public string Card => File("card.qcow2");

    public string PidFile => File("pid");

    public string QmpSocket => File("qmp.sock");

    public string ConsoleSocket => File("console.sock");

    public string SerialLog => File("serial.log");

    public string QemuLog => File("qemu.log");

    public string KnownHosts => File("known_hosts");

    public string SsidFile => File("ssid");

    public string PasswordFile => File("password");

    public string RadioFile => File("radio");

    public string Disk(string serial) => File($"disk-{serial}.raw");

    public bool Exists => System.IO.File.Exists(State);

    /// <exception cref="PiException">The sockets' paths would be too long.</exception>
    public void Make()
    {
        if (Encoding.UTF8.GetByteCount(ConsoleSocket) > LongestSocketPath)
        {
            throw new PiException($"The path {ConsoleSocket} is longer than a socket's may be ({LongestSocketPath} bytes). Set PROVISIONER_CACHE to a shorter one.");
        }

        PrivateFiles.MakeFolder(Path);
    }

    private string File(string name) => System.IO.Path.Combine(Path, name);
}
