using System.Text;
using CliWrap;
using CliWrap.Buffered;
using Provisioner.VirtualPi.Files;
using Provisioner.VirtualPi.Machine;

namespace Provisioner.VirtualPi;

/// <summary>A Raspberry Pi in a virtual machine, named, with a card and disks of its own. It runs on when its owner's program ends.</summary>
/// <remarks>Changes of one machine wait for each other, also across processes.</remarks>
public sealed class PiMachine
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan BannerPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan PowerOffDeadline = TimeSpan.FromSeconds(90);

    private readonly PiHome _home;
    private readonly MachineFolder _folder;
    private readonly QemuProcess _qemu;
    private readonly UsbPort _usb;

    internal PiMachine(PiHome home, string name)
    {
        _home = home;
        Name = name;
        _folder = new MachineFolder(Path.Combine(home.Machines, name));
        _qemu = new QemuProcess(_folder, home.Time);
        _usb = new UsbPort(_folder, _qemu, home.Time);
        AccessPoint = new AccessPoint(this, _folder);
    }

    /// <summary>Lower case letters, digits and '-'.</summary>
    public string Name { get; }

    /// <summary>The house router.</summary>
    public AccessPoint AccessPoint { get; }

    /// <summary>Whether it is switched on now.</summary>
    public bool IsOn => _qemu.Id is not null;

    /// <summary>Whether there is such a machine.</summary>
    public bool Exists => _folder.Exists;

    /// <summary>Everything the serial console has said.</summary>
    public string SerialLog => _folder.SerialLog;

    internal MachineFolder Folder => _folder;

    private string LockFile => Path.Combine(_home.Machines, $".{Name}.lock");

    internal QemuProcess Qemu => _qemu;

    /// <summary>The machine as it is now; nothing is changed, and an absent machine is no error.</summary>
    public PiStatus Status()
    {
        var status = new PiStatus
        {
            Name = Name,
            Power = PiPower.Absent,
            Folder = _folder.Path,
            KeyFile = _home.LoginKeyFile,
            KnownHostsFile = _folder.KnownHosts,
            SerialLog = _folder.SerialLog,
        };
        if (!_folder.Exists)
        {
            return status;
        }

        var state = State();
        var id = _qemu.Id;
        return status with
        {
            Power = id is null ? PiPower.Off : PiPower.On,
            ProcessId = id,
            Uptime = id is null ? null : _home.Time.GetUtcNow() - state.SwitchedOnAt,
            Acceleration = state.Acceleration,
            WifiPort = state.WifiPort,
            ServicePort = state.ServicePort,
            Boot = PiBoot.Last(SaidSince(0)),
            Ssid = AccessPoint.Kept().Ssid,
            RadioOn = AccessPoint.IsMeantToBeOn,
            HostName = state.HostName,
            HostKey = state.HostKey is null ? null : SshHostKey.Parse(state.HostKey),
            Disks = [.. state.Disks.Select(disk => new PiDiskStatus(disk.ToDisk(), disk.Plugged, _folder.Disk(disk.Serial)))],
        };
    }

    /// <summary>Switches it on and waits until its sshd is up; makes it, and all it is made from, when it is new. One that is on is left as it is.</summary>
    /// <exception cref="PiException">It could not be built or started, or did not come up in time (then it is left on, to be looked at).</exception>
    public async Task<PiStatus> StartAsync(
        PiStartOptions? options = null, IProgress<PiStep>? progress = null, CancellationToken cancellationToken = default)
    {
        using var held = await LockAsync(cancellationToken);
        await new MachineStart(_home, this, new StepTeller(progress, _home.Time)).RunAsync(options ?? new PiStartOptions(), cancellationToken);
        return Status();
    }

    /// <summary>Presses the power button, waits for the system to switch itself off, and cuts the power when it does not within 90 s.</summary>
    /// <returns>True when the system switched itself off, or was off.</returns>
    public async Task<bool> StopAsync(CancellationToken cancellationToken = default)
    {
        using var held = await LockAsync(cancellationToken);
        if (!IsOn)
        {
            return true;
        }

        await _qemu.AskAsync("system_powerdown", null, cancellationToken);
        if (await _qemu.WaitForEndAsync(PowerOffDeadline, cancellationToken))
        {
            return true;
        }

        await _qemu.EndAsync(cancellationToken);
        return false;
    }

    /// <summary>Pulls the plug: the machine is off at once, and what was not on card or disk yet is lost.</summary>
    /// <returns>False when it was off already.</returns>
    public async Task<bool> PowerCutAsync(CancellationToken cancellationToken = default)
    {
        using var held = await LockAsync(cancellationToken);
        var wasOn = IsOn;
        await _qemu.EndAsync(cancellationToken);
        return wasOn;
    }

    /// <summary>Plugs a disk into the USB port; into a machine that is off, for its next start. A new disk is blank, one known by its serial has its content.</summary>
    /// <exception cref="PiException">There is no such machine, or the disk is plugged in already.</exception>
    public async Task PlugAsync(PiDisk? disk = null, CancellationToken cancellationToken = default)
    {
        using var held = await LockAsync(cancellationToken);
        var state = State();
        var asked = (disk ?? PiDisk.Default).Check();
        var known = state.Disks.FirstOrDefault(other => other.Serial == asked.Serial);
        if (known?.Plugged == true)
        {
            throw new PiException($"The disk {asked.Serial} is plugged into '{Name}' already.");
        }

        if (IsOn)
        {
            await _usb.PlugAsync(known?.ToDisk() ?? asked, cancellationToken);
        }

        Keep(state with { Disks = [.. state.Disks.Where(other => other.Serial != asked.Serial), (known ?? DiskState.Of(asked, true)) with { Plugged = true }] });
    }

    /// <summary>Pulls a disk out of the USB port, without asking the system. Its content stays with the machine.</summary>
    /// <exception cref="PiException">There is no such machine, or no such disk is plugged in.</exception>
    public async Task UnplugAsync(string? serial = null, CancellationToken cancellationToken = default)
    {
        using var held = await LockAsync(cancellationToken);
        var state = State();
        var asked = serial ?? PiDisk.Default.Serial;
        if (!state.Disks.Any(disk => disk.Serial == asked && disk.Plugged))
        {
            throw new PiException($"No disk {asked} is plugged into '{Name}'.");
        }

        if (IsOn)
        {
            await _usb.UnplugAsync(asked, cancellationToken);
        }

        Keep(state with { Disks = [.. state.Disks.Select(disk => disk.Serial == asked ? disk with { Plugged = false } : disk)] });
    }

    /// <summary>Switches it off at once and removes it with its card and disks.</summary>
    public async Task DeleteAsync(CancellationToken cancellationToken = default)
    {
        if (!Directory.Exists(_folder.Path))
        {
            return;
        }

        using var held = await LockAsync(cancellationToken);
        var throwAway = IsThrowAway();
        await _qemu.EndAsync(cancellationToken);
        Directory.Delete(_folder.Path, recursive: true);
        if (throwAway)
        {
            // Its name is never used again; a machine that stays keeps its lock, which others may be waiting for.
            File.Delete(LockFile);
        }
    }

    /// <summary>Connects to the serial console, which serves one at a time.</summary>
    /// <exception cref="PiException">The machine is off.</exception>
    public Task<PiConsole> OpenConsoleAsync(CancellationToken cancellationToken = default) => PiConsole.ConnectAsync(_folder, cancellationToken);

    /// <summary>How to log in over the WiFi, or past it.</summary>
    /// <exception cref="PiException">There is no such machine.</exception>
    public SshLogin Ssh(PiPath path)
    {
        var state = State();
        return new SshLogin("127.0.0.1", path == PiPath.Wifi ? state.WifiPort : state.ServicePort, _home.LoginKeyFile, _folder.KnownHosts);
    }

    /// <summary>Runs a shell command as root over the service port, past the WiFi.</summary>
    /// <param name="command">A line for the remote shell. A secret belongs into <paramref name="input"/>.</param>
    /// <param name="input">The command's standard input; null for none.</param>
    /// <param name="cancellationToken">Ends the ssh client; the command may go on.</param>
    public Task<PiCommandResult> RunAsync(string command, string? input = null, CancellationToken cancellationToken = default) =>
        RunAsync(command, input is null ? [] : Encoding.UTF8.GetBytes(input), cancellationToken);

    /// <summary>Waits until the system's sshd answers over the simulated WiFi.</summary>
    /// <exception cref="PiException">It did not in time.</exception>
    public Task WaitForWifiAsync(TimeSpan deadline, CancellationToken cancellationToken = default) =>
        WaitForSshAsync(PiPath.Wifi, deadline, cancellationToken);

    internal async Task<PiCommandResult> RunAsync(string command, byte[] input, CancellationToken cancellationToken)
    {
        var result = await Cli.Wrap("ssh")
            .WithArguments(["-o", "BatchMode=yes", "-o", "ConnectTimeout=20", .. Ssh(PiPath.Service).Arguments, command])
            .WithStandardInputPipe(PipeSource.FromBytes(input))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(cancellationToken);
        return new PiCommandResult(result.ExitCode, result.StandardOutput, result.StandardError);
    }

    internal async Task WaitForSshAsync(PiPath path, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var port = Ssh(path).Port;
        var started = _home.Time.GetTimestamp();
        while (await LoopbackPorts.BannerAsync(port, BannerPatience, _home.Time, cancellationToken) is not { } banner
            || !banner.StartsWith("SSH-", StringComparison.Ordinal))
        {
            if (!IsOn)
            {
                throw _qemu.Failed($"'{Name}' went off while its sshd was waited for");
            }

            if (_home.Time.GetElapsedTime(started) > deadline)
            {
                var way = path == PiPath.Wifi ? "over the WiFi" : "at the service port";
                throw _qemu.Failed($"No sshd of '{Name}' answered {way} (127.0.0.1:{port}) within {deadline.TotalSeconds:0} s");
            }

            await Task.Delay(Pause, _home.Time, cancellationToken);
        }
    }

    /// <summary>What the serial console said after this position.</summary>
    internal string SaidSince(long position)
    {
        if (!File.Exists(_folder.SerialLog))
        {
            return string.Empty;
        }

        using var log = new FileStream(_folder.SerialLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        log.Seek(position, SeekOrigin.Begin);
        using var reader = new StreamReader(log);
        return reader.ReadToEnd();
    }

    internal Task<FileLock> LockAsync(CancellationToken cancellationToken) =>
        // Beside the folder, not in it: deleting a machine must not delete the lock that others wait for.
        FileLock.TakeAsync(LockFile, _home.Time, cancellationToken);

    internal Task PlugKnownAsync(PiDisk disk, CancellationToken cancellationToken) => _usb.PlugAsync(disk, cancellationToken);

    private bool IsThrowAway()
    {
        try
        {
            return _folder.Exists && State().Owner is not null;
        }
        catch (PiException)
        {
            // A damaged record is no reason not to delete it.
            return false;
        }
    }

    internal MachineState State() => _folder.Exists
        ? MachineState.Read(_folder.State)
        : throw new PiException($"There is no virtual Pi '{Name}'. Start it first.");

    internal void Keep(MachineState state)
    {
        if (state.HostKey is { } line)
        {
            var key = SshHostKey.Parse(line);
            PrivateFiles.Write(
                _folder.KnownHosts,
                $"{key.KnownHostsLine("127.0.0.1", state.WifiPort)}\n{key.KnownHostsLine("127.0.0.1", state.ServicePort)}\n");
        }

        state.Write(_folder.State);
    }
}

/// <summary>Ways to a virtual Pi's sshd.</summary>
public enum PiPath
{
    /// <summary>Over the simulated WiFi, as to a real Pi.</summary>
    Wifi,

    /// <summary>Past the WiFi: for tests and rescue.</summary>
    Service,
}
