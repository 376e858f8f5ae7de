using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using Provisioner.Engine.State;

namespace Provisioner.Engine.Backend.Locks;

/// <summary>Who holds a lock. The first four keys are Pulumi's; the rest lets us tell a dead holder from a living one with the same number.</summary>
/// <param name="MachineId">Tells machines of the same name apart, or empty where the system does not say.</param>
/// <param name="BootId">Of the machine's run, or empty where the system does not say.</param>
/// <param name="StartTicks">When the process started in that run, or empty.</param>
/// <param name="PidNamespace">In which numbers mean something, or empty.</param>
internal sealed record LockHolder(int Pid, string UserName, string HostName, string Timestamp, string MachineId, string BootId, string StartTicks, string PidNamespace)
{
    public static LockHolder Self(HostEnvironment host, TimeProvider time) => new(
        Environment.ProcessId,
        host.UserName,
        host.HostName,
        ResourceWriter.Time(time.GetUtcNow()),
        ReadMachineId(),
        ReadBootId(),
        ReadStartTicks(Environment.ProcessId),
        ReadPidNamespace());

    /// <summary>Null for a file that is no lock, or a lock whose writing has not ended.</summary>
    public static LockHolder? Parse(string text)
    {
        try
        {
            return StateJson.Parse(text) is JObject json && StateJson.WholeOf(json["pid"]) is { } pid
                ? new(
                    pid,
                    StateJson.TextOf(json["username"]),
                    StateJson.TextOf(json["hostname"]),
                    StateJson.TextOf(json["timestamp"]),
                    StateJson.TextOf(json["machineId"]),
                    StateJson.TextOf(json["bootId"]),
                    StateJson.TextOf(json["startTicks"]),
                    StateJson.TextOf(json["pidNamespace"]))
                : null;
        }
        catch (JsonReaderException)
        {
            return null;
        }
    }

    public string ToJson() => new JObject
    {
        ["pid"] = Pid,
        ["username"] = UserName,
        ["hostname"] = HostName,
        ["timestamp"] = Timestamp,
        ["machineId"] = MachineId,
        ["bootId"] = BootId,
        ["startTicks"] = StartTicks,
        ["pidNamespace"] = PidNamespace,
    }.ToString(Formatting.None);

    /// <summary>True only when it is certain that the process that took the lock is gone: another machine's or container's is never certain.</summary>
    public bool IsCertainlyDead(HostEnvironment host)
    {
        if (HostName != host.HostName || (MachineId.Length > 0 && MachineId != ReadMachineId()))
        {
            return false;
        }

        if (BootId.Length > 0 && BootId != ReadBootId())
        {
            return true;
        }

        return (PidNamespace.Length == 0 || PidNamespace == ReadPidNamespace())
            && (!Exists(Pid) || (StartTicks.Length > 0 && StartTicks != ReadStartTicks(Pid)));
    }

    public override string ToString() => $"{UserName}@{HostName}, process {Pid.ToString(CultureInfo.InvariantCulture)}, since {Timestamp}";

    private static bool Exists(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    // The number itself is not for others to see; its digest is as good.
    private static string ReadMachineId() => ReadOrEmpty("/etc/machine-id") is { Length: > 0 } id
        ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"provisioner lock {id}")))[..16]
        : string.Empty;

    private static string ReadBootId() => ReadOrEmpty("/proc/sys/kernel/random/boot_id");

    private static string ReadPidNamespace() =>
        OperatingSystem.IsLinux() ? new FileInfo("/proc/self/ns/pid").LinkTarget ?? string.Empty : string.Empty;

    // Field 22 of the line; the name in field 2 may hold blanks and brackets.
    private static string ReadStartTicks(int pid)
    {
        var line = ReadOrEmpty($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/stat");
        var fields = line[(line.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 19 ? fields[19] : string.Empty;
    }

    private static string ReadOrEmpty(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }
}
