using System.Diagnostics;
using System.Globalization;

namespace Provisioner.VirtualPi.Machine;

/// <summary>A process that cannot be mistaken for a later one with the same number.</summary>
/// <param name="Id">Its process id.</param>
/// <param name="Started">When it started, in the kernel's ticks since boot (field 22 of /proc/PID/stat).</param>
internal sealed record ProcessMark(int Id, long Started)
{
    public bool IsAlive => Of(Id) == this;

    public static ProcessMark Current => Of(Environment.ProcessId) ?? throw new InvalidOperationException("/proc does not show this process.");

    public static ProcessMark? Of(int id)
    {
        try
        {
            // The name in the second field is free text in brackets; fields are counted after its last one.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] == "Z" ? null : new ProcessMark(id, long.Parse(fields[19], CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The words the process was started with; empty when it is gone.</summary>
    public static string[] CommandLine(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").Split('\0');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // Already gone, which is what was wanted.
        }
    }
}
