using System.CommandLine;
using Newtonsoft.Json.Linq;
using Provisioner.VirtualPi;

namespace Provisioner.Cli.Commands.Pi;

/// <summary><c>pi status</c>.</summary>
internal static class PiStatusCommand
{
    public static Command Create(Runner run, Option<string> name)
    {
        var json = JsonOption.Create();
        return run.Bind(new Command("status", "Show a virtual Pi: power, ports, host key, disks") { json }, (session, parsed, _) =>
        {
            var status = PiCommand.Machine(session, parsed, name).Status();
            if (parsed.GetValue(json))
            {
                session.Print(Json(status).ToString());
            }
            else
            {
                session.Out.Write(PiStatusLines.Of(status));
            }

            return Task.FromResult(ExitCodes.Success);
        });
    }

    /// <summary>Times in seconds, sizes in bytes; what is not known is null.</summary>
    private static JObject Json(PiStatus status) => new()
    {
        ["name"] = status.Name,
        ["power"] = status.Power.ToString().ToLowerInvariant(),
        ["processId"] = status.ProcessId,
        ["uptimeSeconds"] = status.Uptime is { } uptime ? Math.Round(uptime.TotalSeconds, 1) : null,
        ["acceleration"] = status.Acceleration?.ToString().ToLowerInvariant(),
        ["address"] = "127.0.0.1",
        ["wifiPort"] = status.WifiPort,
        ["servicePort"] = status.ServicePort,
        ["ssid"] = status.Ssid,
        ["radioOn"] = status.RadioOn,
        ["hostName"] = status.HostName,
        ["hostKey"] = status.HostKey?.ToString(),
        ["hostKeyFingerprint"] = status.HostKeyFingerprint,
        ["keyFile"] = status.KeyFile,
        ["knownHostsFile"] = status.KnownHostsFile,
        ["serialLog"] = status.SerialLog,
        ["folder"] = status.Folder,
        ["disks"] = new JArray(status.Disks.Select(disk => new JObject
        {
            ["serial"] = disk.Disk.Serial,
            ["vendor"] = disk.Disk.Vendor,
            ["product"] = disk.Disk.Product,
            ["bytes"] = disk.Disk.Bytes,
            ["byId"] = disk.Disk.ById,
            ["plugged"] = disk.Plugged,
            ["file"] = disk.File,
        })),
    };
}
