using System.Globalization;
using System.Text.Json.Nodes;
using CliWrap;
using Provisioner.VirtualPi.Files;
using Provisioner.VirtualPi.Qmp;

namespace Provisioner.VirtualPi.Machine;

/// <summary>The QEMU of a machine: started, found again by its pid file, asked and ended through its control socket.</summary>
internal sealed class QemuProcess(MachineFolder folder, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan EndDeadline = TimeSpan.FromSeconds(10);

    /// <summary>The process id while the machine is on. A pid file that an ended QEMU left, or whose number another process has now, counts for nothing.</summary>
    public int? Id
    {
        get
        {
            if (!int.TryParse(PidFile(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) || ProcessMark.Of(id) is null)
            {
                return null;
            }

            return ProcessMark.CommandLine(id).Contains(folder.PidFile, StringComparer.Ordinal) ? id : null;
        }
    }

    /// <summary>Starts it, paused. It is detached by then and answers at its control socket.</summary>
    /// <exception cref="PiException">QEMU did not start.</exception>
    public async Task StartAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        File.Delete(folder.PidFile);
        // The shell is only there to give QEMU files as its outputs: pipes of ours would end with us.
        var result = await Cli.Wrap("/bin/sh")
            .WithArguments(["-c", """exec "$@" >"$0" 2>&1 </dev/null""", folder.QemuLog, QemuCommandLine.Program, .. arguments])
            .WithWorkingDirectory(folder.Path)
            .WithValidation(CommandResultValidation.None)
            .ExecuteAsync(cancellationToken);
        if (result.ExitCode != 0 || Id is null)
        {
            throw Failed($"QEMU did not start (exit code {result.ExitCode})");
        }
    }

    public async Task<JsonNode> AskAsync(string command, JsonObject? arguments, CancellationToken cancellationToken)
    {
        using var qmp = await QmpClient.ConnectAsync(folder.QmpSocket, time, cancellationToken);
        return await qmp.ExecuteAsync(command, arguments, cancellationToken);
    }

    /// <summary>Ends it at once. Nothing that the guest still held in memory is written.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        if (Id is not { } id)
        {
            return;
        }

        try
        {
            await AskAsync("quit", null, cancellationToken);
        }
        catch (QmpException)
        {
            // It hung up before it answered, or hangs; either way the process is looked at next.
        }

        if (!await WaitForEndAsync(EndDeadline, cancellationToken))
        {
            ProcessMark.Kill(id);
            await WaitForEndAsync(EndDeadline, cancellationToken);
        }
    }

    /// <summary>True as soon as the process is gone, false at the deadline.</summary>
    public async Task<bool> WaitForEndAsync(TimeSpan deadline, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (Id is not null)
        {
            if (time.GetElapsedTime(started) > deadline)
            {
                return false;
            }

            await Task.Delay(Pause, time, cancellationToken);
        }

        return true;
    }

    /// <summary>What the pid file says. QEMU removes it as it ends, and others may remove the machine, so it may go at any moment.</summary>
    private string? PidFile()
    {
        try
        {
            return File.ReadAllText(folder.PidFile).Trim();
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>An error with the last words of QEMU and of the serial line.</summary>
    public PiException Failed(string what) => new(
        $"{what}.\nQEMU's log is {folder.QemuLog}; the last lines:\n{PrivateFiles.Tail(folder.QemuLog)}\n" +
        $"The serial line's log is {folder.SerialLog}; the last lines:\n{PrivateFiles.Tail(folder.SerialLog)}");
}
